-- How MariaDB spells the functions of the portable subset: :a the subject, :p a JSON path, :v a value.
-- ascii_lower: only A to Z have a lower case, as on the other engines; tis620 is a character set of single octets in
-- which no others have one, so that the octets of UTF-8 go through it unchanged.
-- MariaDB refuses a text with half of a surrogate pair, which real outputs contain: it is read with a question mark
-- in that place, or a running session would pass for a finished one; it is never edited (json_editable).
-- JSON_VALUE reads a JSON null as NULL; JSON_VALID must guard it, or it reads half a document.
-- checksum_text: 0 for NULL, else one more than the octets of the value as text. checksum_whole: a number that stands
-- for a whole number as good as its value does, 0 for NULL; checksum_real: the same for millionths of a real. worded: a
-- value as text that tells NULL from it; fingerprint: a text that stands for another in a plan, its digest.
SELECT
  JSON_VALID(CASE WHEN JSON_VALID(:a) = 1 THEN :a ELSE REGEXP_REPLACE(:a, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?') END) AS json_valid,
  CASE WHEN COALESCE(JSON_TYPE(JSON_EXTRACT(CASE WHEN JSON_VALID(:a) = 1 THEN :a ELSE REGEXP_REPLACE(:a, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?') END, :p)), 'NULL') = 'NULL' THEN 0 ELSE 1 END AS json_has,
  JSON_VALUE(CASE WHEN JSON_VALID(:a) = 1 THEN :a ELSE REGEXP_REPLACE(:a, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?') END, :p) AS json_text,
  JSON_SET(:a, :p, :v) AS json_put,
  JSON_REMOVE(:a, :p) AS json_drop,
  COALESCE(OCTET_LENGTH(JSON_UNQUOTE(JSON_EXTRACT(CASE WHEN JSON_VALID(:a) = 1 THEN :a ELSE REGEXP_REPLACE(:a, '(?<!\\\\)((?:\\\\\\\\)*)\\\\u[dD][89a-fA-F][0-9a-fA-F]{2}', '\\\\1?') END, :p))), 0) AS json_tail,
  JSON_REPLACE(:a, :p, JSON_ARRAY()) AS json_empty,
  JSON_REPLACE(:a, '$.state.metadata', JSON_MERGE_PATCH('{}', JSON_OBJECT(
    'sessionId', JSON_EXTRACT(:a, '$.state.metadata.sessionId'),
    'parentSessionId', JSON_EXTRACT(:a, '$.state.metadata.parentSessionId')
  ))) AS json_links,
  JSON_REMOVE(
    JSON_SET(
      JSON_REPLACE(:a, '$.state.metadata', JSON_MERGE_PATCH('{}', JSON_OBJECT(
        'sessionId', JSON_EXTRACT(:a, '$.state.metadata.sessionId'),
        'parentSessionId', JSON_EXTRACT(:a, '$.state.metadata.parentSessionId')
      ))),
      '$.state.output', '[Old tool result content cleared]'
    ),
    '$.state.attachments'
  ) AS json_spent,
  JSON_VALID(:a) AS json_editable,
  OCTET_LENGTH(:a) AS octet_length,
  CASE WHEN :a >= 1000000000000 THEN :a END AS clean_time,
  CASE WHEN REGEXP_INSTR(:a, '[\\x{1}-\\x{1f}\\x{7f}-\\x{9f}\\x{61c}\\x{200b}-\\x{200f}\\x{2028}-\\x{202e}\\x{2060}-\\x{2069}\\x{feff}\\x{fffd}]') > 0 THEN 1 ELSE 0 END AS is_unsafe,
  CONVERT(CAST(LOWER(CONVERT(CAST(:a AS BINARY) USING tis620)) AS BINARY) USING utf8mb4) COLLATE utf8mb4_nopad_bin AS ascii_lower,
  COALESCE(OCTET_LENGTH(:a) + 1, 0) AS checksum_text,
  COALESCE(:a % 1000003 + 1000004, 0) AS checksum_whole,
  CASE WHEN :a IS NULL THEN 0 WHEN ABS(:a) < 1000000000000 THEN CAST(:a * 1000000 AS SIGNED) % 1000003 + 1000004 ELSE 1 END
    AS checksum_real,
  COALESCE(CONCAT('=', :a), '-') AS worded,
  CAST(MD5(:a) AS CHAR) COLLATE utf8mb4_nopad_bin AS fingerprint;
