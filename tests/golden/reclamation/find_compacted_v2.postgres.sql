INSERT INTO lc_filled (
  id,
  session_id
)
SELECT
  m.id,
  m.session_id
FROM session_message AS m
CROSS JOIN LATERAL (
  SELECT
    pg_temp.gc_json(m.data) AS document
  OFFSET 0
) AS m_data
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
        WHEN CASE WHEN m_data.document IS NULL THEN 0 ELSE 1 END = 1
        THEN CASE
          WHEN CASE WHEN m_data.document IS NULL THEN 0 ELSE 1 END = 1
          AND CASE WHEN COALESCE(JSONB_TYPEOF(m_data.document #> '{time,completed}'), 'null') = 'null' THEN 0 ELSE 1 END = 1
          THEN pg_temp.gc_burden(m_data.document)
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
  h.number,
  h.id,
  h.session_id,
  COALESCE(OCTET_LENGTH(pg_temp.gc_text(pg_temp.gc_lightened(pg_temp.gc_json(x.data)), x.data)), -1),
  OCTET_LENGTH(x.data),
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
  AND CASE WHEN pg_temp.gc_json(m.data) IS NULL THEN 0 ELSE 1 END = 0;

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
