-- The shape of a SELECT that asks for several things in one JSON text: it is read once a row; OFFSET 0 keeps it so.
SELECT 1 FROM source CROSS JOIN LATERAL (SELECT pg_temp.gc_json(source.field) AS document OFFSET 0) AS reading;
