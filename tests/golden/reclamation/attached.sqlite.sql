SELECT
  a.number,
  a.id,
  (
    WITH RECURSIVE spot(n, tally) AS (
      SELECT
        0,
        COALESCE(JSON_ARRAY_LENGTH(x.data, '$.files'), 0)
      UNION ALL
      SELECT
        s.n + 1,
        s.tally
      FROM spot AS s
      WHERE
        s.n + 1 < s.tally
    ), entry(n, tally) AS (
      SELECT
        0,
        COALESCE(JSON_ARRAY_LENGTH(x.data, '$.content'), 0)
      UNION ALL
      SELECT
        e.n + 1,
        e.tally
      FROM entry AS e
      WHERE
        e.n + 1 < e.tally
    ), list(path) AS (
      SELECT
        '$.content[' || e.n || '].state.content'
      FROM entry AS e
      UNION ALL
      SELECT
        '$.content[' || e.n || '].state.attachments'
      FROM entry AS e
    ), place(path, n, tally) AS (
      SELECT
        l.path,
        0,
        COALESCE(JSON_ARRAY_LENGTH(x.data, l.path), 0)
      FROM list AS l
      UNION ALL
      SELECT
        p.path,
        p.n + 1,
        p.tally
      FROM place AS p
      WHERE
        p.n + 1 < p.tally
    )
    SELECT
      JSON_GROUP_ARRAY(JSON_ARRAY(f.mime, f.head, LENGTH(x.data ->> f.path)))
    FROM (
      SELECT
        d.mime,
        d.path,
        SUBSTRING(x.data ->> d.path, 1, 200) AS head
      FROM (
        SELECT
          NULL AS mime,
          '$.files[' || s.n || '].uri' AS path
        FROM spot AS s
        UNION ALL
        SELECT
          x.data ->> (
            '$.files[' || s.n || '].mime'
          ),
          '$.files[' || s.n || '].data'
        FROM spot AS s
        UNION ALL
        SELECT
          NULL,
          p.path || '[' || p.n || '].uri'
        FROM place AS p
        WHERE
          p.n < p.tally
      ) AS d
      LIMIT -1
    ) AS f
    WHERE
      CASE WHEN f.mime IS NULL THEN f.head LIKE 'data:%;base64,%' ELSE NOT f.head IS NULL END
  ) AS found
FROM lc_attached AS a
JOIN event AS x
  ON x.id = a.id
WHERE
  a.name = 'event' AND a.number BETWEEN 1 AND 4000 AND LENGTH(CAST(x.data AS BLOB)) = a.octets
ORDER BY
  a.number;
