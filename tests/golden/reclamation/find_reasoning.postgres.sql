-- Finished summaries: the prompts that they answer.
INSERT INTO lc_summary (
  session_id,
  parent_id
)
SELECT
  m.session_id,
  (
    m_data.document #>> '{parentID}'
  )
FROM message AS m
JOIN lc_session AS s
  ON s.id = m.session_id
CROSS JOIN LATERAL (
  SELECT
    pg_temp.gc_json(m.data) AS document
  OFFSET 0
) AS m_data
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
  AND CASE
    WHEN CASE WHEN m_data.document IS NULL THEN 0 ELSE 1 END = 1
    THEN CASE
      WHEN (
        m_data.document #>> '{role}'
      ) = 'assistant'
      AND (
        (
          m_data.document #>> '{summary}'
        ) LIKE 'true' OR (
          m_data.document #>> '{summary}'
        ) LIKE '1'
      )
      AND CASE WHEN COALESCE(JSONB_TYPEOF(m_data.document #> '{parentID}'), 'null') = 'null' THEN 0 ELSE 1 END = 1
      AND CASE WHEN COALESCE(JSONB_TYPEOF(m_data.document #> '{finish}'), 'null') = 'null' THEN 0 ELSE 1 END = 1
      AND CASE WHEN COALESCE(JSONB_TYPEOF(m_data.document #> '{time,completed}'), 'null') = 'null' THEN 0 ELSE 1 END = 1
      AND CASE WHEN COALESCE(JSONB_TYPEOF(m_data.document #> '{error}'), 'null') = 'null' THEN 0 ELSE 1 END = 0
      THEN 1
      ELSE 0
    END
    ELSE 0
  END = 1;

-- The newest of them in each session, and from where on the messages before it are sent again.
INSERT INTO lc_fold (
  session_id,
  created,
  id,
  tail_id
)
SELECT
  f.session_id,
  f.created,
  f.id,
  f.tail_id
FROM (
  SELECT
    u.session_id,
    u.time_created AS created,
    u.id,
    (
      p_data.document #>> '{tail_start_id}'
    ) AS tail_id,
    ROW_NUMBER() OVER (PARTITION BY u.session_id ORDER BY u.time_created DESC, u.id DESC, p.id DESC) AS place
  FROM lc_summary AS y
  JOIN message AS u
    ON u.id = y.parent_id AND u.session_id = y.session_id
  JOIN part AS p
    ON p.message_id = u.id
  CROSS JOIN LATERAL (
    SELECT
      pg_temp.gc_json(p.data) AS document
    OFFSET 0
  ) AS p_data
  WHERE
    CASE
      WHEN CASE WHEN p_data.document IS NULL THEN 0 ELSE 1 END = 1
      THEN CASE WHEN (
        p_data.document #>> '{type}'
      ) = 'compaction' THEN 1 ELSE 0 END
      ELSE 0
    END = 1
) AS f
WHERE
  f.place = 1;

-- The first message that is still sent. Where it is not in the session, or comes after what the compaction stands
-- for, nothing is known, and nothing goes.
INSERT INTO lc_sent (
  session_id,
  created,
  id
)
SELECT
  f.session_id,
  b.time_created,
  b.id
FROM lc_fold AS f
JOIN message AS b
  ON b.id = COALESCE(f.tail_id, f.id) AND b.session_id = f.session_id
WHERE
  b.time_created < f.created OR (
    b.time_created = f.created AND b.id <= f.id
  );

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
  'part',
  'data',
  ROW_NUMBER() OVER (ORDER BY p.id),
  p.id,
  m.session_id,
  OCTET_LENGTH(p.data) - OCTET_LENGTH(
    pg_temp.gc_text(JSONB_SET(p_data.document, '{text}', TO_JSONB(CAST('[Old reasoning cleared]' AS TEXT))) #- '{metadata}', p.data)
  ),
  OCTET_LENGTH(p.data),
  COALESCE(CASE WHEN p.time_updated >= 1000000000000 THEN p.time_updated END, 0)
FROM lc_sent AS f
JOIN message AS m
  ON m.session_id = f.session_id
JOIN part AS p
  ON p.message_id = m.id
CROSS JOIN LATERAL (
  SELECT
    pg_temp.gc_json(p.data) AS document
  OFFSET 0
) AS p_data
WHERE
  CASE WHEN m.time_created < f.created THEN 1 WHEN m.time_created = f.created AND m.id < f.id THEN 1 ELSE 0 END = 1
  AND NOT p.id IS NULL
  AND CASE
    WHEN CASE WHEN p_data.document IS NULL THEN 0 ELSE 1 END = 1
    THEN CASE
      WHEN (
        p_data.document #>> '{type}'
      ) = 'reasoning'
      THEN CASE
        WHEN CASE WHEN p_data.document IS NULL THEN 0 ELSE 1 END = 1
        AND (
          COALESCE((
            p_data.document #>> '{text}'
          ), '') <> '[Old reasoning cleared]'
          OR CASE WHEN COALESCE(JSONB_TYPEOF(p_data.document #> '{metadata}'), 'null') = 'null' THEN 0 ELSE 1 END = 1
        )
        THEN 1
        ELSE 0
      END
      ELSE 0
    END
    ELSE 0
  END = 1;

INSERT INTO lc_broken (
  name,
  id
)
SELECT
  'part',
  p.id
FROM lc_sent AS f
JOIN message AS m
  ON m.session_id = f.session_id
JOIN part AS p
  ON p.message_id = m.id
WHERE
  CASE WHEN m.time_created < f.created THEN 1 WHEN m.time_created = f.created AND m.id < f.id THEN 1 ELSE 0 END = 1
  AND CASE WHEN pg_temp.gc_json(p.data) IS NULL THEN 0 ELSE 1 END = 0;
