-- Where what is sent begins. A compaction that holds a provider's own state is skipped: another model cannot read it,
-- and is sent what stands before it.
INSERT INTO lc_compaction (
  session_id,
  seq
)
SELECT
  c.session_id,
  MAX(c.seq)
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
  AND c.type = 'compaction'
  AND LENGTH(CAST(c.data AS BLOB)) < 25165824
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
  c.session_id;

-- Messages before it that hold reasoning.
DELETE FROM lc_filled;

INSERT INTO lc_filled (
  id,
  session_id
)
SELECT
  m.id,
  m.session_id
FROM lc_compaction AS f
JOIN session_message AS m
  ON m.session_id = f.session_id
WHERE
  m.seq < f.seq
  AND NOT m.id IS NULL
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

INSERT INTO lc_too_large (
  name,
  id
)
SELECT
  'session_message',
  m.id
FROM lc_compaction AS f
JOIN session_message AS m
  ON m.session_id = f.session_id
WHERE
  m.seq < f.seq AND LENGTH(CAST(m.data AS BLOB)) >= 25165824 AND m.data LIKE '%"reasoning"%';

-- What each of them comes to, once the kinds that run before this one have taken out their part and this one takes out
-- its own: inside, as `compacted` leaves it; around that, as `outputs` leaves it; outside, without its reasoning. (Not in
-- a work table: the texts of all would be in memory at once.)
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
  b.number,
  b.id,
  b.session_id,
  COALESCE(
    LENGTH(
      CAST((
        SELECT
          JSON_REPLACE(
            d.doc,
            '$.content',
            JSON(
              (
                SELECT
                  '[' || COALESCE(
                    GROUP_CONCAT(
                      
                        CASE
                          WHEN e.kind = 'reasoning'
                          THEN JSON_REMOVE(JSON_REPLACE(e.text, '$.text', ''), '$.state', '$.native')
                          ELSE e.text
                        END
                      
                    ),
                    ''
                  ) || ']'
                FROM (
                  SELECT
                    entry.value AS text,
                    JSON_EXTRACT(entry.value, '$.type') AS kind
                  FROM JSON_EACH(d.doc, '$.content') AS entry
                  LIMIT -1
                ) AS e
              )
            )
          )
        FROM (
          SELECT
            b.data AS doc
          LIMIT -1
        ) AS d
      ) AS BLOB)
    ),
    -1
  ),
  b.octets,
  b.stamp
FROM (
  SELECT
    a.number,
    a.id,
    a.session_id,
    a.stamp,
    COALESCE(c.octets, a.octets) AS octets,
    CASE
      WHEN c.id IS NULL
      THEN a.data
      ELSE (
        SELECT
          JSON_REPLACE(
            a.data,
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
          FROM JSON_EACH(a.data, '$.content') AS entry
          LIMIT -1
        ) AS e
      )
    END AS data
  FROM (
    SELECT
      h.number,
      h.id,
      h.session_id,
      COALESCE(CASE WHEN TYPEOF(x.time_updated) = 'integer' AND x.time_updated >= 1000000000000 THEN x.time_updated END, 0) AS stamp,
      COALESCE(l.octets, LENGTH(CAST(x.data AS BLOB))) AS octets,
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
      END AS data
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
      ON l.id = h.id
  ) AS a
  LEFT JOIN lc_cleared AS c
    ON c.id = a.id
) AS b;

DELETE FROM lc_target
WHERE
  kind = 'reasoning' AND name = 'session_message' AND (
    bytes = octets OR bytes < 0
  );

UPDATE lc_target SET bytes = octets - bytes
WHERE
  kind = 'reasoning' AND name = 'session_message';
