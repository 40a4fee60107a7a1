-- How many columns a query has.
SELECT * FROM (source) LIMIT 0;

-- Its rows, texts as the octets of the store, each value with its type: what stands between the brackets, for every
-- column.
WITH s (names) AS (source) SELECT <CASE WHEN TYPEOF(s.field) = 'text' THEN CAST(s.field AS BLOB) ELSE s.field END, TYPEOF(s.field)> FROM s;
