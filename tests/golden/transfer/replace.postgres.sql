-- The session whose rows make way for those of an export.
DELETE FROM lc_doomed;

INSERT INTO lc_doomed (
  id
)
SELECT
  c.id
FROM lc_current AS c;
