-- How Postgres spells the functions of the portable subset: :a the subject, :p a JSON path, :v a value.
-- The functions of pg_temp stand in prelude.sql and vanish with the connection. What is read from a text just
-- written is not read again: gc_json(gc_text(j, t)) is j.
-- checksum_text: 0 for NULL, else one more than the octets of the value as text. checksum_whole: a number that stands
-- for a whole number as good as its value does, 0 for NULL; checksum_real: the same for millionths of a real. worded: a
-- value as text that tells NULL from it; fingerprint: a text that stands for another in a plan, its digest.
SELECT
  CASE WHEN pg_temp.gc_json(:a) IS NULL THEN 0 ELSE 1 END AS json_valid,
  CASE WHEN COALESCE(JSONB_TYPEOF(pg_temp.gc_json(:a) #> :p), 'null') = 'null' THEN 0 ELSE 1 END AS json_has,
  (pg_temp.gc_json(:a) #>> :p) AS json_text,
  pg_temp.gc_text(JSONB_SET(pg_temp.gc_json(:a), :p, TO_JSONB(CAST(:v AS TEXT))), :a) AS json_put,
  pg_temp.gc_text(pg_temp.gc_json(:a) #- :p, :a) AS json_drop,
  COALESCE(OCTET_LENGTH(pg_temp.gc_json(:a) #>> :p), 0) AS json_tail,
  pg_temp.gc_text(JSONB_SET(pg_temp.gc_json(:a), :p, CAST('[]' AS JSONB), FALSE), :a) AS json_empty,
  pg_temp.gc_text(pg_temp.gc_links(pg_temp.gc_json(:a)), :a) AS json_links,
  pg_temp.gc_text(
    JSONB_SET(
      pg_temp.gc_links(pg_temp.gc_json(:a)), '{state,output}', TO_JSONB(CAST('[Old tool result content cleared]' AS TEXT))
    ) #- '{state,attachments}', :a
  ) AS json_spent,
  CASE WHEN pg_temp.gc_json(:a) IS NULL THEN 0 ELSE 1 END AS json_editable,
  OCTET_LENGTH(:a) AS octet_length,
  CASE WHEN :a >= 1000000000000 THEN :a END AS clean_time,
  CASE WHEN :a ~ '[\u0001-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]' THEN 1 ELSE 0 END AS is_unsafe,
  COALESCE(OCTET_LENGTH(CAST(:a AS TEXT)) + 1, 0) AS checksum_text,
  COALESCE(:a % 1000003 + 1000004, 0) AS checksum_whole,
  CASE WHEN :a IS NULL THEN 0 WHEN ABS(:a) < 1000000000000 THEN CAST(:a * 1000000 AS BIGINT) % 1000003 + 1000004 ELSE 1 END
    AS checksum_real,
  COALESCE('=' || CAST(:a AS TEXT), '-') AS worded,
  MD5(:a) AS fingerprint;
