-- Parts of the batch as they become, unless they changed since they were read. (A subquery: UPDATE .. FROM would have
-- a large row in memory once more.)
UPDATE part SET data = COALESCE((
  SELECT
    m.value
  FROM #lc_moved AS m
  WHERE
    m.id = part.id
), part.data)
WHERE
  id IN (
    SELECT
      c.id
    FROM #lc_chosen AS c
  );
