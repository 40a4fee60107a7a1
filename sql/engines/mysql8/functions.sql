-- How MySQL 8 and newer spells the functions of the portable subset: :a the subject, :p a JSON path, :v a value.
-- What a JSON function gives has a collation of its own, utf8mb4_bin; it is named anew, so that it meets no other.
-- MySQL refuses a text with half of a surrogate pair, which real outputs contain: it is read with \ue in place of each
-- \ud, another letter in the same place, or a running session would pass for a finished one; it is never edited.
-- A text nested deeper than 100 levels is an error even for JSON_VALID: the statement ends there, and nothing is done.
-- ascii_lower: only A to Z have a lower case, as on the other engines (tis620 has single octets, and no other letters).
-- checksum_text: 0 for NULL, else one more than the octets of the value as text. checksum_whole: a number that stands
-- for a whole number as good as its value does, 0 for NULL; checksum_real: the same for millionths of a real. worded: a
-- value as text that tells NULL from it; fingerprint: a text that stands for another in a plan, its digest.
SELECT
  JSON_VALID(CASE WHEN JSON_VALID(:a) = 1 THEN :a ELSE REPLACE(REPLACE(:a, '\\ud', '\\ue'), '\\uD', '\\ue') END) AS json_valid,
  CASE WHEN COALESCE(JSON_TYPE(JSON_EXTRACT(CASE WHEN JSON_VALID(:a) = 1 THEN :a ELSE REPLACE(REPLACE(:a, '\\ud', '\\ue'), '\\uD', '\\ue') END, :p)) COLLATE utf8mb4_0900_bin, 'NULL') = 'NULL' THEN 0 ELSE 1 END AS json_has,
  CASE WHEN COALESCE(JSON_TYPE(JSON_EXTRACT(CASE WHEN JSON_VALID(:a) = 1 THEN :a ELSE REPLACE(REPLACE(:a, '\\ud', '\\ue'), '\\uD', '\\ue') END, :p)) COLLATE utf8mb4_0900_bin, 'NULL') NOT IN ('NULL', 'OBJECT', 'ARRAY')
    THEN JSON_UNQUOTE(JSON_EXTRACT(CASE WHEN JSON_VALID(:a) = 1 THEN :a ELSE REPLACE(REPLACE(:a, '\\ud', '\\ue'), '\\uD', '\\ue') END, :p)) COLLATE utf8mb4_0900_bin END AS json_text,
  CAST(JSON_SET(:a, :p, :v) AS CHAR) COLLATE utf8mb4_0900_bin AS json_put,
  CAST(JSON_REMOVE(:a, :p) AS CHAR) COLLATE utf8mb4_0900_bin AS json_drop,
  COALESCE(OCTET_LENGTH(JSON_UNQUOTE(JSON_EXTRACT(CASE WHEN JSON_VALID(:a) = 1 THEN :a ELSE REPLACE(REPLACE(:a, '\\ud', '\\ue'), '\\uD', '\\ue') END, :p))), 0) AS json_tail,
  CAST(JSON_REPLACE(:a, :p, JSON_ARRAY()) AS CHAR) COLLATE utf8mb4_0900_bin AS json_empty,
  CAST(JSON_REPLACE(:a, '$.state.metadata', JSON_MERGE_PATCH('{}', JSON_OBJECT(
    'sessionId', JSON_EXTRACT(:a, '$.state.metadata.sessionId'),
    'parentSessionId', JSON_EXTRACT(:a, '$.state.metadata.parentSessionId')
  ))) AS CHAR) COLLATE utf8mb4_0900_bin AS json_links,
  CAST(JSON_REMOVE(
    JSON_SET(
      JSON_REPLACE(:a, '$.state.metadata', JSON_MERGE_PATCH('{}', JSON_OBJECT(
        'sessionId', JSON_EXTRACT(:a, '$.state.metadata.sessionId'),
        'parentSessionId', JSON_EXTRACT(:a, '$.state.metadata.parentSessionId')
      ))),
      '$.state.output', '[Old tool result content cleared]'
    ),
    '$.state.attachments'
  ) AS CHAR) COLLATE utf8mb4_0900_bin AS json_spent,
  JSON_VALID(:a) AS json_editable,
  OCTET_LENGTH(:a) AS octet_length,
  CASE WHEN :a >= 1000000000000 THEN :a END AS clean_time,
  CASE WHEN REGEXP_INSTR(:a, '[\\x{1}-\\x{1f}\\x{7f}-\\x{9f}\\x{61c}\\x{200b}-\\x{200f}\\x{2028}-\\x{202e}\\x{2060}-\\x{2069}\\x{feff}\\x{fffd}]') > 0 THEN 1 ELSE 0 END AS is_unsafe,
  CONVERT(CAST(LOWER(CONVERT(CAST(:a AS BINARY) USING tis620)) AS BINARY) USING utf8mb4) COLLATE utf8mb4_0900_bin AS ascii_lower,
  COALESCE(OCTET_LENGTH(:a) + 1, 0) AS checksum_text,
  COALESCE(:a % 1000003 + 1000004, 0) AS checksum_whole,
  CASE WHEN :a IS NULL THEN 0 WHEN ABS(:a) < 1000000000000 THEN CAST(:a * 1000000 AS SIGNED) % 1000003 + 1000004 ELSE 1 END
    AS checksum_real,
  COALESCE(CONCAT('=', :a), '-') AS worded,
  CAST(MD5(:a) AS CHAR) COLLATE utf8mb4_0900_bin AS fingerprint;
