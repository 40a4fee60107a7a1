INSERT INTO lc_filled (
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
    FROM lc_stray AS s
    WHERE
      s.id = m.id AND s.name = 'session_message'
  )
  AND CASE
    WHEN CASE
      WHEN m.type = 'assistant'
      THEN CASE
        WHEN JSON_VALID(
          CASE
            WHEN JSON_VALID(m.data) = 1
            THEN m.data
            ELSE REGEXP_REPLACE(m.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
          END
        ) = 1
        THEN CASE
          WHEN JSON_VALID(m.data) = 1
          AND CASE
            WHEN COALESCE(
              JSON_TYPE(
                JSON_EXTRACT(
                  CASE
                    WHEN JSON_VALID(m.data) = 1
                    THEN m.data
                    ELSE REGEXP_REPLACE(m.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
                  END,
                  '$.time.completed'
                )
              ),
              'NULL'
            ) = 'NULL'
            THEN 0
            ELSE 1
          END = 1
          THEN CASE
            WHEN JSON_TYPE(JSON_EXTRACT(m.data, '$.content')) = 'ARRAY'
            THEN (
              SELECT
                CASE
                  WHEN SUM(CASE WHEN JSON_TYPE(entry.value) = 'OBJECT' THEN 0 ELSE 1 END) = 0
                  THEN SUM(
                    CASE
                      WHEN JSON_VALUE(entry.value, '$.type') = 'tool' COLLATE utf8mb4_bin
                      AND JSON_VALUE(entry.value, '$.state.status') = 'completed' COLLATE utf8mb4_bin
                      AND COALESCE(JSON_UNQUOTE(JSON_EXTRACT(entry.value, '$.executed')), '' COLLATE utf8mb4_bin) <> 'true'
                      AND JSON_LENGTH(entry.value, '$.state.content') = 1
                      AND COALESCE(JSON_VALUE(entry.value, '$.state.content[0].text'), '' COLLATE utf8mb4_bin) = '[Old tool result content cleared]'
                      AND COALESCE(JSON_TYPE(JSON_EXTRACT(entry.value, '$.state.metadata')), '') = 'OBJECT'
                      AND JSON_LENGTH(JSON_REMOVE(JSON_EXTRACT(entry.value, '$.state.metadata'), '$.sessionID', '$.sessionId', '$.parentSessionId')) > 0
                      THEN 1
                    END
                  )
                END
              FROM JSON_TABLE(m.data, '$.content[*]' COLUMNS(value JSON PATH '$')) AS entry
            )
          END
        END
      END
    END > 0
    THEN 1
    ELSE 0
  END = 1;

INSERT INTO lc_target (
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
    OCTET_LENGTH(
      JSON_REPLACE(
        x.data,
        '$.content',
        JSON_EXTRACT(
          (
            SELECT
              CASE
                WHEN SUM(
                  OCTET_LENGTH(
                    JSON_EXTRACT(
                      CASE
                        WHEN JSON_VALUE(entry.value, '$.type') = 'tool' COLLATE utf8mb4_bin
                        AND JSON_VALUE(entry.value, '$.state.status') = 'completed' COLLATE utf8mb4_bin
                        AND COALESCE(JSON_UNQUOTE(JSON_EXTRACT(entry.value, '$.executed')), '' COLLATE utf8mb4_bin) <> 'true'
                        AND JSON_LENGTH(entry.value, '$.state.content') = 1
                        AND COALESCE(JSON_VALUE(entry.value, '$.state.content[0].text'), '' COLLATE utf8mb4_bin) = '[Old tool result content cleared]'
                        AND COALESCE(JSON_TYPE(JSON_EXTRACT(entry.value, '$.state.metadata')), '') = 'OBJECT'
                        AND JSON_LENGTH(JSON_REMOVE(JSON_EXTRACT(entry.value, '$.state.metadata'), '$.sessionID', '$.sessionId', '$.parentSessionId')) > 0
                        THEN JSON_REPLACE(
                          entry.value,
                          '$.state.metadata',
                          JSON_MERGE_PATCH(
                            '{}',
                            JSON_OBJECT(
                              'sessionID', JSON_EXTRACT(entry.value, '$.state.metadata.sessionID'),
                              'sessionId', JSON_EXTRACT(entry.value, '$.state.metadata.sessionId'),
                              'parentSessionId', JSON_EXTRACT(entry.value, '$.state.metadata.parentSessionId')
                            )
                          )
                        )
                        ELSE entry.value
                      END,
                      '$'
                    )
                  )
                ) + 2 * COUNT(*) < LEAST(@@group_concat_max_len, @@max_allowed_packet)
                THEN JSON_ARRAYAGG(
                  JSON_EXTRACT(
                    CASE
                      WHEN JSON_VALUE(entry.value, '$.type') = 'tool' COLLATE utf8mb4_bin
                      AND JSON_VALUE(entry.value, '$.state.status') = 'completed' COLLATE utf8mb4_bin
                      AND COALESCE(JSON_UNQUOTE(JSON_EXTRACT(entry.value, '$.executed')), '' COLLATE utf8mb4_bin) <> 'true'
                      AND JSON_LENGTH(entry.value, '$.state.content') = 1
                      AND COALESCE(JSON_VALUE(entry.value, '$.state.content[0].text'), '' COLLATE utf8mb4_bin) = '[Old tool result content cleared]'
                      AND COALESCE(JSON_TYPE(JSON_EXTRACT(entry.value, '$.state.metadata')), '') = 'OBJECT'
                      AND JSON_LENGTH(JSON_REMOVE(JSON_EXTRACT(entry.value, '$.state.metadata'), '$.sessionID', '$.sessionId', '$.parentSessionId')) > 0
                      THEN JSON_REPLACE(
                        entry.value,
                        '$.state.metadata',
                        JSON_MERGE_PATCH(
                          '{}',
                          JSON_OBJECT(
                            'sessionID', JSON_EXTRACT(entry.value, '$.state.metadata.sessionID'),
                            'sessionId', JSON_EXTRACT(entry.value, '$.state.metadata.sessionId'),
                            'parentSessionId', JSON_EXTRACT(entry.value, '$.state.metadata.parentSessionId')
                          )
                        )
                      )
                      ELSE entry.value
                    END,
                    '$'
                  )
                )
                ELSE JSON_EXTRACT(x.data, '$.content') COLLATE utf8mb4_bin
              END
            FROM JSON_TABLE(x.data, '$.content[*]' COLUMNS(value JSON PATH '$')) AS entry
          ),
          '$'
        )
      )
    ),
    -1
  ),
  OCTET_LENGTH(x.data),
  COALESCE(CASE WHEN x.time_updated >= 1000000000000 THEN x.time_updated END, 0)
FROM (
  SELECT
    f.id,
    f.session_id,
    ROW_NUMBER() OVER (ORDER BY f.id) AS number
  FROM lc_filled AS f
) AS h
JOIN session_message AS x
  ON x.id = h.id
LEFT JOIN lc_lightened AS l
  ON l.id = x.id
LEFT JOIN lc_cleared AS c
  ON c.id = x.id;

DELETE FROM lc_target
WHERE
  kind = 'compacted' AND name = 'session_message' AND (
    bytes = octets OR bytes < 0
  );

UPDATE lc_target SET bytes = octets - bytes
WHERE
  kind = 'compacted' AND name = 'session_message';

INSERT INTO lc_broken (
  name,
  id
)
SELECT
  'session_message',
  m.id
FROM session_message AS m
WHERE
  m.data LIKE '%Old tool result content cleared%'
  AND JSON_VALID(
    CASE
      WHEN JSON_VALID(m.data) = 1
      THEN m.data
      ELSE REGEXP_REPLACE(m.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
    END
  ) = 0;

INSERT INTO lc_lightened (
  id,
  octets
)
SELECT
  t.id,
  t.octets - t.bytes
FROM lc_target AS t
WHERE
  t.kind = 'compacted' AND t.name = 'session_message';
