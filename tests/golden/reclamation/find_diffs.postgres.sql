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
  'diffs',
  'message',
  'data',
  ROW_NUMBER() OVER (ORDER BY d.id),
  d.id,
  d.session_id,
  d.octets - d.rest,
  d.octets,
  d.stamp
FROM (
  SELECT
    m.id,
    m.session_id,
    OCTET_LENGTH(m.data) AS octets,
    COALESCE(CASE WHEN m.time_updated >= 1000000000000 THEN m.time_updated END, 0) AS stamp,
    CASE
      WHEN NOT m_data.document IS NULL
      THEN CASE
        WHEN CASE
          WHEN CASE WHEN m_data.document IS NULL THEN 0 ELSE 1 END = 1
          THEN CASE
            WHEN CASE WHEN COALESCE(JSONB_TYPEOF(m_data.document #> '{summary,diffs,0}'), 'null') = 'null' THEN 0 ELSE 1 END = 1
            AND COALESCE(OCTET_LENGTH(m_data.document #>> '{summary,diffs}'), 0) > COALESCE(OCTET_LENGTH(m_data.document #>> '{summary,diffs,0}'), 0)
            AND CASE WHEN m_data.document IS NULL THEN 0 ELSE 1 END = 1
            THEN 1
            ELSE 0
          END
          ELSE 0
        END = 1
        THEN OCTET_LENGTH(pg_temp.gc_text(JSONB_SET(m_data.document, '{summary,diffs}', CAST('[]' AS JSONB), FALSE), m.data))
      END
    END AS rest
  FROM message AS m
  JOIN lc_session AS s
    ON s.id = m.session_id
  CROSS JOIN LATERAL (
    SELECT
      CASE WHEN CASE WHEN m.data LIKE '%"diffs"%' THEN TRUE ELSE FALSE END THEN pg_temp.gc_json(m.data) END AS document
    OFFSET 0
  ) AS m_data
  WHERE
    s.active < 1799395200000 AND s.unclear = 0
) AS d
WHERE
  NOT d.rest IS NULL AND NOT d.id IS NULL;

-- The same lists in session, and the diff of a pending revert.
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
  'diffs',
  'session',
  'summary_diffs',
  ROW_NUMBER() OVER (ORDER BY r.id),
  r.id,
  r.id,
  OCTET_LENGTH(r.summary_diffs),
  OCTET_LENGTH(r.summary_diffs),
  COALESCE(CASE WHEN r.time_updated >= 1000000000000 THEN r.time_updated END, 0)
FROM session AS r
JOIN lc_session AS s
  ON s.id = r.id
WHERE
  s.active < 1799395200000
  AND s.unclear = 0
  AND NOT r.summary_diffs IS NULL
  AND CASE WHEN pg_temp.gc_json(r.summary_diffs) IS NULL THEN 0 ELSE 1 END = 1;

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
  'diffs',
  'session',
  'revert',
  ROW_NUMBER() OVER (ORDER BY d.id),
  d.id,
  d.id,
  d.octets - d.rest,
  d.octets,
  d.stamp
FROM (
  SELECT
    r.id,
    OCTET_LENGTH(r.revert) AS octets,
    COALESCE(CASE WHEN r.time_updated >= 1000000000000 THEN r.time_updated END, 0) AS stamp,
    CASE
      WHEN CASE
        WHEN CASE WHEN r_revert.document IS NULL THEN 0 ELSE 1 END = 1
        THEN CASE
          WHEN CASE WHEN COALESCE(JSONB_TYPEOF(r_revert.document #> '{diff}'), 'null') = 'null' THEN 0 ELSE 1 END = 1
          AND CASE WHEN r_revert.document IS NULL THEN 0 ELSE 1 END = 1
          THEN 1
          ELSE 0
        END
        ELSE 0
      END = 1
      THEN OCTET_LENGTH(pg_temp.gc_text(r_revert.document #- '{diff}', r.revert))
    END AS rest
  FROM session AS r
  JOIN lc_session AS s
    ON s.id = r.id
  CROSS JOIN LATERAL (
    SELECT
      pg_temp.gc_json(r.revert) AS document
    OFFSET 0
  ) AS r_revert
  WHERE
    s.active < 1799395200000 AND s.unclear = 0 AND NOT r.revert IS NULL
) AS d
WHERE
  NOT d.rest IS NULL;
