SELECT
  a.number,
  a.id,
  (
    SELECT
      found.mime,
      LEFT(found.url, 200) AS head,
      LEN(found.url) AS size
    FROM (
      SELECT
        NULL AS mime,
        item.url
      FROM OPENJSON(x.data, '$.files') WITH (
          url NVARCHAR(MAX) '$.uri'
      ) AS item
      UNION ALL
      SELECT
        item.mime,
        item.url
      FROM OPENJSON(x.data, '$.files') WITH (
          mime NVARCHAR(MAX) '$.mime',
          url NVARCHAR(MAX) '$.data'
      ) AS item
      UNION ALL
      SELECT
        NULL AS mime,
        item.url
      FROM OPENJSON(x.data, '$.content') WITH (
          inner_json NVARCHAR(MAX) '$.state.content' AS JSON
      ) AS entry CROSS APPLY OPENJSON(entry.inner_json) WITH (
          url NVARCHAR(MAX) '$.uri'
      ) AS item
      UNION ALL
      SELECT
        NULL AS mime,
        item.url
      FROM OPENJSON(x.data, '$.content') WITH (
          inner_json NVARCHAR(MAX) '$.state.attachments' AS JSON
      ) AS entry CROSS APPLY OPENJSON(entry.inner_json) WITH (
          url NVARCHAR(MAX) '$.uri'
      ) AS item
    ) AS found
    WHERE
      NOT found.url IS NULL AND (
        NOT found.mime IS NULL OR found.url LIKE 'data:%;base64,%'
      )
    FOR JSON
      PATH,
      INCLUDE_NULL_VALUES
  ) AS found
FROM #lc_attached AS a
JOIN event AS x
  ON x.id = a.id
WHERE
  a.name = 'event' AND a.number BETWEEN 1 AND 4000 AND CAST(DATALENGTH(x.data) AS BIGINT) = a.octets
ORDER BY
  a.number;
