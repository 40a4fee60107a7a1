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
        WHEN CASE WHEN m_data.document IS NULL THEN 0 ELSE 1 END = 1
        THEN CASE
          WHEN CASE WHEN m_data.document IS NULL THEN 0 ELSE 1 END = 1
          AND CASE WHEN COALESCE(JSONB_TYPEOF(m_data.document #> '{time,completed}'), 'null') = 'null' THEN 0 ELSE 1 END = 1
          THEN pg_temp.gc_results(m_data.document)
        END
      END
    END,
    0
  ),
  0,
  CASE
    WHEN CASE WHEN m_data.document IS NULL THEN 0 ELSE 1 END = 1
    THEN 40 * CASE
      WHEN JSONB_TYPEOF(m_data.document #> '{content}') = 'array'
      THEN JSONB_ARRAY_LENGTH(m_data.document #> '{content}')
      ELSE 0
    END
    ELSE 0
  END,
  0
FROM lc_prompt AS u
JOIN session_message AS m
  ON m.session_id = u.session_id
CROSS JOIN LATERAL (
  SELECT
    pg_temp.gc_json(m.data) AS document
  OFFSET 0
) AS m_data
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
      pg_temp.gc_text(
        pg_temp.gc_cleared(
          pg_temp.gc_json(CASE WHEN l.id IS NULL THEN x.data ELSE pg_temp.gc_text(pg_temp.gc_lightened(x_data.document), x.data) END)
        ),
        CASE WHEN l.id IS NULL THEN x.data ELSE pg_temp.gc_text(pg_temp.gc_lightened(x_data.document), x.data) END
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
  ON c.id = x.id
CROSS JOIN LATERAL (
  SELECT
    CASE WHEN CASE WHEN l.id IS NULL THEN FALSE ELSE TRUE END THEN pg_temp.gc_json(x.data) END AS document
  OFFSET 0
) AS x_data;

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
