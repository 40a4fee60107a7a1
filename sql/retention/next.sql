-- The moment from which on a tree that stays may go, if nobody touches it: when its age or its grace is over. Of one
-- that is held for another while, and is over a limit, it is not known: a day from now. Pins, shares and patterns do
-- not end by themselves.
SELECT MIN(d.due) AS due
FROM (
  SELECT
    CASE
      WHEN v.protection IN ('running', 'restored', 'future', 'keep-last', 'keep-last-per-project')
        THEN CASE WHEN v.over_age + v.over_count + v.over_size + v.over_tree_size > 0 THEN :tomorrow END
      WHEN v.protection = 'grace' AND v.over_age + v.over_count + v.over_size + v.over_tree_size > 0
        THEN t.active + (:now - :grace_since)
      WHEN v.protection IS NULL OR v.protection = 'grace' THEN l.aged + (:now - l.old_since) + 1
    END AS due
  FROM lc_verdict AS v
  JOIN lc_tree AS t ON t.root_id = v.root_id
  JOIN lc_limit AS l ON l.root_id = v.root_id
  WHERE v.verdict = 'keep'
) AS d;
