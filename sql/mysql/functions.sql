-- How MariaDB and MySQL spell the functions of the portable subset: :a the subject, :p a JSON path, :v a value.
-- JSON_VALUE reads a JSON null as NULL; JSON_VALID must guard it, or it reads half a document.
SELECT
  JSON_VALID(:a) AS json_valid,
  CASE WHEN COALESCE(JSON_TYPE(JSON_EXTRACT(:a, :p)), 'NULL') = 'NULL' THEN 0 ELSE 1 END AS json_has,
  JSON_VALUE(:a, :p) AS json_text,
  JSON_SET(:a, :p, :v) AS json_put,
  JSON_REMOVE(:a, :p) AS json_drop,
  COALESCE(OCTET_LENGTH(JSON_UNQUOTE(JSON_EXTRACT(:a, :p))), 0) AS json_tail,
  OCTET_LENGTH(:a) AS octet_length,
  CASE WHEN :a >= 1000000000000 THEN :a END AS clean_time,
  CASE WHEN :a REGEXP '[\\x{1}-\\x{1f}\\x{7f}-\\x{9f}\\x{2028}\\x{2029}\\x{fffd}]' THEN 1 ELSE 0 END AS is_unsafe;
