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
    m.id AS id,
    m.session_id AS session_id,
    CAST(DATALENGTH(m.data) AS BIGINT) AS octets,
    COALESCE(CASE WHEN m.time_updated >= 1000000000000 THEN m.time_updated END, 0) AS stamp,
    CASE
      WHEN m.data LIKE '%"diffs"%'
      THEN CASE
        WHEN CASE
          WHEN ISJSON(m.data) = 1
          THEN CASE
            WHEN CASE
              WHEN JSON_VALUE(m.data, '$.summary.diffs[0]') IS NULL AND JSON_QUERY(m.data, '$.summary.diffs[0]') IS NULL
              THEN 0
              ELSE 1
            END = 1
            AND COALESCE(
              CAST(DATALENGTH(COALESCE(JSON_QUERY(m.data, '$.summary.diffs'), JSON_VALUE(m.data, '$.summary.diffs'))) AS BIGINT),
              0
            ) > COALESCE(
              CAST(DATALENGTH(COALESCE(JSON_QUERY(m.data, '$.summary.diffs[0]'), JSON_VALUE(m.data, '$.summary.diffs[0]'))) AS BIGINT),
              0
            )
            AND ISJSON(m.data) = 1
            THEN 1
            ELSE 0
          END
          ELSE 0
        END = 1
        THEN CAST(DATALENGTH(
          CASE
            WHEN JSON_QUERY(m.data, '$.summary.diffs') IS NULL
            THEN m.data
            ELSE JSON_MODIFY(m.data, '$.summary.diffs', JSON_QUERY('[]', '$'))
          END
        ) AS BIGINT)
      END
    END AS rest
  FROM message AS m
  JOIN #lc_session AS s
    ON s.id = m.session_id
  WHERE
    s.active < 1799395200000 AND s.unclear = 0 AND CAST(DATALENGTH(m.data) AS BIGINT) < 25165824
) AS d
WHERE
  NOT d.rest IS NULL AND NOT d.id IS NULL;

INSERT INTO #lc_too_large (
  name,
  id
)
SELECT
  'message',
  m.id
FROM message AS m
JOIN #lc_session AS s
  ON s.id = m.session_id
WHERE
  s.active < 1799395200000
  AND s.unclear = 0
  AND CAST(DATALENGTH(m.data) AS BIGINT) >= 25165824
  AND m.data LIKE '%"diffs"%';

-- The same lists in session, and the diff of a pending revert.
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
  'diffs',
  'session',
  'summary_diffs',
  ROW_NUMBER() OVER (ORDER BY r.id),
  r.id,
  r.id,
  CAST(DATALENGTH(r.summary_diffs) AS BIGINT),
  CAST(DATALENGTH(r.summary_diffs) AS BIGINT),
  COALESCE(CASE WHEN r.time_updated >= 1000000000000 THEN r.time_updated END, 0)
FROM session AS r
JOIN #lc_session AS s
  ON s.id = r.id
WHERE
  s.active < 1799395200000
  AND s.unclear = 0
  AND NOT r.summary_diffs IS NULL
  AND CAST(DATALENGTH(r.summary_diffs) AS BIGINT) < 25165824
  AND ISJSON(r.summary_diffs) = 1;

INSERT INTO #lc_too_large (
  name,
  id
)
SELECT
  'session',
  r.id
FROM session AS r
JOIN #lc_session AS s
  ON s.id = r.id
WHERE
  s.active < 1799395200000 AND s.unclear = 0 AND CAST(DATALENGTH(r.summary_diffs) AS BIGINT) >= 25165824;

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
    r.id AS id,
    CAST(DATALENGTH(r.[revert]) AS BIGINT) AS octets,
    COALESCE(CASE WHEN r.time_updated >= 1000000000000 THEN r.time_updated END, 0) AS stamp,
    CASE
      WHEN CASE
        WHEN ISJSON(r.[revert]) = 1
        THEN CASE
          WHEN CASE WHEN JSON_VALUE(r.[revert], '$.diff') IS NULL AND JSON_QUERY(r.[revert], '$.diff') IS NULL THEN 0 ELSE 1 END = 1
          AND ISJSON(r.[revert]) = 1
          THEN 1
          ELSE 0
        END
        ELSE 0
      END = 1
      THEN CAST(DATALENGTH(JSON_MODIFY(r.[revert], '$.diff', NULL)) AS BIGINT)
    END AS rest
  FROM session AS r
  JOIN #lc_session AS s
    ON s.id = r.id
  WHERE
    s.active < 1799395200000
    AND s.unclear = 0
    AND NOT r.[revert] IS NULL
    AND CAST(DATALENGTH(r.[revert]) AS BIGINT) < 25165824
) AS d
WHERE
  NOT d.rest IS NULL;

INSERT INTO #lc_too_large (
  name,
  id
)
SELECT
  'session',
  r.id
FROM session AS r
JOIN #lc_session AS s
  ON s.id = r.id
WHERE
  s.active < 1799395200000 AND s.unclear = 0 AND CAST(DATALENGTH(r.[revert]) AS BIGINT) >= 25165824;

-- The same lists in session_v2, and the diff of a pending revert.
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
  'diffs',
  'session_v2',
  'summary_diffs',
  ROW_NUMBER() OVER (ORDER BY r.id),
  r.id,
  r.id,
  CAST(DATALENGTH(r.summary_diffs) AS BIGINT),
  CAST(DATALENGTH(r.summary_diffs) AS BIGINT),
  COALESCE(CASE WHEN r.time_updated >= 1000000000000 THEN r.time_updated END, 0)
FROM session_v2 AS r
JOIN #lc_session AS s
  ON s.id = r.id
WHERE
  s.active < 1799395200000
  AND s.unclear = 0
  AND NOT r.summary_diffs IS NULL
  AND CAST(DATALENGTH(r.summary_diffs) AS BIGINT) < 25165824
  AND ISJSON(r.summary_diffs) = 1;

INSERT INTO #lc_too_large (
  name,
  id
)
SELECT
  'session_v2',
  r.id
FROM session_v2 AS r
JOIN #lc_session AS s
  ON s.id = r.id
WHERE
  s.active < 1799395200000 AND s.unclear = 0 AND CAST(DATALENGTH(r.summary_diffs) AS BIGINT) >= 25165824;

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
  'diffs',
  'session_v2',
  'revert',
  ROW_NUMBER() OVER (ORDER BY d.id),
  d.id,
  d.id,
  d.octets - d.rest,
  d.octets,
  d.stamp
FROM (
  SELECT
    r.id AS id,
    CAST(DATALENGTH(r.[revert]) AS BIGINT) AS octets,
    COALESCE(CASE WHEN r.time_updated >= 1000000000000 THEN r.time_updated END, 0) AS stamp,
    CASE
      WHEN CASE
        WHEN ISJSON(r.[revert]) = 1
        THEN CASE
          WHEN CASE WHEN JSON_VALUE(r.[revert], '$.diff') IS NULL AND JSON_QUERY(r.[revert], '$.diff') IS NULL THEN 0 ELSE 1 END = 1
          AND ISJSON(r.[revert]) = 1
          THEN 1
          ELSE 0
        END
        ELSE 0
      END = 1
      THEN CAST(DATALENGTH(JSON_MODIFY(r.[revert], '$.diff', NULL)) AS BIGINT)
    END AS rest
  FROM session_v2 AS r
  JOIN #lc_session AS s
    ON s.id = r.id
  WHERE
    s.active < 1799395200000
    AND s.unclear = 0
    AND NOT r.[revert] IS NULL
    AND CAST(DATALENGTH(r.[revert]) AS BIGINT) < 25165824
) AS d
WHERE
  NOT d.rest IS NULL;

INSERT INTO #lc_too_large (
  name,
  id
)
SELECT
  'session_v2',
  r.id
FROM session_v2 AS r
JOIN #lc_session AS s
  ON s.id = r.id
WHERE
  s.active < 1799395200000 AND s.unclear = 0 AND CAST(DATALENGTH(r.[revert]) AS BIGINT) >= 25165824;
