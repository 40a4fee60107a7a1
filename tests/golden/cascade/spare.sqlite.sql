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

DELETE FROM lc_doomed
WHERE
  id IN (
    SELECT
      p.id
    FROM lc_planned AS p
    WHERE
      p.root_id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl'
  );
