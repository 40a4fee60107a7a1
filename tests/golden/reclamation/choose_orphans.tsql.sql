-- The rows of a batch that are still what the forecast saw, and the export holds, once nothing hangs on them any more:
-- what stays of a log or a message would go with it.
DELETE FROM #lc_ownerless;

INSERT INTO #lc_ownerless (
  id
)
SELECT
  s.id
FROM #lc_stray AS s
CROSS JOIN event AS x
WHERE
  s.name = 'event'
  AND s.number BETWEEN 1 AND 4000
  AND x.id = s.id
  AND COALESCE(CAST(DATALENGTH(x.data) AS BIGINT), 0) = s.bytes;
