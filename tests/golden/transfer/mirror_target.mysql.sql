-- The sessions at hand leave the copy before they come in anew; nothing else does.
DELETE FROM lc_doomed;

INSERT INTO lc_doomed (
  id
)
SELECT
  c.id
FROM lc_copy AS c;
