-- What was found of the messages of 1.x is not needed any more.
DELETE FROM #lc_result;

DELETE FROM #lc_prompt;

-- The second newest prompt: what is newer belongs to the last two turns.
INSERT INTO #lc_prompt (
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
    m.session_id AS session_id,
    m.seq AS seq,
    m.id AS id,
    ROW_NUMBER() OVER (PARTITION BY m.session_id ORDER BY m.seq DESC) AS place
  FROM session_message AS m
  JOIN #lc_session AS s
    ON s.id = m.session_id
  WHERE
    s.active < 1799395200000
    AND s.unclear = 0
    AND NOT EXISTS(
      SELECT
        1
      FROM session AS session_undo
      WHERE
        session_undo.id = s.id AND NOT session_undo.[revert] IS NULL
    )
    AND m.type = 'user'
) AS u
WHERE
  u.place = 2 AND NOT u.id IS NULL;

-- Messages before it: the octets of their results, and as `rest` those of the words that would take their place.
INSERT INTO #lc_result (
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
                    AND JSON_VALUE(item.value, '$.name') <> 'skill'
                    AND pieces.tally > 0
                    AND NOT (
                      pieces.tally = 1
                      AND COALESCE(JSON_VALUE(item.value, '$.state.content[0].text'), '') = '[Old tool result content cleared]'
                    )
                    THEN CAST(DATALENGTH(JSON_QUERY(item.value, '$.state.content')) AS BIGINT)
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
            ) AS pieces
          )
        END
      END
    END,
    0
  ),
  0,
  CASE WHEN ISJSON(m.data) = 1 THEN 40 * (
    SELECT
      COUNT(*)
    FROM OPENJSON(m.data, '$.content')
  ) ELSE 0 END,
  0
FROM #lc_prompt AS u
JOIN session_message AS m
  ON m.session_id = u.session_id
WHERE
  m.seq < u.created AND NOT m.id IS NULL AND CAST(DATALENGTH(m.data) AS BIGINT) < 25165824;

INSERT INTO #lc_too_large (
  name,
  id
)
SELECT
  'session_message',
  m.id
FROM #lc_prompt AS u
JOIN session_message AS m
  ON m.session_id = u.session_id
WHERE
  m.seq < u.created AND CAST(DATALENGTH(m.data) AS BIGINT) >= 25165824 AND m.type = 'assistant';

-- Nothing is gained where the words are longer.
DELETE FROM #lc_result
WHERE
  size <= rest;

-- Beyond what is protected.
DELETE FROM #lc_filled;

INSERT INTO #lc_filled (
  id,
  session_id
)
SELECT
  w.id,
  w.session_id
FROM (
  SELECT
    o.id AS id,
    o.session_id AS session_id,
    SUM(o.size) OVER (PARTITION BY o.session_id) AS worth
  FROM (
    SELECT
      r.id AS id,
      r.session_id AS session_id,
      r.size AS size,
      SUM(r.size) OVER (PARTITION BY r.session_id ORDER BY r.created DESC, r.id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS walked
    FROM #lc_result AS r
  ) AS o
  WHERE
    o.walked > 160000
) AS w
WHERE
  w.worth > 80000;

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
  'outputs',
  'session_message',
  'data',
  h.number,
  h.id,
  h.session_id,
  COALESCE(
    CAST(DATALENGTH(
      JSON_MODIFY(
        CASE
          WHEN l.id IS NULL
          THEN x.data
          ELSE JSON_MODIFY(
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
        END,
        '$.content',
        JSON_QUERY(
          (
            SELECT
              N'[' + STRING_AGG(
                CAST(CASE
                  WHEN JSON_VALUE(item.value, '$.type') = 'tool'
                  AND JSON_VALUE(item.value, '$.state.status') = 'completed'
                  AND COALESCE(JSON_VALUE(item.value, '$.executed'), '') <> 'true'
                  AND JSON_VALUE(item.value, '$.name') <> 'skill'
                  AND pieces.tally > 0
                  AND NOT (
                    pieces.tally = 1
                    AND COALESCE(JSON_VALUE(item.value, '$.state.content[0].text'), '') = '[Old tool result content cleared]'
                  )
                  THEN whole.value
                  ELSE entry.value
                END AS NVARCHAR(MAX)),
                N','
              ) WITHIN GROUP (ORDER BY
                CAST(entry.[key] AS INTEGER)) + N']'
            FROM OPENJSON(CASE
              WHEN l.id IS NULL
              THEN x.data
              ELSE JSON_MODIFY(
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
            END, '$.content') AS entry CROSS APPLY (
              SELECT
                CASE WHEN entry.type = 5 THEN entry.value ELSE N'{}' END AS value
            ) AS item CROSS APPLY (
              SELECT
                COUNT(*) AS tally
              FROM OPENJSON(item.value, '$.state.content')
            ) AS pieces CROSS APPLY (
              SELECT
                JSON_MODIFY(
                  JSON_MODIFY(item.value, '$.state.attachments', NULL),
                  '$.state.content',
                  JSON_QUERY('[{"type":"text","text":"[Old tool result content cleared]"}]', '$')
                ) AS value
            ) AS bare CROSS APPLY (
              SELECT
                CASE
                  WHEN JSON_QUERY(bare.value, '$.state.metadata') IS NULL
                  THEN bare.value
                  ELSE JSON_MODIFY(
                    bare.value,
                    '$.state.metadata',
                    JSON_QUERY(
                      JSON_MODIFY(
                        JSON_MODIFY(
                          JSON_MODIFY('{}', '$.sessionID', JSON_VALUE(bare.value, '$.state.metadata.sessionID')),
                          '$.sessionId',
                          JSON_VALUE(bare.value, '$.state.metadata.sessionId')
                        ),
                        '$.parentSessionId',
                        JSON_VALUE(bare.value, '$.state.metadata.parentSessionId')
                      ),
                      '$'
                    )
                  )
                END AS value
            ) AS linked CROSS APPLY (
              SELECT
                CASE
                  WHEN JSON_QUERY(linked.value, '$.state.structured') IS NULL
                  THEN linked.value
                  ELSE JSON_MODIFY(
                    linked.value,
                    '$.state.structured',
                    JSON_QUERY(
                      JSON_MODIFY(
                        JSON_MODIFY(
                          JSON_MODIFY('{}', '$.sessionID', JSON_VALUE(linked.value, '$.state.structured.sessionID')),
                          '$.sessionId',
                          JSON_VALUE(linked.value, '$.state.structured.sessionId')
                        ),
                        '$.parentSessionId',
                        JSON_VALUE(linked.value, '$.state.structured.parentSessionId')
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
  COALESCE(l.octets, CAST(DATALENGTH(x.data) AS BIGINT)),
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
  kind = 'outputs' AND name = 'session_message' AND (
    bytes = octets OR bytes < 0
  );

UPDATE #lc_target SET bytes = octets - bytes
WHERE
  kind = 'outputs' AND name = 'session_message';

INSERT INTO #lc_cleared (
  id,
  octets
)
SELECT
  t.id,
  t.octets - t.bytes
FROM #lc_target AS t
WHERE
  t.kind = 'outputs' AND t.name = 'session_message';
