-- A unit of which a row is not what was exported stays, and is told of in the report.
DELETE FROM lc_spared
WHERE
  root_id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl';

INSERT INTO lc_spared (
  root_id,
  reason
)
VALUES
  ('ses_e08bc50f1ffeEjVqoN0steH3Gl', 'changed');

DELETE   lc_doomed FROM lc_doomed
  JOIN (
    SELECT DISTINCT
      p.id AS doomed_key
    FROM lc_planned AS p
    WHERE
      p.root_id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl'
  ) AS doomed_keys
    ON doomed_keys.doomed_key = lc_doomed.id;
