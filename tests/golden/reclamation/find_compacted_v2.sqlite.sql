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
  AND LENGTH(CAST(m.data AS BLOB)) < 25165824
  AND CASE
    WHEN CASE
      WHEN m.type = 'assistant'
      THEN CASE
        WHEN JSON_VALID(m.data) = 1
        THEN CASE
          WHEN CASE
            WHEN TYPEOF(m.data) <> 'text'
            THEN 0
            WHEN JSON_VALID(m.data) = 0
            THEN 0
            WHEN LENGTH(CAST(PRINTF('%s', m.data) AS BLOB)) < LENGTH(CAST(m.data AS BLOB))
            THEN 0
            ELSE 1
          END = 1
          AND CASE WHEN COALESCE(JSON_TYPE(m.data, '$.time.completed'), 'null') = 'null' THEN 0 ELSE 1 END = 1
          THEN CASE
            WHEN JSON_TYPE(m.data, '$.content') = 'array'
            THEN (
              SELECT
                CASE
                  WHEN SUM(CASE WHEN entry.type = 'object' THEN 0 ELSE 1 END) = 0
                  THEN SUM(
                    CASE
                      WHEN JSON_EXTRACT(m.data, entry.fullkey || '.type') = 'tool'
                      AND JSON_EXTRACT(m.data, entry.fullkey || '.state.status') = 'completed'
                      AND COALESCE(JSON_TYPE(m.data, entry.fullkey || '.executed'), '') <> 'true'
                      AND JSON_ARRAY_LENGTH(m.data, entry.fullkey || '.state.content') = 1
                      AND COALESCE(JSON_EXTRACT(m.data, entry.fullkey || '.state.content[0].text'), '') = '[Old tool result content cleared]'
                      AND JSON_TYPE(m.data, entry.fullkey || '.state.metadata') = 'object'
                      AND JSON_REMOVE(m.data -> (
                        entry.fullkey || '.state.metadata'
                      ), '$.sessionID', '$.sessionId', '$.parentSessionId') <> '{}'
                      THEN 1
                    END
                  )
                END
              FROM JSON_EACH(m.data, '$.content') AS entry
            )
          END
        END
      END
    END > 0
    THEN 1
    ELSE 0
  END = 1;

INSERT INTO lc_too_large (
  name,
  id
)
SELECT
  'session_message',
  m.id
FROM session_message AS m
WHERE
  LENGTH(CAST(m.data AS BLOB)) >= 25165824 AND m.data LIKE '%Old tool result content cleared%';

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
    LENGTH(
      CAST((
        SELECT
          JSON_REPLACE(
            x.data,
            '$.content',
            JSON(
              '[' || COALESCE(
                GROUP_CONCAT(
                  
                    CASE
                      WHEN e.said ->> '$[0]' = 'tool' AND e.said ->> '$[1]' = 'completed' AND e.said -> '$[2]' <> 'true' AND e.heavy = 1
                      THEN JSON_REPLACE(
                        e.text,
                        '$.state.metadata',
                        JSON(
                          JSON_PATCH(
                            '{}',
                            JSON_OBJECT('sessionID', e.said -> '$[3]', 'sessionId', e.said -> '$[4]', 'parentSessionId', e.said -> '$[5]')
                          )
                        )
                      )
                      ELSE e.text
                    END
                  
                ),
                ''
              ) || ']'
            )
          )
        FROM (
          SELECT
            entry.value AS text,
            JSON_EXTRACT(
              entry.value,
              '$.type',
              '$.state.status',
              '$.executed',
              '$.state.metadata.sessionID',
              '$.state.metadata.sessionId',
              '$.state.metadata.parentSessionId'
            ) AS said,
            CASE
              WHEN JSON_ARRAY_LENGTH(entry.value, '$.state.content') = 1
              AND COALESCE(JSON_EXTRACT(entry.value, '$.state.content[0].text'), '') = '[Old tool result content cleared]'
              AND JSON_TYPE(entry.value, '$.state.metadata') = 'object'
              THEN JSON_REMOVE(entry.value -> '$.state.metadata', '$.sessionID', '$.sessionId', '$.parentSessionId') <> '{}'
            END AS heavy
          FROM JSON_EACH(x.data, '$.content') AS entry
          LIMIT -1
        ) AS e
      ) AS BLOB)
    ),
    -1
  ),
  LENGTH(CAST(x.data AS BLOB)),
  COALESCE(CASE WHEN TYPEOF(x.time_updated) = 'integer' AND x.time_updated >= 1000000000000 THEN x.time_updated END, 0)
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
  AND LENGTH(CAST(m.data AS BLOB)) < 25165824
  AND JSON_VALID(m.data) = 0;

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
