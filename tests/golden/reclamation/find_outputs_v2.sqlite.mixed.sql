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
    AND NOT EXISTS(
      SELECT
        1
      FROM session_v2 AS session_v2_undo
      WHERE
        session_v2_undo.id = s.id AND NOT session_v2_undo.revert IS NULL
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
  m.seq < u.created AND NOT m.id IS NULL AND LENGTH(CAST(m.data AS BLOB)) < 25165824;

INSERT INTO lc_too_large (
  name,
  id
)
SELECT
  'session_message',
  m.id
FROM lc_prompt AS u
JOIN session_message AS m
  ON m.session_id = u.session_id
WHERE
  m.seq < u.created AND LENGTH(CAST(m.data AS BLOB)) >= 25165824 AND m.type = 'assistant';

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
  h.number,
  h.id,
  h.session_id,
  COALESCE(
    LENGTH(
      CAST((
        SELECT
          JSON_REPLACE(
            CASE
              WHEN l.id IS NULL
              THEN x.data
              ELSE (
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
              )
            END,
            '$.content',
            JSON(
              '[' || COALESCE(
                GROUP_CONCAT(
                  
                    CASE
                      WHEN e.said ->> '$[0]' = 'tool'
                      AND e.said ->> '$[1]' = 'completed'
                      AND e.said ->> '$[2]' <> 'skill'
                      AND e.said -> '$[3]' <> 'true'
                      AND e.held = 1
                      THEN JSON_REMOVE(
                        JSON_REPLACE(
                          e.text,
                          '$.state.content',
                          JSON('[{"type":"text","text":"[Old tool result content cleared]"}]'),
                          '$.state.metadata',
                          JSON(
                            JSON_PATCH(
                              '{}',
                              JSON_OBJECT('sessionID', e.said -> '$[4]', 'sessionId', e.said -> '$[5]', 'parentSessionId', e.said -> '$[6]')
                            )
                          ),
                          '$.state.structured',
                          JSON(
                            JSON_PATCH(
                              '{}',
                              JSON_OBJECT('sessionID', e.said -> '$[7]', 'sessionId', e.said -> '$[8]', 'parentSessionId', e.said -> '$[9]')
                            )
                          )
                        ),
                        '$.state.attachments'
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
              '$.name',
              '$.executed',
              '$.state.metadata.sessionID',
              '$.state.metadata.sessionId',
              '$.state.metadata.parentSessionId',
              '$.state.structured.sessionID',
              '$.state.structured.sessionId',
              '$.state.structured.parentSessionId'
            ) AS said,
            CASE JSON_ARRAY_LENGTH(entry.value, '$.state.content')
              WHEN 0
              THEN 0
              WHEN 1
              THEN COALESCE(JSON_EXTRACT(entry.value, '$.state.content[0].text'), '') <> '[Old tool result content cleared]'
              ELSE 1
            END AS held
          FROM JSON_EACH(
            CASE
              WHEN l.id IS NULL
              THEN x.data
              ELSE (
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
              )
            END,
            '$.content'
          ) AS entry
          LIMIT -1
        ) AS e
      ) AS BLOB)
    ),
    -1
  ),
  COALESCE(l.octets, LENGTH(CAST(x.data AS BLOB))),
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
  kind = 'outputs' AND name = 'session_message' AND (
    bytes = octets OR bytes < 0
  );

UPDATE lc_target SET bytes = octets - bytes
WHERE
  kind = 'outputs' AND name = 'session_message';

INSERT INTO lc_cleared (
  id,
  octets
)
SELECT
  t.id,
  t.octets - t.bytes
FROM lc_target AS t
WHERE
  t.kind = 'outputs' AND t.name = 'session_message';
