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
      WHEN m.data LIKE '%"diffs"%'
      THEN CASE
        WHEN CASE
          WHEN JSON_VALID(
            CASE
              WHEN JSON_VALID(m.data) = 1
              THEN m.data
              ELSE REGEXP_REPLACE(m.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
            END
          ) = 1
          THEN CASE
            WHEN CASE
              WHEN COALESCE(
                JSON_TYPE(
                  JSON_EXTRACT(
                    CASE
                      WHEN JSON_VALID(m.data) = 1
                      THEN m.data
                      ELSE REGEXP_REPLACE(m.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
                    END,
                    '$.summary.diffs[0]'
                  )
                ),
                'NULL'
              ) = 'NULL'
              THEN 0
              ELSE 1
            END = 1
            AND COALESCE(
              OCTET_LENGTH(
                JSON_UNQUOTE(
                  JSON_EXTRACT(
                    CASE
                      WHEN JSON_VALID(m.data) = 1
                      THEN m.data
                      ELSE REGEXP_REPLACE(m.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
                    END,
                    '$.summary.diffs'
                  )
                )
              ),
              0
            ) > COALESCE(
              OCTET_LENGTH(
                JSON_UNQUOTE(
                  JSON_EXTRACT(
                    CASE
                      WHEN JSON_VALID(m.data) = 1
                      THEN m.data
                      ELSE REGEXP_REPLACE(m.data, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
                    END,
                    '$.summary.diffs[0]'
                  )
                )
              ),
              0
            )
            AND JSON_VALID(m.data) = 1
            THEN 1
            ELSE 0
          END
          ELSE 0
        END = 1
        THEN OCTET_LENGTH(JSON_REPLACE(m.data, '$.summary.diffs', JSON_ARRAY()))
      END
    END AS rest
  FROM message AS m
  JOIN lc_session AS s
    ON s.id = m.session_id
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
  s.active < 1799395200000 AND s.unclear = 0 AND NOT r.summary_diffs IS NULL AND JSON_VALID(r.summary_diffs) = 1;

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
        WHEN JSON_VALID(
          CASE
            WHEN JSON_VALID(r.revert) = 1
            THEN r.revert
            ELSE REGEXP_REPLACE(r.revert, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
          END
        ) = 1
        THEN CASE
          WHEN CASE
            WHEN COALESCE(
              JSON_TYPE(
                JSON_EXTRACT(
                  CASE
                    WHEN JSON_VALID(r.revert) = 1
                    THEN r.revert
                    ELSE REGEXP_REPLACE(r.revert, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
                  END,
                  '$.diff'
                )
              ),
              'NULL'
            ) = 'NULL'
            THEN 0
            ELSE 1
          END = 1
          AND JSON_VALID(r.revert) = 1
          THEN 1
          ELSE 0
        END
        ELSE 0
      END = 1
      THEN OCTET_LENGTH(JSON_REMOVE(r.revert, '$.diff'))
    END AS rest
  FROM session AS r
  JOIN lc_session AS s
    ON s.id = r.id
  WHERE
    s.active < 1799395200000 AND s.unclear = 0 AND NOT r.revert IS NULL
) AS d
WHERE
  NOT d.rest IS NULL;

-- The same lists in session_v2, and the diff of a pending revert.
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
  'session_v2',
  'summary_diffs',
  ROW_NUMBER() OVER (ORDER BY r.id),
  r.id,
  r.id,
  OCTET_LENGTH(r.summary_diffs),
  OCTET_LENGTH(r.summary_diffs),
  COALESCE(CASE WHEN r.time_updated >= 1000000000000 THEN r.time_updated END, 0)
FROM session_v2 AS r
JOIN lc_session AS s
  ON s.id = r.id
WHERE
  s.active < 1799395200000 AND s.unclear = 0 AND NOT r.summary_diffs IS NULL AND JSON_VALID(r.summary_diffs) = 1;

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
    r.id,
    OCTET_LENGTH(r.revert) AS octets,
    COALESCE(CASE WHEN r.time_updated >= 1000000000000 THEN r.time_updated END, 0) AS stamp,
    CASE
      WHEN CASE
        WHEN JSON_VALID(
          CASE
            WHEN JSON_VALID(r.revert) = 1
            THEN r.revert
            ELSE REGEXP_REPLACE(r.revert, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
          END
        ) = 1
        THEN CASE
          WHEN CASE
            WHEN COALESCE(
              JSON_TYPE(
                JSON_EXTRACT(
                  CASE
                    WHEN JSON_VALID(r.revert) = 1
                    THEN r.revert
                    ELSE REGEXP_REPLACE(r.revert, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?')
                  END,
                  '$.diff'
                )
              ),
              'NULL'
            ) = 'NULL'
            THEN 0
            ELSE 1
          END = 1
          AND JSON_VALID(r.revert) = 1
          THEN 1
          ELSE 0
        END
        ELSE 0
      END = 1
      THEN OCTET_LENGTH(JSON_REMOVE(r.revert, '$.diff'))
    END AS rest
  FROM session_v2 AS r
  JOIN lc_session AS s
    ON s.id = r.id
  WHERE
    s.active < 1799395200000 AND s.unclear = 0 AND NOT r.revert IS NULL
) AS d
WHERE
  NOT d.rest IS NULL;
