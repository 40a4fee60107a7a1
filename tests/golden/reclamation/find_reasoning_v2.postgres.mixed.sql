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
  CROSS JOIN LATERAL (
    SELECT
      pg_temp.gc_json(c.data) AS document
    OFFSET 0
  ) AS c_data
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
      WHEN CASE WHEN c_data.document IS NULL THEN 0 ELSE 1 END = 1
      THEN CASE
        WHEN (
          c_data.document #>> '{status}'
        ) = 'completed'
        AND CASE WHEN COALESCE(JSONB_TYPEOF(c_data.document #> '{providerContext}'), 'null') = 'null' THEN 0 ELSE 1 END = 0
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
CROSS JOIN LATERAL (
  SELECT
    pg_temp.gc_json(m.data) AS document
  OFFSET 0
) AS m_data
WHERE
  m.seq < f.seq
  AND NOT m.id IS NULL
  AND CASE
    WHEN CASE
      WHEN m.type = 'assistant'
      THEN CASE
        WHEN CASE WHEN m_data.document IS NULL THEN 0 ELSE 1 END = 1
        THEN CASE
          WHEN CASE WHEN m_data.document IS NULL THEN 0 ELSE 1 END = 1
          AND CASE WHEN COALESCE(JSONB_TYPEOF(m_data.document #> '{time,completed}'), 'null') = 'null' THEN 0 ELSE 1 END = 1
          THEN pg_temp.gc_thoughts(m_data.document)
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
  h.number,
  h.id,
  h.session_id,
  COALESCE(
    OCTET_LENGTH(
      pg_temp.gc_text(
        pg_temp.gc_unthought(
          pg_temp.gc_json(
            CASE
              WHEN c.id IS NULL
              THEN CASE WHEN l.id IS NULL THEN x.data ELSE pg_temp.gc_text(pg_temp.gc_lightened(x_data.document), x.data) END
              ELSE pg_temp.gc_text(
                pg_temp.gc_cleared(
                  pg_temp.gc_json(CASE WHEN l.id IS NULL THEN x.data ELSE pg_temp.gc_text(pg_temp.gc_lightened(x_data.document), x.data) END)
                ),
                CASE WHEN l.id IS NULL THEN x.data ELSE pg_temp.gc_text(pg_temp.gc_lightened(x_data.document), x.data) END
              )
            END
          )
        ),
        CASE
          WHEN c.id IS NULL
          THEN CASE WHEN l.id IS NULL THEN x.data ELSE pg_temp.gc_text(pg_temp.gc_lightened(x_data.document), x.data) END
          ELSE pg_temp.gc_text(
            pg_temp.gc_cleared(
              pg_temp.gc_json(CASE WHEN l.id IS NULL THEN x.data ELSE pg_temp.gc_text(pg_temp.gc_lightened(x_data.document), x.data) END)
            ),
            CASE WHEN l.id IS NULL THEN x.data ELSE pg_temp.gc_text(pg_temp.gc_lightened(x_data.document), x.data) END
          )
        END
      )
    ),
    -1
  ),
  COALESCE(c.octets, l.octets, OCTET_LENGTH(x.data)),
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
  ON c.id = x.id
CROSS JOIN LATERAL (
  SELECT
    CASE WHEN CASE WHEN l.id IS NULL THEN FALSE ELSE TRUE END THEN pg_temp.gc_json(x.data) END AS document
  OFFSET 0
) AS x_data;

DELETE FROM lc_target
WHERE
  kind = 'reasoning' AND name = 'session_message' AND (
    bytes = octets OR bytes < 0
  );

UPDATE lc_target SET bytes = octets - bytes
WHERE
  kind = 'reasoning' AND name = 'session_message';
