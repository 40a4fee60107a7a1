-- Where what is sent begins. A compaction that holds a provider's own state is skipped: another model cannot read it,
-- and is sent what stands before it.
INSERT INTO #lc_compaction (
  session_id,
  seq
)
SELECT
  c.session_id,
  MAX(c.seq)
FROM session_message AS c
JOIN #lc_session AS s
  ON s.id = c.session_id
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
  AND NOT EXISTS(
    SELECT
      1
    FROM session_v2 AS session_v2_undo
    WHERE
      session_v2_undo.id = s.id AND NOT session_v2_undo.[revert] IS NULL
  )
  AND c.type = 'compaction'
  AND CAST(DATALENGTH(c.data) AS BIGINT) < 25165824
  AND CASE
    WHEN ISJSON(c.data) = 1
    THEN CASE
      WHEN JSON_VALUE(c.data, '$.status') = 'completed'
      AND CASE
        WHEN JSON_VALUE(c.data, '$.providerContext') IS NULL AND JSON_QUERY(c.data, '$.providerContext') IS NULL
        THEN 0
        ELSE 1
      END = 0
      THEN 1
      ELSE 0
    END
    ELSE 0
  END = 1
GROUP BY
  c.session_id;

-- Messages before it that hold reasoning.
DELETE FROM #lc_filled;

INSERT INTO #lc_filled (
  id,
  session_id
)
SELECT
  m.id,
  m.session_id
FROM #lc_compaction AS f
JOIN session_message AS m
  ON m.session_id = f.session_id
WHERE
  m.seq < f.seq
  AND NOT m.id IS NULL
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
                    WHEN JSON_VALUE(item.value, '$.type') = 'reasoning'
                    AND (
                      COALESCE(JSON_VALUE(item.value, '$.text'), 'long') <> ''
                      OR NOT JSON_QUERY(item.value, '$.state') IS NULL
                      OR NOT JSON_QUERY(item.value, '$.native') IS NULL
                    )
                    THEN 1
                  END
                )
              END
            FROM OPENJSON(m.data, '$.content') AS entry CROSS APPLY (
              SELECT
                CASE WHEN entry.type = 5 THEN entry.value ELSE N'{}' END AS value
            ) AS item
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
FROM #lc_compaction AS f
JOIN session_message AS m
  ON m.session_id = f.session_id
WHERE
  m.seq < f.seq AND CAST(DATALENGTH(m.data) AS BIGINT) >= 25165824 AND m.data LIKE '%"reasoning"%';

-- What each of them comes to, once the kinds that run before this one have taken out their part and this one takes out
-- its own: inside, as `compacted` leaves it; around that, as `outputs` leaves it; outside, without its reasoning. (Not in
-- a work table: the texts of all would be in memory at once.)
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
  'reasoning',
  'session_message',
  'data',
  b.number,
  b.id,
  b.session_id,
  COALESCE(
    CAST(DATALENGTH(
      JSON_MODIFY(
        b.data,
        '$.content',
        JSON_QUERY(
          (
            SELECT
              N'[' + STRING_AGG(
                CAST(CASE
                  WHEN JSON_VALUE(item.value, '$.type') = 'reasoning'
                  THEN JSON_MODIFY(JSON_MODIFY(JSON_MODIFY(item.value, '$.text', ''), '$.state', NULL), '$.native', NULL)
                  ELSE entry.value
                END AS NVARCHAR(MAX)),
                N','
              ) WITHIN GROUP (ORDER BY
                CAST(entry.[key] AS INTEGER)) + N']'
            FROM OPENJSON(b.data, '$.content') AS entry CROSS APPLY (
              SELECT
                CASE WHEN entry.type = 5 THEN entry.value ELSE N'{}' END AS value
            ) AS item
          ),
          '$'
        )
      )
    ) AS BIGINT),
    -1
  ),
  b.octets,
  b.stamp
FROM (
  SELECT
    a.number AS number,
    a.id AS id,
    a.session_id AS session_id,
    a.stamp AS stamp,
    COALESCE(c.octets, a.octets) AS octets,
    CASE
      WHEN c.id IS NULL
      THEN a.data
      ELSE JSON_MODIFY(
        a.data,
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
            FROM OPENJSON(a.data, '$.content') AS entry CROSS APPLY (
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
    END AS data
  FROM (
    SELECT
      h.number AS number,
      h.id AS id,
      h.session_id AS session_id,
      COALESCE(CASE WHEN x.time_updated >= 1000000000000 THEN x.time_updated END, 0) AS stamp,
      COALESCE(l.octets, CAST(DATALENGTH(x.data) AS BIGINT)) AS octets,
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
      END AS data
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
      ON l.id = h.id
  ) AS a
  LEFT JOIN #lc_cleared AS c
    ON c.id = a.id
) AS b;

DELETE FROM #lc_target
WHERE
  kind = 'reasoning' AND name = 'session_message' AND (
    bytes = octets OR bytes < 0
  );

UPDATE #lc_target SET bytes = octets - bytes
WHERE
  kind = 'reasoning' AND name = 'session_message';
