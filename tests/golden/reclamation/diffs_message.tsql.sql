-- Messages of the batch, unless they changed since.
UPDATE message SET data = CASE
  WHEN JSON_QUERY(message.data, '$.summary.diffs') IS NULL
  THEN message.data
  ELSE JSON_MODIFY(message.data, '$.summary.diffs', JSON_QUERY('[]', '$'))
END
FROM #lc_chosen AS c
WHERE
  c.id = message.id
  AND CASE
    WHEN ISJSON(message.data) = 1
    THEN CASE
      WHEN CASE
        WHEN JSON_VALUE(message.data, '$.summary.diffs[0]') IS NULL
        AND JSON_QUERY(message.data, '$.summary.diffs[0]') IS NULL
        THEN 0
        ELSE 1
      END = 1
      AND COALESCE(
        CAST(DATALENGTH(COALESCE(JSON_QUERY(message.data, '$.summary.diffs'), JSON_VALUE(message.data, '$.summary.diffs'))) AS BIGINT),
        0
      ) > COALESCE(
        CAST(DATALENGTH(COALESCE(JSON_QUERY(message.data, '$.summary.diffs[0]'), JSON_VALUE(message.data, '$.summary.diffs[0]'))) AS BIGINT),
        0
      )
      AND ISJSON(message.data) = 1
      THEN 1
      ELSE 0
    END
    ELSE 0
  END = 1;
