-- What Postgres makes of the entries of a 2.x message: the functions of pg_temp stand in ready_content.sql.
SELECT
  pg_temp.gc_results(pg_temp.gc_json(:a)) AS json_results,
  pg_temp.gc_text(pg_temp.gc_cleared(pg_temp.gc_json(:a)), :a) AS json_cleared,
  pg_temp.gc_burden(pg_temp.gc_json(:a)) AS json_burden,
  pg_temp.gc_text(pg_temp.gc_lightened(pg_temp.gc_json(:a)), :a) AS json_lightened,
  pg_temp.gc_thoughts(pg_temp.gc_json(:a)) AS json_thoughts,
  pg_temp.gc_text(pg_temp.gc_unthought(pg_temp.gc_json(:a)), :a) AS json_unthought,
  CASE WHEN JSONB_TYPEOF(pg_temp.gc_json(:a) #> :p) = 'array'
    THEN JSONB_ARRAY_LENGTH(pg_temp.gc_json(:a) #> :p) ELSE 0 END AS json_count;
