-- The shape of a SELECT that asks for several things in one JSON text: it is read once a row, and only where something
-- is asked; OFFSET 0 keeps it so.
SELECT 1
FROM source
CROSS JOIN LATERAL (
  SELECT CASE WHEN :needed THEN pg_temp.gc_json(source.field) END AS document OFFSET 0
) AS reading;
