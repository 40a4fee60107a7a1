-- Each session with what people and the client say for it.
INSERT INTO lc_held (
  id,
  running,
  pinned,
  restored,
  matched
)
SELECT
  s.id,
  CASE WHEN EXISTS(
    SELECT
      1
    FROM lc_running AS u
    WHERE
      u.id = s.id
  ) THEN 1 ELSE 0 END,
  CASE WHEN EXISTS(
    SELECT
      1
    FROM lc_pin AS p
    WHERE
      p.id = s.id
  ) THEN 1 ELSE 0 END,
  CASE
    WHEN EXISTS(
      SELECT
        1
      FROM lc_restored AS b
      WHERE
        b.id = s.id AND b.moment > 1797408000000
    )
    THEN 1
    ELSE 0
  END,
  CASE WHEN EXISTS(
    SELECT
      1
    FROM lc_match AS w
    WHERE
      w.id = s.id
  ) THEN 1 ELSE 0 END
FROM lc_session AS s;

-- A tree is judged as a whole: one shared, pinned or running session holds all of it.
INSERT INTO lc_tree (
  root_id,
  project_id,
  title,
  sessions,
  active,
  newest,
  tally,
  bytes,
  size,
  unsafe,
  unclear,
  running,
  shared,
  pinned,
  restored,
  matched
)
SELECT
  r.root_id,
  MAX(CASE WHEN s.id = r.root_id THEN s.project_id END),
  MAX(CASE WHEN s.id = r.root_id THEN s.title END),
  COUNT(*),
  MAX(s.active),
  MAX(s.newest),
  SUM(s.tally + s.log_rows),
  SUM(s.bytes),
  SUM(s.bytes + (
    s.tally + s.log_rows
  ) * 300),
  MAX(s.unsafe),
  MAX(s.unclear),
  MAX(h.running),
  MAX(s.shared),
  MAX(h.pinned),
  MAX(h.restored),
  MAX(h.matched)
FROM lc_session AS s
JOIN lc_root AS r
  ON r.id = s.id
JOIN lc_held AS h
  ON h.id = s.id
GROUP BY
  r.root_id;
