INSERT INTO lc_chosen (
  id
)
SELECT
  o.id
FROM lc_original AS o
CROSS JOIN event AS x
WHERE
  x.id = o.id AND x.data = o.value;
