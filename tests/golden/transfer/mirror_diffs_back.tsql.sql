-- They keep what they had.
DELETE FROM #lc_reverting;

INSERT INTO #lc_reverting (
  id
)
SELECT
  w.id
FROM #lc_was AS w
JOIN event AS t
  ON t.id = w.id
WHERE
  w.name = 'event'
  AND CASE WHEN t.time_updated >= 1000000000000 THEN t.time_updated END = w.newest
  AND CAST(DATALENGTH(t.[revert]) AS BIGINT) < CAST(DATALENGTH(w.[revert]) AS BIGINT);

UPDATE event SET [revert] = (
  SELECT
    w.[revert]
  FROM #lc_was AS w
  WHERE
    w.id = event.id AND w.name = 'event'
)
WHERE
  id IN (
    SELECT
      r.id
    FROM #lc_reverting AS r
  );

DELETE FROM #lc_reverting;

INSERT INTO #lc_reverting (
  id
)
SELECT
  w.id
FROM #lc_was AS w
WHERE
  w.name = 'event' AND NOT w.summary_diffs IS NULL;

UPDATE event SET summary_diffs = (
  SELECT
    w.summary_diffs
  FROM #lc_was AS w
  WHERE
    w.id = event.id AND w.name = 'event'
)
WHERE
  summary_diffs IS NULL AND id IN (
    SELECT
      r.id
    FROM #lc_reverting AS r
  );
