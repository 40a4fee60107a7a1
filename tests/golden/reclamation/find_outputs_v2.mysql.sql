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
                      AND JSON_VALUE(entry.value, '$.name') <> 'skill' COLLATE utf8mb4_bin
                      AND COALESCE(JSON_UNQUOTE(JSON_EXTRACT(entry.value, '$.executed')), '' COLLATE utf8mb4_bin) <> 'true'
                      AND COALESCE(JSON_TYPE(JSON_EXTRACT(entry.value, '$.state.content')), '') = 'ARRAY'
                      AND JSON_LENGTH(entry.value, '$.state.content') > 0
                      AND NOT (
                        JSON_LENGTH(entry.value, '$.state.content') = 1
                        AND COALESCE(JSON_VALUE(entry.value, '$.state.content[0].text'), '' COLLATE utf8mb4_bin) = '[Old tool result content cleared]'
                      )
                      THEN (
                        SELECT
                          SUM(COALESCE(OCTET_LENGTH(COALESCE(piece.text, piece.uri)), 0))
                        FROM JSON_TABLE(entry.value, '$.state.content[*]' COLUMNS(text LONGTEXT PATH '$.text', uri LONGTEXT PATH '$.uri')) AS piece
                      )
                    END
                  )
                END
              FROM JSON_TABLE(m.data, '$.content[*]' COLUMNS(value JSON PATH '$')) AS entry
            )
          END
        END
      END
    END,
    0
  ),
  0,
  CASE
    WHEN JSON_VALID(
      CASE
        WHEN JSON_VALID(m.data) = 1
        THEN m.data
        ELSE REGEXP_REPLACE(m.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
      END
    ) = 1
    THEN 40 * CASE
      WHEN COALESCE(JSON_TYPE(JSON_EXTRACT(m.data, '$.content')), '') = 'ARRAY'
      THEN JSON_LENGTH(m.data, '$.content')
      ELSE 0
    END
    ELSE 0
  END,
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
  h.number,
  h.id,
  h.session_id,
  COALESCE(
    OCTET_LENGTH(
      JSON_REPLACE(
        CASE
          WHEN l.id IS NULL
          THEN x.data
          ELSE JSON_REPLACE(
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
        END,
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
                        AND JSON_VALUE(entry.value, '$.name') <> 'skill' COLLATE utf8mb4_bin
                        AND COALESCE(JSON_UNQUOTE(JSON_EXTRACT(entry.value, '$.executed')), '' COLLATE utf8mb4_bin) <> 'true'
                        AND COALESCE(JSON_TYPE(JSON_EXTRACT(entry.value, '$.state.content')), '') = 'ARRAY'
                        AND JSON_LENGTH(entry.value, '$.state.content') > 0
                        AND NOT (
                          JSON_LENGTH(entry.value, '$.state.content') = 1
                          AND COALESCE(JSON_VALUE(entry.value, '$.state.content[0].text'), '' COLLATE utf8mb4_bin) = '[Old tool result content cleared]'
                        )
                        THEN JSON_REMOVE(
                          JSON_REPLACE(
                            entry.value,
                            '$.state.content',
                            JSON_ARRAY(JSON_OBJECT('type', 'text', 'text', '[Old tool result content cleared]')),
                            '$.state.metadata',
                            JSON_MERGE_PATCH(
                              '{}',
                              JSON_OBJECT(
                                'sessionID', JSON_EXTRACT(entry.value, '$.state.metadata.sessionID'),
                                'sessionId', JSON_EXTRACT(entry.value, '$.state.metadata.sessionId'),
                                'parentSessionId', JSON_EXTRACT(entry.value, '$.state.metadata.parentSessionId')
                              )
                            ),
                            '$.state.structured',
                            JSON_MERGE_PATCH(
                              '{}',
                              JSON_OBJECT(
                                'sessionID', JSON_EXTRACT(entry.value, '$.state.structured.sessionID'),
                                'sessionId', JSON_EXTRACT(entry.value, '$.state.structured.sessionId'),
                                'parentSessionId', JSON_EXTRACT(entry.value, '$.state.structured.parentSessionId')
                              )
                            )
                          ),
                          '$.state.attachments'
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
                      AND JSON_VALUE(entry.value, '$.name') <> 'skill' COLLATE utf8mb4_bin
                      AND COALESCE(JSON_UNQUOTE(JSON_EXTRACT(entry.value, '$.executed')), '' COLLATE utf8mb4_bin) <> 'true'
                      AND COALESCE(JSON_TYPE(JSON_EXTRACT(entry.value, '$.state.content')), '') = 'ARRAY'
                      AND JSON_LENGTH(entry.value, '$.state.content') > 0
                      AND NOT (
                        JSON_LENGTH(entry.value, '$.state.content') = 1
                        AND COALESCE(JSON_VALUE(entry.value, '$.state.content[0].text'), '' COLLATE utf8mb4_bin) = '[Old tool result content cleared]'
                      )
                      THEN JSON_REMOVE(
                        JSON_REPLACE(
                          entry.value,
                          '$.state.content',
                          JSON_ARRAY(JSON_OBJECT('type', 'text', 'text', '[Old tool result content cleared]')),
                          '$.state.metadata',
                          JSON_MERGE_PATCH(
                            '{}',
                            JSON_OBJECT(
                              'sessionID', JSON_EXTRACT(entry.value, '$.state.metadata.sessionID'),
                              'sessionId', JSON_EXTRACT(entry.value, '$.state.metadata.sessionId'),
                              'parentSessionId', JSON_EXTRACT(entry.value, '$.state.metadata.parentSessionId')
                            )
                          ),
                          '$.state.structured',
                          JSON_MERGE_PATCH(
                            '{}',
                            JSON_OBJECT(
                              'sessionID', JSON_EXTRACT(entry.value, '$.state.structured.sessionID'),
                              'sessionId', JSON_EXTRACT(entry.value, '$.state.structured.sessionId'),
                              'parentSessionId', JSON_EXTRACT(entry.value, '$.state.structured.parentSessionId')
                            )
                          )
                        ),
                        '$.state.attachments'
                      )
                      ELSE entry.value
                    END,
                    '$'
                  )
                )
                ELSE JSON_EXTRACT(
                  CASE
                    WHEN l.id IS NULL
                    THEN x.data
                    ELSE JSON_REPLACE(
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
                  END,
                  '$.content'
                ) COLLATE utf8mb4_bin
              END
            FROM JSON_TABLE(
              CASE
                WHEN l.id IS NULL
                THEN x.data
                ELSE JSON_REPLACE(
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
              END
            , '$.content[*]' COLUMNS(value JSON PATH '$')) AS entry
          ),
          '$'
        )
      )
    ),
    -1
  ),
  COALESCE(l.octets, OCTET_LENGTH(x.data)),
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
