-- One unattended run takes a share of the trees and of their octets, in thousandths; the oldest go first. What it has
-- taken already counts, to the whole and to the share.
INSERT INTO lc_whole (
  trees,
  bytes
)
SELECT
  COUNT(*) + 0,
  COALESCE(SUM(t.bytes), 0) + 0
FROM lc_tree AS t;

-- A unit that is larger than the share on its own is left for people, and takes no room from the others.
INSERT INTO lc_share (
  root_id,
  place,
  filled
)
SELECT
  t.root_id,
  0 + ROW_NUMBER() OVER (ORDER BY t.active, t.root_id),
  0 + SUM(t.bytes) OVER (ORDER BY t.active, t.root_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
FROM lc_turn AS t
JOIN lc_whole AS w
  ON 1 = 1
WHERE
  t.bytes * 1000 <= w.bytes * 500;

-- One tree may go in any case, so that a store of few trees comes to an end.
INSERT INTO lc_beyond (
  root_id,
  bytes,
  alone
)
SELECT
  t.root_id,
  t.bytes,
  CASE WHEN s.root_id IS NULL THEN 1 ELSE 0 END
FROM lc_turn AS t
JOIN lc_whole AS w
  ON 1 = 1
LEFT JOIN lc_share AS s
  ON s.root_id = t.root_id
WHERE
  s.root_id IS NULL
  OR s.filled * 1000 > w.bytes * 500
  OR (
    s.place > 1 AND s.place * 1000 > w.trees * 500
  );

DELETE FROM lc_unit
WHERE
  root_id IN (
    SELECT
      b.root_id
    FROM lc_beyond AS b
  );

DELETE FROM lc_turn
WHERE
  root_id IN (
    SELECT
      b.root_id
    FROM lc_beyond AS b
  );
