-- How SQLite 3.40 and newer spells the functions of the portable subset: :a the subject, :p a JSON path, :v a value.
-- clean_time: milliseconds since 1970 as a whole number, or NULL when the column holds anything else.
-- is_unsafe: 1 when an id is no text, holds bytes that are no UTF-8 (read as U+FFFD), or a character that moves the
-- cursor, ends a line, is not seen, or turns the text around it.
-- json_tail: how many octets the JSON at a path takes, 0 when it is not there.
-- json_empty: an empty list in place of what is at a path; nothing is added where nothing is.
-- json_links: the metadata of a tool's state reduced to the sessions that it links, where there is metadata.
-- json_spent: a tool's part with its links, the client's words in place of its output, and no attachments. One call
-- for both changes: between two, a large output would be written and read once more.
-- json_editable: 1 for text that is JSON to its last octet: a BLOB would come back as text, and what follows a NUL
-- would be cut off. (PRINTF ends at a NUL, and copies ten times as fast as INSTR looks for one.)
-- checksum_text: 0 for NULL, else one more than the octets of the value as text. checksum_whole: a number that stands
-- for a whole number as good as its value does, 0 for NULL; checksum_real: the same for millionths of a real. worded: a
-- value as text that tells NULL from it; fingerprint: a text that stands for another in a plan, its octets in
-- hexadecimal.
SELECT
  JSON_VALID(:a) AS json_valid,
  CASE WHEN COALESCE(JSON_TYPE(:a, :p), 'null') = 'null' THEN 0 ELSE 1 END AS json_has,
  JSON_EXTRACT(:a, :p) AS json_text,
  JSON_SET(:a, :p, :v) AS json_put,
  JSON_REMOVE(:a, :p) AS json_drop,
  COALESCE(LENGTH(CAST(JSON_EXTRACT(:a, :p) AS BLOB)), 0) AS json_tail,
  JSON_REPLACE(:a, :p, JSON('[]')) AS json_empty,
  JSON_REPLACE(:a, '$.state.metadata', JSON(JSON_PATCH('{}', JSON_OBJECT(
    'sessionId', :a -> '$.state.metadata.sessionId', 'parentSessionId', :a -> '$.state.metadata.parentSessionId'
  )))) AS json_links,
  JSON_REMOVE(
    JSON_SET(
      :a,
      CASE WHEN JSON_TYPE(:a, '$.state.metadata') IS NULL THEN '$.state.output' ELSE '$.state.metadata' END,
      JSON(JSON_PATCH('{}', JSON_OBJECT(
        'sessionId', :a -> '$.state.metadata.sessionId', 'parentSessionId', :a -> '$.state.metadata.parentSessionId'
      ))),
      '$.state.output', '[Old tool result content cleared]'
    ),
    '$.state.attachments'
  ) AS json_spent,
  CASE
    WHEN TYPEOF(:a) <> 'text' THEN 0
    WHEN JSON_VALID(:a) = 0 THEN 0
    WHEN LENGTH(CAST(PRINTF('%s', :a) AS BLOB)) < LENGTH(CAST(:a AS BLOB)) THEN 0
    ELSE 1
  END AS json_editable,
  LENGTH(CAST(:a AS BLOB)) AS octet_length,
  CASE WHEN TYPEOF(:a) = 'integer' AND :a >= 1000000000000 THEN :a END AS clean_time,
  CASE
    WHEN TYPEOF(:a) <> 'text' THEN 1
    WHEN INSTR(CAST(:a AS BLOB), CAST(CHAR(0) AS BLOB)) > 0 THEN 1
    WHEN :a GLOB '*[' || CHAR(1) || '-' || CHAR(31) || CHAR(127) || '-' || CHAR(159) || CHAR(1564)
      || CHAR(8203) || '-' || CHAR(8207) || CHAR(8232) || '-' || CHAR(8238) || CHAR(8288) || '-' || CHAR(8297)
      || CHAR(65279) || CHAR(65533) || ']*' THEN 1
    ELSE 0
  END AS is_unsafe,
  COALESCE(LENGTH(CAST(:a AS BLOB)) + 1, 0) AS checksum_text,
  COALESCE(:a % 1000003 + 1000004, 0) AS checksum_whole,
  CASE WHEN :a IS NULL THEN 0 WHEN ABS(:a) < 1000000000000 THEN CAST(:a * 1000000 AS INTEGER) % 1000003 + 1000004 ELSE 1 END
    AS checksum_real,
  COALESCE('=' || SUBSTR(:a, 1, 200), '-') AS worded,
  HEX(:a) AS fingerprint;
