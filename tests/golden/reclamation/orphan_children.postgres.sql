-- Sessions whose parent is gone; each heads a tree of its own.
SELECT
  s.id,
  s.title,
  s.parent_id,
  s.active
FROM lc_session AS s
LEFT JOIN lc_link AS p
  ON p.id = s.parent_id
WHERE
  NOT s.parent_id IS NULL AND p.id IS NULL
ORDER BY
  s.active DESC,
  s.id;
