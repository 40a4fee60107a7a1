-- Every id with a row in session.
INSERT INTO lc_link (
  id,
  parent_id
)
SELECT
  s.id,
  NULL
FROM session AS s
WHERE
  NOT s.id IS NULL;

-- Who is whose child, and of which project. Nothing is judged here, so no other fact is looked up.
INSERT INTO lc_session (
  id,
  parent_id,
  project_id,
  shared,
  archived,
  unsafe,
  unclear,
  active,
  newest,
  tally,
  bytes,
  log_rows,
  log_bytes,
  seq,
  checksum
)
SELECT
  k.id,
  session_row.parent_id,
  session_row.project_id,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0,
  0
FROM lc_link AS k
LEFT JOIN session AS session_row
  ON session_row.id = k.id;

-- A second name for the sessions, to join them with their parents.
DELETE FROM lc_link;

INSERT INTO lc_link (
  id,
  parent_id
)
SELECT
  s.id,
  s.parent_id
FROM lc_session AS s;
