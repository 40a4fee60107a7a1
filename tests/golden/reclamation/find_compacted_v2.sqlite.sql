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
  ROW_NUMBER() OVER (ORDER BY d.id),
  d.id,
  d.session_id,
  d.octets - d.rest,
  d.octets,
  d.stamp
FROM (
  SELECT
    h.id,
    h.session_id,
    COALESCE(CASE WHEN TYPEOF(x.time_updated) = 'integer' AND x.time_updated >= 1000000000000 THEN x.time_updated END, 0) AS stamp,
    LENGTH(CAST(x.data AS BLOB)) AS octets,
    LENGTH(
      CAST(JSON_REPLACE(
        x.data,
        '$.content',
        JSON(
          (
            SELECT
              JSON_GROUP_ARRAY(
                JSON(
                  CASE
                    WHEN JSON_EXTRACT(entry.value, '$.type') = 'tool'
                    AND JSON_EXTRACT(entry.value, '$.state.status') = 'completed'
                    AND COALESCE(JSON_TYPE(entry.value, '$.executed'), '') <> 'true'
                    AND JSON_ARRAY_LENGTH(entry.value, '$.state.content') = 1
                    AND COALESCE(JSON_EXTRACT(entry.value, '$.state.content[0].text'), '') = '[Old tool result content cleared]'
                    AND JSON_TYPE(entry.value, '$.state.metadata') = 'object'
                    AND JSON_REMOVE(entry.value -> '$.state.metadata', '$.sessionID', '$.sessionId', '$.parentSessionId') <> '{}'
                    THEN JSON_REPLACE(
                      entry.value,
                      '$.state.metadata',
                      JSON(
                        JSON_PATCH(
                          '{}',
                          JSON_OBJECT(
                            'sessionID', entry.value -> '$.state.metadata.sessionID',
                            'sessionId', entry.value -> '$.state.metadata.sessionId',
                            'parentSessionId', entry.value -> '$.state.metadata.parentSessionId'
                          )
                        )
                      )
                    )
                    ELSE entry.value
                  END
                )
              )
            FROM JSON_EACH(x.data, '$.content') AS entry
          )
        )
      ) AS BLOB)
    ) AS rest
  FROM lc_filled AS h
  JOIN session_message AS x
    ON x.id = h.id
  LEFT JOIN lc_lightened AS l
    ON l.id = x.id
  LEFT JOIN lc_cleared AS c
    ON c.id = x.id
) AS d
WHERE
  d.rest <> d.octets;

INSERT INTO lc_broken (
  name,
  id
)
SELECT
  'session_message',
  m.id
FROM session_message AS m
WHERE
  m.data LIKE '%Old tool result content cleared%' AND JSON_VALID(m.data) = 0;

INSERT INTO lc_lightened (
  id
)
SELECT
  t.id
FROM lc_target AS t
WHERE
  t.kind = 'compacted' AND t.name = 'session_message';
