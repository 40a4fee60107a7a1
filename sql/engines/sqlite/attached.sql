-- How SQLite lists what is attached: a JSON array with one [media type, first 200 characters, characters] for each
-- text, :a being the row's JSON. The media type is NULL where the text, a data: URL, names it itself.
-- part_files: the URL of a file part, and those of what a tool attached to its result (1.x).
-- message_files: what came with a prompt, as a URL (1.18) or as bare base64 beside its type (2.x), and with the result
-- of a tool, in its content or its attachments.
-- Elements are counted and asked for by their place, and each text twice, since that keeps the fewest copies of a large
-- one in memory: json_each and a list of whole texts keep more. LIMIT -1 keeps SQLite from merging the queries.
SELECT
  (
    WITH RECURSIVE place (n, tally) AS (
      SELECT -1, COALESCE(JSON_ARRAY_LENGTH(:a, '$.state.attachments'), 0)
      UNION ALL
      SELECT p.n + 1, p.tally FROM place AS p WHERE p.n + 1 < p.tally
    )
    SELECT JSON_GROUP_ARRAY(JSON_ARRAY(NULL, f.head, LENGTH(:a ->> f.path)))
    FROM (
      SELECT d.path, SUBSTR(:a ->> d.path, 1, 200) AS head
      FROM (
        SELECT CASE WHEN p.n < 0 THEN '$.url' ELSE '$.state.attachments[' || p.n || '].url' END AS path
        FROM place AS p
      ) AS d
      LIMIT -1
    ) AS f
    WHERE f.head LIKE 'data:%;base64,%'
  ) AS part_files,
  (
    WITH RECURSIVE spot (n, tally) AS (
      SELECT 0, COALESCE(JSON_ARRAY_LENGTH(:a, '$.files'), 0)
      UNION ALL
      SELECT s.n + 1, s.tally FROM spot AS s WHERE s.n + 1 < s.tally
    ), entry (n, tally) AS (
      SELECT 0, COALESCE(JSON_ARRAY_LENGTH(:a, '$.content'), 0)
      UNION ALL
      SELECT e.n + 1, e.tally FROM entry AS e WHERE e.n + 1 < e.tally
    ), list (path) AS (
      SELECT '$.content[' || e.n || '].state.content' FROM entry AS e
      UNION ALL
      SELECT '$.content[' || e.n || '].state.attachments' FROM entry AS e
    ), place (path, n, tally) AS (
      SELECT l.path, 0, COALESCE(JSON_ARRAY_LENGTH(:a, l.path), 0) FROM list AS l
      UNION ALL
      SELECT p.path, p.n + 1, p.tally FROM place AS p WHERE p.n + 1 < p.tally
    )
    SELECT JSON_GROUP_ARRAY(JSON_ARRAY(f.mime, f.head, LENGTH(:a ->> f.path)))
    FROM (
      SELECT d.mime, d.path, SUBSTR(:a ->> d.path, 1, 200) AS head
      FROM (
        SELECT NULL AS mime, '$.files[' || s.n || '].uri' AS path FROM spot AS s
        UNION ALL
        SELECT :a ->> ('$.files[' || s.n || '].mime'), '$.files[' || s.n || '].data' FROM spot AS s
        UNION ALL
        SELECT NULL, p.path || '[' || p.n || '].uri' FROM place AS p WHERE p.n < p.tally
      ) AS d
      LIMIT -1
    ) AS f
    WHERE CASE WHEN f.mime IS NULL THEN f.head LIKE 'data:%;base64,%' ELSE f.head IS NOT NULL END
  ) AS message_files;
