-- Finished summaries: the prompts that they answer.
INSERT INTO #lc_summary (
  session_id,
  parent_id
)
SELECT
  m.session_id,
  JSON_VALUE(CASE WHEN CAST(DATALENGTH(m.data) AS BIGINT) < 16777216 THEN m.data ELSE k.value END, '$.parentID')
FROM message AS m
JOIN #lc_session AS s
  ON s.id = m.session_id
LEFT JOIN #lc_skeleton AS k
  ON k.name = 'message' AND k.id = m.id
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
  AND CASE
    WHEN ISJSON(CASE WHEN CAST(DATALENGTH(m.data) AS BIGINT) < 16777216 THEN m.data ELSE k.value END) = 1
    THEN CASE
      WHEN JSON_VALUE(CASE WHEN CAST(DATALENGTH(m.data) AS BIGINT) < 16777216 THEN m.data ELSE k.value END, '$.role') = 'assistant'
      AND (
        JSON_VALUE(CASE WHEN CAST(DATALENGTH(m.data) AS BIGINT) < 16777216 THEN m.data ELSE k.value END, '$.summary') LIKE 'true'
        OR JSON_VALUE(CASE WHEN CAST(DATALENGTH(m.data) AS BIGINT) < 16777216 THEN m.data ELSE k.value END, '$.summary') LIKE '1'
      )
      AND CASE
        WHEN JSON_VALUE(CASE WHEN CAST(DATALENGTH(m.data) AS BIGINT) < 16777216 THEN m.data ELSE k.value END, '$.parentID') IS NULL
        AND JSON_QUERY(CASE WHEN CAST(DATALENGTH(m.data) AS BIGINT) < 16777216 THEN m.data ELSE k.value END, '$.parentID') IS NULL
        THEN 0
        ELSE 1
      END = 1
      AND CASE
        WHEN JSON_VALUE(CASE WHEN CAST(DATALENGTH(m.data) AS BIGINT) < 16777216 THEN m.data ELSE k.value END, '$.finish') IS NULL
        AND JSON_QUERY(CASE WHEN CAST(DATALENGTH(m.data) AS BIGINT) < 16777216 THEN m.data ELSE k.value END, '$.finish') IS NULL
        THEN 0
        ELSE 1
      END = 1
      AND CASE
        WHEN JSON_VALUE(CASE WHEN CAST(DATALENGTH(m.data) AS BIGINT) < 16777216 THEN m.data ELSE k.value END, '$.time.completed') IS NULL
        AND JSON_QUERY(CASE WHEN CAST(DATALENGTH(m.data) AS BIGINT) < 16777216 THEN m.data ELSE k.value END, '$.time.completed') IS NULL
        THEN 0
        ELSE 1
      END = 1
      AND CASE
        WHEN JSON_VALUE(CASE WHEN CAST(DATALENGTH(m.data) AS BIGINT) < 16777216 THEN m.data ELSE k.value END, '$.error') IS NULL
        AND JSON_QUERY(CASE WHEN CAST(DATALENGTH(m.data) AS BIGINT) < 16777216 THEN m.data ELSE k.value END, '$.error') IS NULL
        THEN 0
        ELSE 1
      END = 0
      THEN 1
      ELSE 0
    END
    ELSE 0
  END = 1;

-- The newest of them in each session, and from where on the messages before it are sent again.
INSERT INTO #lc_fold (
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
    u.session_id AS session_id,
    u.time_created AS created,
    u.id AS id,
    JSON_VALUE(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.tail_start_id') AS tail_id,
    ROW_NUMBER() OVER (PARTITION BY u.session_id ORDER BY u.time_created DESC, u.id DESC, p.id DESC) AS place
  FROM #lc_summary AS y
  JOIN message AS u
    ON u.id = y.parent_id AND u.session_id = y.session_id
  JOIN part AS p
    ON p.message_id = u.id
  LEFT JOIN #lc_skeleton AS k
    ON k.name = 'part' AND k.id = p.id
  WHERE
    CASE
      WHEN ISJSON(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END) = 1
      THEN CASE
        WHEN JSON_VALUE(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.type') = 'compaction'
        THEN 1
        ELSE 0
      END
      ELSE 0
    END = 1
) AS f
WHERE
  f.place = 1;

-- The first message that is still sent. Where it is not in the session, or comes after what the compaction stands
-- for, nothing is known, and nothing goes.
INSERT INTO #lc_sent (
  session_id,
  created,
  id
)
SELECT
  f.session_id,
  b.time_created,
  b.id
FROM #lc_fold AS f
JOIN message AS b
  ON b.id = COALESCE(f.tail_id, f.id) AND b.session_id = f.session_id
WHERE
  b.time_created < f.created OR (
    b.time_created = f.created AND b.id <= f.id
  );

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
  'part',
  'data',
  ROW_NUMBER() OVER (ORDER BY p.id),
  p.id,
  m.session_id,
  CAST(DATALENGTH(p.data) AS BIGINT) - CAST(DATALENGTH(
    JSON_MODIFY(
      JSON_MODIFY(
        CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END,
        '$.text',
        '[Old reasoning cleared]'
      ),
      '$.metadata',
      NULL
    )
  ) AS BIGINT),
  CAST(DATALENGTH(p.data) AS BIGINT),
  COALESCE(CASE WHEN p.time_updated >= 1000000000000 THEN p.time_updated END, 0)
FROM #lc_sent AS f
JOIN message AS m
  ON m.session_id = f.session_id
JOIN part AS p
  ON p.message_id = m.id
LEFT JOIN #lc_skeleton AS k
  ON k.name = 'part' AND k.id = p.id
WHERE
  CASE WHEN m.time_created < f.created THEN 1 WHEN m.time_created = f.created AND m.id < f.id THEN 1 ELSE 0 END = 1
  AND NOT p.id IS NULL
  AND CASE
    WHEN ISJSON(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END) = 1
    THEN CASE
      WHEN JSON_VALUE(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.type') = 'reasoning'
      THEN CASE
        WHEN ISJSON(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END) = 1
        AND (
          COALESCE(JSON_VALUE(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.text'), '') <> '[Old reasoning cleared]'
          OR CASE
            WHEN JSON_VALUE(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.metadata') IS NULL
            AND JSON_QUERY(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.metadata') IS NULL
            THEN 0
            ELSE 1
          END = 1
        )
        THEN 1
        ELSE 0
      END
      ELSE 0
    END
    ELSE 0
  END = 1
  AND (
    CAST(DATALENGTH(p.data) AS BIGINT) < 16777216
    OR JSON_MODIFY(
      JSON_MODIFY(
        CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END,
        '$.text',
        '[Old reasoning cleared]'
      ),
      '$.metadata',
      NULL
    ) NOT LIKE '%left out%'
  );

-- Huge ones that say more than what would go.
INSERT INTO #lc_too_large (
  name,
  id
)
SELECT
  'part',
  p.id
FROM #lc_sent AS f
JOIN message AS m
  ON m.session_id = f.session_id
JOIN part AS p
  ON p.message_id = m.id
LEFT JOIN #lc_skeleton AS k
  ON k.name = 'part' AND k.id = p.id
WHERE
  CASE WHEN m.time_created < f.created THEN 1 WHEN m.time_created = f.created AND m.id < f.id THEN 1 ELSE 0 END = 1
  AND CASE
    WHEN ISJSON(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END) = 1
    THEN CASE
      WHEN JSON_VALUE(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.type') = 'reasoning'
      THEN CASE
        WHEN ISJSON(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END) = 1
        AND (
          COALESCE(JSON_VALUE(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.text'), '') <> '[Old reasoning cleared]'
          OR CASE
            WHEN JSON_VALUE(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.metadata') IS NULL
            AND JSON_QUERY(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END, '$.metadata') IS NULL
            THEN 0
            ELSE 1
          END = 1
        )
        THEN 1
        ELSE 0
      END
      ELSE 0
    END
    ELSE 0
  END = 1
  AND NOT (
    CAST(DATALENGTH(p.data) AS BIGINT) < 16777216
    OR JSON_MODIFY(
      JSON_MODIFY(
        CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END,
        '$.text',
        '[Old reasoning cleared]'
      ),
      '$.metadata',
      NULL
    ) NOT LIKE '%left out%'
  );

INSERT INTO #lc_broken (
  name,
  id
)
SELECT
  'part',
  p.id
FROM #lc_sent AS f
JOIN message AS m
  ON m.session_id = f.session_id
JOIN part AS p
  ON p.message_id = m.id
LEFT JOIN #lc_skeleton AS k
  ON k.name = 'part' AND k.id = p.id
WHERE
  CASE WHEN m.time_created < f.created THEN 1 WHEN m.time_created = f.created AND m.id < f.id THEN 1 ELSE 0 END = 1
  AND ISJSON(CASE WHEN CAST(DATALENGTH(p.data) AS BIGINT) < 16777216 THEN p.data ELSE k.value END) = 0;
