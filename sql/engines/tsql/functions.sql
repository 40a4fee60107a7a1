-- How SQL Server spells the functions of the portable subset: :a the subject, :p a JSON path, :v a value.
-- checksum_text: 0 for NULL, else one more than the octets of the value as text. checksum_whole: a number that stands
-- for a whole number as good as its value does, 0 for NULL; checksum_real: the same for millionths of a real. worded: a
-- value as text that tells NULL from it; fingerprint: a text that stands for another in a plan, its digest.
SELECT
  ISJSON(:a) AS json_valid,
  CASE WHEN JSON_VALUE(:a, :p) IS NULL AND JSON_QUERY(:a, :p) IS NULL THEN 0 ELSE 1 END AS json_has,
  JSON_VALUE(:a, :p) AS json_text,
  JSON_MODIFY(:a, :p, :v) AS json_put,
  JSON_MODIFY(:a, :p, NULL) AS json_drop,
  COALESCE(CAST(DATALENGTH(COALESCE(JSON_QUERY(:a, :p), JSON_VALUE(:a, :p))) AS BIGINT), 0) AS json_tail,
  CASE WHEN JSON_QUERY(:a, :p) IS NULL THEN :a ELSE JSON_MODIFY(:a, :p, JSON_QUERY('[]', '$')) END AS json_empty,
  CASE WHEN JSON_QUERY(:a, '$.state.metadata') IS NULL THEN :a ELSE JSON_MODIFY(:a, '$.state.metadata', JSON_QUERY(
    JSON_MODIFY(JSON_MODIFY('{}', '$.sessionId', JSON_VALUE(:a, '$.state.metadata.sessionId')),
      '$.parentSessionId', JSON_VALUE(:a, '$.state.metadata.parentSessionId')), '$')) END AS json_links,
  JSON_MODIFY(JSON_MODIFY(
    CASE WHEN JSON_QUERY(:a, '$.state.metadata') IS NULL THEN :a ELSE JSON_MODIFY(:a, '$.state.metadata', JSON_QUERY(
      JSON_MODIFY(JSON_MODIFY('{}', '$.sessionId', JSON_VALUE(:a, '$.state.metadata.sessionId')),
        '$.parentSessionId', JSON_VALUE(:a, '$.state.metadata.parentSessionId')), '$')) END,
    '$.state.output', '[Old tool result content cleared]'), '$.state.attachments', NULL) AS json_spent,
  ISJSON(:a) AS json_editable,
  CAST(DATALENGTH(:a) AS BIGINT) AS octet_length,
  CASE WHEN :a >= 1000000000000 THEN :a END AS clean_time,
  CASE WHEN :a LIKE N'%[' + NCHAR(1) + N'-' + NCHAR(31) + NCHAR(127) + N'-' + NCHAR(159) + NCHAR(1564)
    + NCHAR(8203) + N'-' + NCHAR(8207) + NCHAR(8232) + N'-' + NCHAR(8238) + NCHAR(8288) + N'-' + NCHAR(8297)
    + NCHAR(65279) + NCHAR(65533) + N']%' COLLATE Latin1_General_100_BIN2 THEN 1 ELSE 0 END AS is_unsafe,
  COALESCE(CAST(DATALENGTH(:a) AS BIGINT) + 1, 0) AS checksum_text,
  COALESCE(:a % 1000003 + 1000004, 0) AS checksum_whole,
  CASE WHEN :a IS NULL THEN 0 WHEN ABS(:a) < 1000000000000 THEN CAST(:a * 1000000 AS BIGINT) % 1000003 + 1000004 ELSE 1 END
    AS checksum_real,
  CASE WHEN :a IS NULL THEN N'-' ELSE CONCAT(N'=', CAST(:a AS NVARCHAR(MAX))) END AS worded,
  CONVERT(VARCHAR(32), HASHBYTES('MD5', :a), 2) AS fingerprint;
