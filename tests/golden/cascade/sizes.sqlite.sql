-- How large each batch of the list is, without its event logs: trees, sessions, rows, octets.
SELECT
  t.batch,
  COUNT(*) AS trees,
  SUM(t.sessions) AS sessions,
  SUM(t.tally) AS tally,
  SUM(t.bytes) AS bytes
FROM (
  SELECT
    p.batch,
    p.root_id,
    COUNT(*) AS sessions,
    SUM(p.tally) AS tally,
    SUM(p.bytes) AS bytes
  FROM lc_planned AS p
  GROUP BY
    p.batch,
    p.root_id
) AS t
GROUP BY
  t.batch;
