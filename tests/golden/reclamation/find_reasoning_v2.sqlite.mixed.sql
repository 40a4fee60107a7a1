DELETE FROM lc_filled;

INSERT INTO lc_filled (
  id,
  session_id
)
SELECT
  m.id,
  m.session_id
FROM (
  SELECT
    c.session_id,
    MAX(c.seq) AS seq
  FROM session_message AS c
  JOIN lc_session AS s
    ON s.id = c.session_id
  WHERE
    s.active < 1799395200000
    AND s.unclear = 0
    AND NOT EXISTS(
      SELECT
        1
      FROM session AS session_undo
      WHERE
        session_undo.id = s.id AND NOT session_undo.revert IS NULL
    )
    AND NOT EXISTS(
      SELECT
        1
      FROM session_v2 AS session_v2_undo
      WHERE
        session_v2_undo.id = s.id AND NOT session_v2_undo.revert IS NULL
    )
    AND c.type = 'compaction'
    AND CASE
      WHEN JSON_VALID(c.data) = 1
      THEN CASE
        WHEN JSON_EXTRACT(c.data, '$.status') = 'completed'
        AND CASE WHEN COALESCE(JSON_TYPE(c.data, '$.providerContext'), 'null') = 'null' THEN 0 ELSE 1 END = 0
        THEN 1
        ELSE 0
      END
      ELSE 0
    END = 1
  GROUP BY
    c.session_id
) AS f
JOIN session_message AS m
  ON m.session_id = f.session_id
WHERE
  m.seq < f.seq
  AND NOT m.id IS NULL
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
                      WHEN JSON_EXTRACT(m.data, entry.fullkey || '.type') = 'reasoning'
                      AND (
                        COALESCE(JSON_EXTRACT(m.data, entry.fullkey || '.text'), '') <> ''
                        OR NOT JSON_TYPE(m.data, entry.fullkey || '.state') IS NULL
                        OR NOT JSON_TYPE(m.data, entry.fullkey || '.native') IS NULL
                      )
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
  'reasoning',
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
    LENGTH(
      CAST(CASE
        WHEN c.id IS NULL
        THEN CASE
          WHEN l.id IS NULL
          THEN x.data
          ELSE JSON_REPLACE(
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
          )
        END
        ELSE JSON_REPLACE(
          CASE
            WHEN l.id IS NULL
            THEN x.data
            ELSE JSON_REPLACE(
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
            )
          END,
          '$.content',
          JSON(
            (
              SELECT
                JSON_GROUP_ARRAY(
                  JSON(
                    CASE
                      WHEN JSON_EXTRACT(entry.value, '$.type') = 'tool'
                      AND JSON_EXTRACT(entry.value, '$.state.status') = 'completed'
                      AND JSON_EXTRACT(entry.value, '$.name') <> 'skill'
                      AND COALESCE(JSON_TYPE(entry.value, '$.executed'), '') <> 'true'
                      AND JSON_ARRAY_LENGTH(entry.value, '$.state.content') > 0
                      AND NOT (
                        JSON_ARRAY_LENGTH(entry.value, '$.state.content') = 1
                        AND COALESCE(JSON_EXTRACT(entry.value, '$.state.content[0].text'), '') = '[Old tool result content cleared]'
                      )
                      THEN JSON_REMOVE(
                        JSON_REPLACE(
                          entry.value,
                          '$.state.content',
                          JSON('[{"type":"text","text":"[Old tool result content cleared]"}]'),
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
                          ),
                          '$.state.structured',
                          JSON(
                            JSON_PATCH(
                              '{}',
                              JSON_OBJECT(
                                'sessionID', entry.value -> '$.state.structured.sessionID',
                                'sessionId', entry.value -> '$.state.structured.sessionId',
                                'parentSessionId', entry.value -> '$.state.structured.parentSessionId'
                              )
                            )
                          )
                        ),
                        '$.state.attachments'
                      )
                      ELSE entry.value
                    END
                  )
                )
              FROM JSON_EACH(
                CASE
                  WHEN l.id IS NULL
                  THEN x.data
                  ELSE JSON_REPLACE(
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
                  )
                END,
                '$.content'
              ) AS entry
            )
          )
        )
      END AS BLOB)
    ) AS octets,
    LENGTH(
      CAST(JSON_REPLACE(
        CASE
          WHEN c.id IS NULL
          THEN CASE
            WHEN l.id IS NULL
            THEN x.data
            ELSE JSON_REPLACE(
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
            )
          END
          ELSE JSON_REPLACE(
            CASE
              WHEN l.id IS NULL
              THEN x.data
              ELSE JSON_REPLACE(
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
              )
            END,
            '$.content',
            JSON(
              (
                SELECT
                  JSON_GROUP_ARRAY(
                    JSON(
                      CASE
                        WHEN JSON_EXTRACT(entry.value, '$.type') = 'tool'
                        AND JSON_EXTRACT(entry.value, '$.state.status') = 'completed'
                        AND JSON_EXTRACT(entry.value, '$.name') <> 'skill'
                        AND COALESCE(JSON_TYPE(entry.value, '$.executed'), '') <> 'true'
                        AND JSON_ARRAY_LENGTH(entry.value, '$.state.content') > 0
                        AND NOT (
                          JSON_ARRAY_LENGTH(entry.value, '$.state.content') = 1
                          AND COALESCE(JSON_EXTRACT(entry.value, '$.state.content[0].text'), '') = '[Old tool result content cleared]'
                        )
                        THEN JSON_REMOVE(
                          JSON_REPLACE(
                            entry.value,
                            '$.state.content',
                            JSON('[{"type":"text","text":"[Old tool result content cleared]"}]'),
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
                            ),
                            '$.state.structured',
                            JSON(
                              JSON_PATCH(
                                '{}',
                                JSON_OBJECT(
                                  'sessionID', entry.value -> '$.state.structured.sessionID',
                                  'sessionId', entry.value -> '$.state.structured.sessionId',
                                  'parentSessionId', entry.value -> '$.state.structured.parentSessionId'
                                )
                              )
                            )
                          ),
                          '$.state.attachments'
                        )
                        ELSE entry.value
                      END
                    )
                  )
                FROM JSON_EACH(
                  CASE
                    WHEN l.id IS NULL
                    THEN x.data
                    ELSE JSON_REPLACE(
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
                    )
                  END,
                  '$.content'
                ) AS entry
              )
            )
          )
        END,
        '$.content',
        JSON(
          (
            SELECT
              JSON_GROUP_ARRAY(
                JSON(
                  CASE
                    WHEN JSON_EXTRACT(entry.value, '$.type') = 'reasoning'
                    THEN JSON_REMOVE(JSON_REPLACE(entry.value, '$.text', ''), '$.state', '$.native')
                    ELSE entry.value
                  END
                )
              )
            FROM JSON_EACH(
              CASE
                WHEN c.id IS NULL
                THEN CASE
                  WHEN l.id IS NULL
                  THEN x.data
                  ELSE JSON_REPLACE(
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
                  )
                END
                ELSE JSON_REPLACE(
                  CASE
                    WHEN l.id IS NULL
                    THEN x.data
                    ELSE JSON_REPLACE(
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
                    )
                  END,
                  '$.content',
                  JSON(
                    (
                      SELECT
                        JSON_GROUP_ARRAY(
                          JSON(
                            CASE
                              WHEN JSON_EXTRACT(entry.value, '$.type') = 'tool'
                              AND JSON_EXTRACT(entry.value, '$.state.status') = 'completed'
                              AND JSON_EXTRACT(entry.value, '$.name') <> 'skill'
                              AND COALESCE(JSON_TYPE(entry.value, '$.executed'), '') <> 'true'
                              AND JSON_ARRAY_LENGTH(entry.value, '$.state.content') > 0
                              AND NOT (
                                JSON_ARRAY_LENGTH(entry.value, '$.state.content') = 1
                                AND COALESCE(JSON_EXTRACT(entry.value, '$.state.content[0].text'), '') = '[Old tool result content cleared]'
                              )
                              THEN JSON_REMOVE(
                                JSON_REPLACE(
                                  entry.value,
                                  '$.state.content',
                                  JSON('[{"type":"text","text":"[Old tool result content cleared]"}]'),
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
                                  ),
                                  '$.state.structured',
                                  JSON(
                                    JSON_PATCH(
                                      '{}',
                                      JSON_OBJECT(
                                        'sessionID', entry.value -> '$.state.structured.sessionID',
                                        'sessionId', entry.value -> '$.state.structured.sessionId',
                                        'parentSessionId', entry.value -> '$.state.structured.parentSessionId'
                                      )
                                    )
                                  )
                                ),
                                '$.state.attachments'
                              )
                              ELSE entry.value
                            END
                          )
                        )
                      FROM JSON_EACH(
                        CASE
                          WHEN l.id IS NULL
                          THEN x.data
                          ELSE JSON_REPLACE(
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
                          )
                        END,
                        '$.content'
                      ) AS entry
                    )
                  )
                )
              END,
              '$.content'
            ) AS entry
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
