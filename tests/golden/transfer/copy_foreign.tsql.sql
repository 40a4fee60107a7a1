-- Trees at hand that stand here as other origins have them,
DELETE FROM #lc_foreign;

INSERT INTO #lc_foreign (
  root_id,
  newest,
  tally,
  bytes
)
SELECT
  o.root_id,
  MAX(o.newest),
  SUM(o.tally),
  SUM(o.bytes)
FROM lifecycle_copy AS o
LEFT JOIN session AS session_row
  ON session_row.id = o.session_id
WHERE
  o.origin <> 'desk:1f0a'
  AND o.kept = 1
  AND o.root_id IN (
    SELECT
      c.root_id
    FROM #lc_copy AS c
  )
  AND NOT (
    session_row.id IS NULL
  )
GROUP BY
  o.root_id,
  o.origin;

-- and not as this one brought them.
DELETE FROM #lc_foreign
WHERE
  root_id IN (
    SELECT
      o.root_id
    FROM lifecycle_copy AS o
    LEFT JOIN session AS session_row
      ON session_row.id = o.session_id
    WHERE
      o.origin = 'desk:1f0a' AND o.kept = 1 AND NOT (
        session_row.id IS NULL
      )
  );
