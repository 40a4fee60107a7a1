-- The original values go back. (Not UPDATE .. FROM: SQLite would hold each of them twice more.)
UPDATE << table >>
SET << field >> = (SELECT o.value FROM lc_original AS o WHERE o.id = << table >>.id)
WHERE id IN (SELECT c.id FROM lc_chosen AS c);
