-- Sessions at hand that stand here as no origin has them any more: they vanished there, or were put back to an earlier
-- state.
SELECT
  c.id
FROM lc_copy AS c
JOIN lifecycle_copy AS o
  ON o.session_id = c.id
LEFT JOIN session AS session_row
  ON session_row.id = c.id
WHERE
  NOT (
    session_row.id IS NULL
  )
GROUP BY
  c.id
HAVING
  MAX(CASE WHEN o.kept = 1 AND o.vanished IS NULL THEN 1 ELSE 0 END) = 0
ORDER BY
  c.id;
