-- What there is to move, of the rows that were looked into.
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
  'attachments',
  a.name,
  'data',
  a.number,
  a.id,
  a.session_id,
  w.bytes,
  a.octets,
  a.stamp
FROM lc_weighed AS w
JOIN lc_attached AS a
  ON a.name = w.name AND a.number = w.number;
