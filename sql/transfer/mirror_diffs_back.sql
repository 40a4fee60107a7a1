-- They keep what they had.
DELETE FROM lc_reverting;

INSERT INTO lc_reverting (id)
SELECT w.id
FROM lc_was AS w
JOIN << table >> AS t ON t.id = w.id
WHERE w.name = '<< table >>' AND clean_time(t.time_updated) = w.newest AND octet_length(t.revert) < octet_length(w.revert);

UPDATE << table >>
SET revert = (SELECT w.revert FROM lc_was AS w WHERE w.id = << table >>.id AND w.name = '<< table >>')
WHERE id IN (SELECT r.id FROM lc_reverting AS r);

DELETE FROM lc_reverting;

INSERT INTO lc_reverting (id)
SELECT w.id
FROM lc_was AS w
WHERE w.name = '<< table >>' AND w.summary_diffs IS NOT NULL;

UPDATE << table >>
SET summary_diffs = (SELECT w.summary_diffs FROM lc_was AS w WHERE w.id = << table >>.id AND w.name = '<< table >>')
WHERE summary_diffs IS NULL AND id IN (SELECT r.id FROM lc_reverting AS r);
