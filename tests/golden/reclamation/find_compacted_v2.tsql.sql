INSERT INTO #lc_filled (
  id,
  session_id
)
SELECT
  m.id,
  m.session_id
FROM session_message AS m
WHERE
  m.data LIKE '%Old tool result content cleared%'
  AND NOT m.id IS NULL
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_stray AS s
    WHERE
      s.id = m.id AND s.name = 'session_message'
  )
  AND CAST(DATALENGTH(m.data) AS BIGINT) < 25165824
  AND CASE
    WHEN CASE
      WHEN m.type = 'assistant'
      THEN CASE
        WHEN ISJSON(m.data) = 1
        THEN CASE
          WHEN ISJSON(m.data) = 1
          AND CASE
            WHEN JSON_VALUE(m.data, '$.time.completed') IS NULL AND JSON_QUERY(m.data, '$.time.completed') IS NULL
            THEN 0
            ELSE 1
          END = 1
          THEN (
            SELECT
              CASE
                WHEN SUM(CASE WHEN entry.type = 5 THEN 0 ELSE 1 END) = 0
                THEN SUM(
                  CASE
                    WHEN JSON_VALUE(item.value, '$.type') = 'tool'
                    AND JSON_VALUE(item.value, '$.state.status') = 'completed'
                    AND COALESCE(JSON_VALUE(item.value, '$.executed'), '') <> 'true'
                    AND pieces.tally = 1
                    AND COALESCE(JSON_VALUE(item.value, '$.state.content[0].text'), '') = '[Old tool result content cleared]'
                    AND others.tally > 0
                    THEN 1
                  END
                )
              END
            FROM OPENJSON(m.data, '$.content') AS entry CROSS APPLY (
              SELECT
                CASE WHEN entry.type = 5 THEN entry.value ELSE N'{}' END AS value
            ) AS item CROSS APPLY (
              SELECT
                COUNT(*) AS tally
              FROM OPENJSON(item.value, '$.state.content')
            ) AS pieces CROSS APPLY (
              SELECT
                COUNT(*) AS tally
              FROM OPENJSON(item.value, '$.state.metadata') AS word
              WHERE
                NOT word.[key] IN ('sessionID', 'sessionId', 'parentSessionId')
            ) AS others
          )
        END
      END
    END > 0
    THEN 1
    ELSE 0
  END = 1;

INSERT INTO #lc_too_large (
  name,
  id
)
SELECT
  'session_message',
  m.id
FROM session_message AS m
WHERE
  CAST(DATALENGTH(m.data) AS BIGINT) >= 25165824 AND m.data LIKE '%Old tool result content cleared%';

INSERT INTO #lc_target (
  kind,
  name,
  field,
  number,
  id,
  session_id,
  bytes,
  octets,
  stamp
)
SELECT
  'compacted',
  'session_message',
  'data',
  h.number,
  h.id,
  h.session_id,
  COALESCE(
    CAST(DATALENGTH(
      JSON_MODIFY(
        x.data,
        '$.content',
        JSON_QUERY(
          (
            SELECT
              N'[' + STRING_AGG(
                CAST(CASE
                  WHEN JSON_VALUE(item.value, '$.type') = 'tool'
                  AND JSON_VALUE(item.value, '$.state.status') = 'completed'
                  AND COALESCE(JSON_VALUE(item.value, '$.executed'), '') <> 'true'
                  AND pieces.tally = 1
                  AND COALESCE(JSON_VALUE(item.value, '$.state.content[0].text'), '') = '[Old tool result content cleared]'
                  AND others.tally > 0
                  THEN whole.value
                  ELSE entry.value
                END AS NVARCHAR(MAX)),
                N','
              ) WITHIN GROUP (ORDER BY
                CAST(entry.[key] AS INTEGER)) + N']'
            FROM OPENJSON(x.data, '$.content') AS entry CROSS APPLY (
              SELECT
                CASE WHEN entry.type = 5 THEN entry.value ELSE N'{}' END AS value
            ) AS item CROSS APPLY (
              SELECT
                COUNT(*) AS tally
              FROM OPENJSON(item.value, '$.state.content')
            ) AS pieces CROSS APPLY (
              SELECT
                COUNT(*) AS tally
              FROM OPENJSON(item.value, '$.state.metadata') AS word
              WHERE
                NOT word.[key] IN ('sessionID', 'sessionId', 'parentSessionId')
            ) AS others CROSS APPLY (
              SELECT
                CASE
                  WHEN JSON_QUERY(item.value, '$.state.metadata') IS NULL
                  THEN item.value
                  ELSE JSON_MODIFY(
                    item.value,
                    '$.state.metadata',
                    JSON_QUERY(
                      JSON_MODIFY(
                        JSON_MODIFY(
                          JSON_MODIFY('{}', '$.sessionID', JSON_VALUE(item.value, '$.state.metadata.sessionID')),
                          '$.sessionId',
                          JSON_VALUE(item.value, '$.state.metadata.sessionId')
                        ),
                        '$.parentSessionId',
                        JSON_VALUE(item.value, '$.state.metadata.parentSessionId')
                      ),
                      '$'
                    )
                  )
                END AS value
            ) AS whole
          ),
          '$'
        )
      )
    ) AS BIGINT),
    -1
  ),
  CAST(DATALENGTH(x.data) AS BIGINT),
  COALESCE(CASE WHEN x.time_updated >= 1000000000000 THEN x.time_updated END, 0)
FROM (
  SELECT
    f.id AS id,
    f.session_id AS session_id,
    ROW_NUMBER() OVER (ORDER BY f.id) AS number
  FROM #lc_filled AS f
) AS h
JOIN session_message AS x
  ON x.id = h.id
LEFT JOIN #lc_lightened AS l
  ON l.id = x.id
LEFT JOIN #lc_cleared AS c
  ON c.id = x.id;

DELETE FROM #lc_target
WHERE
  kind = 'compacted' AND name = 'session_message' AND (
    bytes = octets OR bytes < 0
  );

UPDATE #lc_target SET bytes = octets - bytes
WHERE
  kind = 'compacted' AND name = 'session_message';

INSERT INTO #lc_broken (
  name,
  id
)
SELECT
  'session_message',
  m.id
FROM session_message AS m
WHERE
  m.data LIKE '%Old tool result content cleared%'
  AND CAST(DATALENGTH(m.data) AS BIGINT) < 25165824
  AND ISJSON(m.data) = 0;

INSERT INTO #lc_lightened (
  id,
  octets
)
SELECT
  t.id,
  t.octets - t.bytes
FROM #lc_target AS t
WHERE
  t.kind = 'compacted' AND t.name = 'session_message';
