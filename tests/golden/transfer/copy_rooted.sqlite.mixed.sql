-- Sessions at hand that stand here, whatever rows the source still has under their ids.
SELECT
  c.id
FROM lc_copy AS c
LEFT JOIN session AS session_row
  ON session_row.id = c.id
LEFT JOIN session_v2 AS session_v2_row
  ON session_v2_row.id = c.id
WHERE
  NOT (
    session_row.id IS NULL AND session_v2_row.id IS NULL
  )
ORDER BY
  c.id;
