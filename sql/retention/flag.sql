-- The client's own flag, and nothing else: time_updated stays, so no verdict changes.
UPDATE << table >>
SET time_archived = (SELECT f.becomes FROM lc_flag AS f WHERE f.id = << table >>.id)
WHERE id IN (SELECT g.id FROM lc_flagged AS g);
