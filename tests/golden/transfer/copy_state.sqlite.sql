-- What is to be done about each session of the source. A time that is as new as the look itself (two seconds around
-- it), or that is none, does not tell two states apart: there the digest decides. Rows that a deleted session left behind
-- at the source take nothing from the session that stands here.
SELECT
  n.id,
  CASE
    WHEN n.rooted = 0 AND NOT (
      session_row.id IS NULL
    )
    THEN 'gone'
    WHEN c.session_id IS NULL
    THEN 'new'
    WHEN c.fingerprint <> n.fingerprint OR c.root_id <> n.root_id
    THEN 'changed'
    WHEN n.rooted = 1 AND session_row.id IS NULL
    THEN 'missing'
    WHEN c.kept = 0
    THEN 'newer'
    WHEN n.newest IS NULL OR n.newest >= c.seen - 2000
    THEN 'doubtful'
    ELSE 'same'
  END AS state,
  c.digest,
  CASE WHEN c.vanished IS NULL THEN 0 ELSE 1 END AS back
FROM lc_now AS n
LEFT JOIN lifecycle_copy AS c
  ON c.origin = 'desk:1f0a' AND c.session_id = n.id
LEFT JOIN session AS session_row
  ON session_row.id = n.id
ORDER BY
  n.root_id,
  n.id;
