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
    LENGTH(CAST(m.data AS BLOB)) AS octets,
    COALESCE(CASE WHEN TYPEOF(m.time_updated) = 'integer' AND m.time_updated >= 1000000000000 THEN m.time_updated END, 0) AS stamp,
    CASE
      WHEN m.data LIKE '%"diffs"%'
      THEN CASE
        WHEN CASE
          WHEN JSON_VALID(m.data) = 1
          THEN CASE
            WHEN CASE WHEN COALESCE(JSON_TYPE(m.data, '$.summary.diffs[0]'), 'null') = 'null' THEN 0 ELSE 1 END = 1
            AND COALESCE(LENGTH(CAST(JSON_EXTRACT(m.data, '$.summary.diffs') AS BLOB)), 0) > COALESCE(LENGTH(CAST(JSON_EXTRACT(m.data, '$.summary.diffs[0]') AS BLOB)), 0)
            AND CASE
              WHEN TYPEOF(m.data) <> 'text'
              THEN 0
              WHEN JSON_VALID(m.data) = 0
              THEN 0
              WHEN LENGTH(CAST(PRINTF('%s', m.data) AS BLOB)) < LENGTH(CAST(m.data AS BLOB))
              THEN 0
              ELSE 1
            END = 1
            THEN 1
            ELSE 0
          END
          ELSE 0
        END = 1
        THEN LENGTH(CAST(JSON_REPLACE(m.data, '$.summary.diffs', JSON('[]')) AS BLOB))
      END
    END AS rest
  FROM message AS m
  JOIN lc_session AS s
    ON s.id = m.session_id
  WHERE
    s.active < 1799395200000 AND s.unclear = 0 AND LENGTH(CAST(m.data AS BLOB)) < 25165824
) AS d
WHERE
  NOT d.rest IS NULL AND NOT d.id IS NULL;

INSERT INTO lc_too_large (
  name,
  id
)
SELECT
  'message',
  m.id
FROM message AS m
JOIN lc_session AS s
  ON s.id = m.session_id
WHERE
  s.active < 1799395200000
  AND s.unclear = 0
  AND LENGTH(CAST(m.data AS BLOB)) >= 25165824
  AND m.data LIKE '%"diffs"%';

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
  LENGTH(CAST(r.summary_diffs AS BLOB)),
  LENGTH(CAST(r.summary_diffs AS BLOB)),
  COALESCE(CASE WHEN TYPEOF(r.time_updated) = 'integer' AND r.time_updated >= 1000000000000 THEN r.time_updated END, 0)
FROM session AS r
JOIN lc_session AS s
  ON s.id = r.id
WHERE
  s.active < 1799395200000
  AND s.unclear = 0
  AND NOT r.summary_diffs IS NULL
  AND LENGTH(CAST(r.summary_diffs AS BLOB)) < 25165824
  AND CASE
    WHEN TYPEOF(r.summary_diffs) <> 'text'
    THEN 0
    WHEN JSON_VALID(r.summary_diffs) = 0
    THEN 0
    WHEN LENGTH(CAST(PRINTF('%s', r.summary_diffs) AS BLOB)) < LENGTH(CAST(r.summary_diffs AS BLOB))
    THEN 0
    ELSE 1
  END = 1;

INSERT INTO lc_too_large (
  name,
  id
)
SELECT
  'session',
  r.id
FROM session AS r
JOIN lc_session AS s
  ON s.id = r.id
WHERE
  s.active < 1799395200000 AND s.unclear = 0 AND LENGTH(CAST(r.summary_diffs AS BLOB)) >= 25165824;

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
    LENGTH(CAST(r.revert AS BLOB)) AS octets,
    COALESCE(CASE WHEN TYPEOF(r.time_updated) = 'integer' AND r.time_updated >= 1000000000000 THEN r.time_updated END, 0) AS stamp,
    CASE
      WHEN CASE
        WHEN JSON_VALID(r.revert) = 1
        THEN CASE
          WHEN CASE WHEN COALESCE(JSON_TYPE(r.revert, '$.diff'), 'null') = 'null' THEN 0 ELSE 1 END = 1
          AND CASE
            WHEN TYPEOF(r.revert) <> 'text'
            THEN 0
            WHEN JSON_VALID(r.revert) = 0
            THEN 0
            WHEN LENGTH(CAST(PRINTF('%s', r.revert) AS BLOB)) < LENGTH(CAST(r.revert AS BLOB))
            THEN 0
            ELSE 1
          END = 1
          THEN 1
          ELSE 0
        END
        ELSE 0
      END = 1
      THEN LENGTH(CAST(JSON_REMOVE(r.revert, '$.diff') AS BLOB))
    END AS rest
  FROM session AS r
  JOIN lc_session AS s
    ON s.id = r.id
  WHERE
    s.active < 1799395200000
    AND s.unclear = 0
    AND NOT r.revert IS NULL
    AND LENGTH(CAST(r.revert AS BLOB)) < 25165824
) AS d
WHERE
  NOT d.rest IS NULL;

INSERT INTO lc_too_large (
  name,
  id
)
SELECT
  'session',
  r.id
FROM session AS r
JOIN lc_session AS s
  ON s.id = r.id
WHERE
  s.active < 1799395200000 AND s.unclear = 0 AND LENGTH(CAST(r.revert AS BLOB)) >= 25165824;
