-- What was found of the messages of 1.x is not needed any more.
DELETE FROM lc_result;

DELETE FROM lc_prompt;

-- The second newest prompt: what is newer belongs to the last two turns.
INSERT INTO lc_prompt (
  session_id,
  created,
  id
)
SELECT
  u.session_id,
  u.seq,
  u.id
FROM (
  SELECT
    m.session_id,
    m.seq,
    m.id,
    ROW_NUMBER() OVER (PARTITION BY m.session_id ORDER BY m.seq DESC) AS place
  FROM session_message AS m
  JOIN lc_session AS s
    ON s.id = m.session_id
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
    AND m.type = 'user'
) AS u
WHERE
  u.place = 2 AND NOT u.id IS NULL;

-- Messages before it: the octets of their results, and as `rest` those of the words that would take their place.
INSERT INTO lc_result (
  id,
  session_id,
  message_id,
  created,
  size,
  octets,
  rest,
  stamp
)
SELECT
  m.id,
  m.session_id,
  m.id,
  m.seq,
  COALESCE(
    CASE
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
                      AND JSON_EXTRACT(m.data, entry.fullkey || '.name') <> 'skill'
                      AND JSON_ARRAY_LENGTH(m.data, entry.fullkey || '.state.content') > 0
                      AND NOT (
                        JSON_ARRAY_LENGTH(m.data, entry.fullkey || '.state.content') = 1
                        AND COALESCE(JSON_EXTRACT(m.data, entry.fullkey || '.state.content[0].text'), '') = '[Old tool result content cleared]'
                      )
                      THEN (
                        SELECT
                          SUM(
                            COALESCE(
                              LENGTH(
                                CAST(COALESCE(JSON_EXTRACT(m.data, piece.fullkey || '.text'), JSON_EXTRACT(m.data, piece.fullkey || '.uri')) AS BLOB)
                              ),
                              0
                            )
                          )
                        FROM JSON_EACH(m.data, entry.fullkey || '.state.content') AS piece
                      )
                    END
                  )
                END
              FROM JSON_EACH(m.data, '$.content') AS entry
            )
          END
        END
      END
    END,
    0
  ),
  0,
  CASE WHEN JSON_VALID(m.data) = 1 THEN 40 * COALESCE(JSON_ARRAY_LENGTH(m.data, '$.content'), 0) ELSE 0 END,
  0
FROM lc_prompt AS u
JOIN session_message AS m
  ON m.session_id = u.session_id
WHERE
  m.seq < u.created AND NOT m.id IS NULL;

-- Nothing is gained where the words are longer.
DELETE FROM lc_result
WHERE
  size <= rest;

-- Beyond what is protected.
DELETE FROM lc_filled;

INSERT INTO lc_filled (
  id,
  session_id
)
SELECT
  w.id,
  w.session_id
FROM (
  SELECT
    o.id,
    o.session_id,
    SUM(o.size) OVER (PARTITION BY o.session_id) AS worth
  FROM (
    SELECT
      r.id,
      r.session_id,
      r.size,
      SUM(r.size) OVER (PARTITION BY r.session_id ORDER BY r.created DESC, r.id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS walked
    FROM lc_result AS r
  ) AS o
  WHERE
    o.walked > 160000
) AS w
WHERE
  w.worth > 80000;

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
  'outputs',
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
      END AS BLOB)
    ) AS octets,
    LENGTH(
      CAST(JSON_REPLACE(
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

INSERT INTO lc_cleared (
  id
)
SELECT
  t.id
FROM lc_target AS t
WHERE
  t.kind = 'outputs' AND t.name = 'session_message';
