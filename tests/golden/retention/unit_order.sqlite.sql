-- When each unit was last active: the oldest goes first, so that a run cut short has taken the oldest.
INSERT INTO lc_turn (
  root_id,
  active,
  sessions,
  bytes
)
SELECT
  u.root_id,
  MAX(s.active),
  COUNT(*),
  SUM(s.bytes)
FROM lc_unit AS u
JOIN lc_session AS s
  ON s.id = u.id
GROUP BY
  u.root_id;
