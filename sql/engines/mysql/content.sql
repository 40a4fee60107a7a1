-- What MariaDB and MySQL make of the entries of a 2.x message. A list is put together again only where it is sure to
-- fit: JSON_ARRAYAGG cuts what is longer than group_concat_max_len or max_allowed_packet, with no more than a warning.
-- Where it may not fit nothing changes. JSON_EXTRACT(.., '$') tells MariaDB that a CASE of JSON is JSON.
SELECT
  CASE WHEN JSON_TYPE(JSON_EXTRACT(:a, '$.content')) = 'ARRAY' THEN (
    SELECT CASE WHEN SUM(CASE WHEN JSON_TYPE(entry.value) = 'OBJECT' THEN 0 ELSE 1 END) = 0 THEN SUM(CASE
      WHEN JSON_VALUE(entry.value, '$.type') = 'tool' COLLATE utf8mb4_bin
        AND JSON_VALUE(entry.value, '$.state.status') = 'completed' COLLATE utf8mb4_bin
        AND JSON_VALUE(entry.value, '$.name') <> 'skill' COLLATE utf8mb4_bin
        AND COALESCE(JSON_UNQUOTE(JSON_EXTRACT(entry.value, '$.executed')), '' COLLATE utf8mb4_bin) <> 'true'
        AND COALESCE(JSON_TYPE(JSON_EXTRACT(entry.value, '$.state.content')), '') = 'ARRAY'
        AND JSON_LENGTH(entry.value, '$.state.content') > 0 AND NOT (
          JSON_LENGTH(entry.value, '$.state.content') = 1
          AND COALESCE(JSON_VALUE(entry.value, '$.state.content[0].text'), '' COLLATE utf8mb4_bin)
            = '[Old tool result content cleared]'
        )
      THEN (
        SELECT SUM(COALESCE(OCTET_LENGTH(COALESCE(piece.text, piece.uri)), 0))
        FROM JSON_TABLE(entry.value, '$.state.content[*]' COLUMNS (
          text LONGTEXT PATH '$.text', uri LONGTEXT PATH '$.uri'
        )) AS piece
      )
    END) END
    FROM JSON_TABLE(:a, '$.content[*]' COLUMNS (value JSON PATH '$')) AS entry
  ) END AS json_results,
  JSON_REPLACE(:a, '$.content', JSON_EXTRACT((
    SELECT CASE
      WHEN SUM(OCTET_LENGTH(JSON_EXTRACT(CASE
        WHEN JSON_VALUE(entry.value, '$.type') = 'tool' COLLATE utf8mb4_bin
          AND JSON_VALUE(entry.value, '$.state.status') = 'completed' COLLATE utf8mb4_bin
          AND JSON_VALUE(entry.value, '$.name') <> 'skill' COLLATE utf8mb4_bin
          AND COALESCE(JSON_UNQUOTE(JSON_EXTRACT(entry.value, '$.executed')), '' COLLATE utf8mb4_bin) <> 'true'
          AND COALESCE(JSON_TYPE(JSON_EXTRACT(entry.value, '$.state.content')), '') = 'ARRAY'
          AND JSON_LENGTH(entry.value, '$.state.content') > 0 AND NOT (
            JSON_LENGTH(entry.value, '$.state.content') = 1
            AND COALESCE(JSON_VALUE(entry.value, '$.state.content[0].text'), '' COLLATE utf8mb4_bin)
              = '[Old tool result content cleared]'
          )
        THEN JSON_REMOVE(JSON_REPLACE(
          entry.value,
          '$.state.content', JSON_ARRAY(JSON_OBJECT('type', 'text', 'text', '[Old tool result content cleared]')),
          '$.state.metadata', JSON_MERGE_PATCH('{}', JSON_OBJECT(
            'sessionID', JSON_EXTRACT(entry.value, '$.state.metadata.sessionID'),
            'sessionId', JSON_EXTRACT(entry.value, '$.state.metadata.sessionId'),
            'parentSessionId', JSON_EXTRACT(entry.value, '$.state.metadata.parentSessionId'))),
          '$.state.structured', JSON_MERGE_PATCH('{}', JSON_OBJECT(
            'sessionID', JSON_EXTRACT(entry.value, '$.state.structured.sessionID'),
            'sessionId', JSON_EXTRACT(entry.value, '$.state.structured.sessionId'),
            'parentSessionId', JSON_EXTRACT(entry.value, '$.state.structured.parentSessionId')))
        ), '$.state.attachments')
        ELSE entry.value
      END, '$'))) + 2 * COUNT(*) < LEAST(@@group_concat_max_len, @@max_allowed_packet)
      THEN JSON_ARRAYAGG(JSON_EXTRACT(CASE
        WHEN JSON_VALUE(entry.value, '$.type') = 'tool' COLLATE utf8mb4_bin
          AND JSON_VALUE(entry.value, '$.state.status') = 'completed' COLLATE utf8mb4_bin
          AND JSON_VALUE(entry.value, '$.name') <> 'skill' COLLATE utf8mb4_bin
          AND COALESCE(JSON_UNQUOTE(JSON_EXTRACT(entry.value, '$.executed')), '' COLLATE utf8mb4_bin) <> 'true'
          AND COALESCE(JSON_TYPE(JSON_EXTRACT(entry.value, '$.state.content')), '') = 'ARRAY'
          AND JSON_LENGTH(entry.value, '$.state.content') > 0 AND NOT (
            JSON_LENGTH(entry.value, '$.state.content') = 1
            AND COALESCE(JSON_VALUE(entry.value, '$.state.content[0].text'), '' COLLATE utf8mb4_bin)
              = '[Old tool result content cleared]'
          )
        THEN JSON_REMOVE(JSON_REPLACE(
          entry.value,
          '$.state.content', JSON_ARRAY(JSON_OBJECT('type', 'text', 'text', '[Old tool result content cleared]')),
          '$.state.metadata', JSON_MERGE_PATCH('{}', JSON_OBJECT(
            'sessionID', JSON_EXTRACT(entry.value, '$.state.metadata.sessionID'),
            'sessionId', JSON_EXTRACT(entry.value, '$.state.metadata.sessionId'),
            'parentSessionId', JSON_EXTRACT(entry.value, '$.state.metadata.parentSessionId'))),
          '$.state.structured', JSON_MERGE_PATCH('{}', JSON_OBJECT(
            'sessionID', JSON_EXTRACT(entry.value, '$.state.structured.sessionID'),
            'sessionId', JSON_EXTRACT(entry.value, '$.state.structured.sessionId'),
            'parentSessionId', JSON_EXTRACT(entry.value, '$.state.structured.parentSessionId')))
        ), '$.state.attachments')
        ELSE entry.value
      END, '$'))
      ELSE JSON_EXTRACT(:a, '$.content') COLLATE utf8mb4_bin
    END
    FROM JSON_TABLE(:a, '$.content[*]' COLUMNS (value JSON PATH '$')) AS entry
  ), '$')) AS json_cleared,
  CASE WHEN JSON_TYPE(JSON_EXTRACT(:a, '$.content')) = 'ARRAY' THEN (
    SELECT CASE WHEN SUM(CASE WHEN JSON_TYPE(entry.value) = 'OBJECT' THEN 0 ELSE 1 END) = 0 THEN SUM(CASE
      WHEN JSON_VALUE(entry.value, '$.type') = 'tool' COLLATE utf8mb4_bin
        AND JSON_VALUE(entry.value, '$.state.status') = 'completed' COLLATE utf8mb4_bin
        AND COALESCE(JSON_UNQUOTE(JSON_EXTRACT(entry.value, '$.executed')), '' COLLATE utf8mb4_bin) <> 'true'
        AND JSON_LENGTH(entry.value, '$.state.content') = 1
        AND COALESCE(JSON_VALUE(entry.value, '$.state.content[0].text'), '' COLLATE utf8mb4_bin)
          = '[Old tool result content cleared]'
        AND COALESCE(JSON_TYPE(JSON_EXTRACT(entry.value, '$.state.metadata')), '') = 'OBJECT'
        AND JSON_LENGTH(JSON_REMOVE(
          JSON_EXTRACT(entry.value, '$.state.metadata'), '$.sessionID', '$.sessionId', '$.parentSessionId')) > 0
      THEN 1
    END) END
    FROM JSON_TABLE(:a, '$.content[*]' COLUMNS (value JSON PATH '$')) AS entry
  ) END AS json_burden,
  JSON_REPLACE(:a, '$.content', JSON_EXTRACT((
    SELECT CASE
      WHEN SUM(OCTET_LENGTH(JSON_EXTRACT(CASE
        WHEN JSON_VALUE(entry.value, '$.type') = 'tool' COLLATE utf8mb4_bin
          AND JSON_VALUE(entry.value, '$.state.status') = 'completed' COLLATE utf8mb4_bin
          AND COALESCE(JSON_UNQUOTE(JSON_EXTRACT(entry.value, '$.executed')), '' COLLATE utf8mb4_bin) <> 'true'
          AND JSON_LENGTH(entry.value, '$.state.content') = 1
          AND COALESCE(JSON_VALUE(entry.value, '$.state.content[0].text'), '' COLLATE utf8mb4_bin)
            = '[Old tool result content cleared]'
          AND COALESCE(JSON_TYPE(JSON_EXTRACT(entry.value, '$.state.metadata')), '') = 'OBJECT'
          AND JSON_LENGTH(JSON_REMOVE(
            JSON_EXTRACT(entry.value, '$.state.metadata'), '$.sessionID', '$.sessionId', '$.parentSessionId')) > 0
        THEN JSON_REPLACE(entry.value, '$.state.metadata', JSON_MERGE_PATCH('{}', JSON_OBJECT(
          'sessionID', JSON_EXTRACT(entry.value, '$.state.metadata.sessionID'),
          'sessionId', JSON_EXTRACT(entry.value, '$.state.metadata.sessionId'),
          'parentSessionId', JSON_EXTRACT(entry.value, '$.state.metadata.parentSessionId'))))
        ELSE entry.value
      END, '$'))) + 2 * COUNT(*) < LEAST(@@group_concat_max_len, @@max_allowed_packet)
      THEN JSON_ARRAYAGG(JSON_EXTRACT(CASE
        WHEN JSON_VALUE(entry.value, '$.type') = 'tool' COLLATE utf8mb4_bin
          AND JSON_VALUE(entry.value, '$.state.status') = 'completed' COLLATE utf8mb4_bin
          AND COALESCE(JSON_UNQUOTE(JSON_EXTRACT(entry.value, '$.executed')), '' COLLATE utf8mb4_bin) <> 'true'
          AND JSON_LENGTH(entry.value, '$.state.content') = 1
          AND COALESCE(JSON_VALUE(entry.value, '$.state.content[0].text'), '' COLLATE utf8mb4_bin)
            = '[Old tool result content cleared]'
          AND COALESCE(JSON_TYPE(JSON_EXTRACT(entry.value, '$.state.metadata')), '') = 'OBJECT'
          AND JSON_LENGTH(JSON_REMOVE(
            JSON_EXTRACT(entry.value, '$.state.metadata'), '$.sessionID', '$.sessionId', '$.parentSessionId')) > 0
        THEN JSON_REPLACE(entry.value, '$.state.metadata', JSON_MERGE_PATCH('{}', JSON_OBJECT(
          'sessionID', JSON_EXTRACT(entry.value, '$.state.metadata.sessionID'),
          'sessionId', JSON_EXTRACT(entry.value, '$.state.metadata.sessionId'),
          'parentSessionId', JSON_EXTRACT(entry.value, '$.state.metadata.parentSessionId'))))
        ELSE entry.value
      END, '$'))
      ELSE JSON_EXTRACT(:a, '$.content') COLLATE utf8mb4_bin
    END
    FROM JSON_TABLE(:a, '$.content[*]' COLUMNS (value JSON PATH '$')) AS entry
  ), '$')) AS json_lightened,
  CASE WHEN JSON_TYPE(JSON_EXTRACT(:a, '$.content')) = 'ARRAY' THEN (
    SELECT CASE WHEN SUM(CASE WHEN JSON_TYPE(entry.value) = 'OBJECT' THEN 0 ELSE 1 END) = 0 THEN SUM(CASE
      WHEN JSON_VALUE(entry.value, '$.type') = 'reasoning' COLLATE utf8mb4_bin AND (
        COALESCE(OCTET_LENGTH(JSON_UNQUOTE(JSON_EXTRACT(entry.value, '$.text'))), 0) > 0
        OR JSON_CONTAINS_PATH(entry.value, 'one', '$.state', '$.native') = 1
      )
      THEN 1
    END) END
    FROM JSON_TABLE(:a, '$.content[*]' COLUMNS (value JSON PATH '$')) AS entry
  ) END AS json_thoughts,
  JSON_REPLACE(:a, '$.content', JSON_EXTRACT((
    SELECT CASE
      WHEN SUM(OCTET_LENGTH(JSON_EXTRACT(CASE
        WHEN JSON_VALUE(entry.value, '$.type') = 'reasoning' COLLATE utf8mb4_bin
        THEN JSON_REMOVE(JSON_REPLACE(entry.value, '$.text', ''), '$.state', '$.native')
        ELSE entry.value
      END, '$'))) + 2 * COUNT(*) < LEAST(@@group_concat_max_len, @@max_allowed_packet)
      THEN JSON_ARRAYAGG(JSON_EXTRACT(CASE
        WHEN JSON_VALUE(entry.value, '$.type') = 'reasoning' COLLATE utf8mb4_bin
        THEN JSON_REMOVE(JSON_REPLACE(entry.value, '$.text', ''), '$.state', '$.native')
        ELSE entry.value
      END, '$'))
      ELSE JSON_EXTRACT(:a, '$.content') COLLATE utf8mb4_bin
    END
    FROM JSON_TABLE(:a, '$.content[*]' COLUMNS (value JSON PATH '$')) AS entry
  ), '$')) AS json_unthought,
  CASE WHEN COALESCE(JSON_TYPE(JSON_EXTRACT(:a, :p)), '') = 'ARRAY' THEN JSON_LENGTH(:a, :p) ELSE 0 END AS json_count;
