-- What SQL Server makes of the entries of a 2.x message; `type` 5 is an object. It sums no subqueries: what is counted
-- of an entry is applied beside it, and the octets of a result are those of its list.
SELECT
  (
    SELECT CASE WHEN SUM(CASE WHEN entry.type = 5 THEN 0 ELSE 1 END) = 0 THEN SUM(CASE
      WHEN JSON_VALUE(item.value, '$.type') = 'tool' AND JSON_VALUE(item.value, '$.state.status') = 'completed'
        AND COALESCE(JSON_VALUE(item.value, '$.executed'), '') <> 'true'
        AND JSON_VALUE(item.value, '$.name') <> 'skill' AND pieces.tally > 0
        AND NOT (
          pieces.tally = 1
          AND COALESCE(JSON_VALUE(item.value, '$.state.content[0].text'), '') = '[Old tool result content cleared]'
        )
      THEN CAST(DATALENGTH(JSON_QUERY(item.value, '$.state.content')) AS BIGINT)
    END) END
    FROM OPENJSON(:a, '$.content') AS entry
    CROSS APPLY (SELECT CASE WHEN entry.type = 5 THEN entry.value ELSE N'{}' END AS value) AS item
    CROSS APPLY (SELECT COUNT(*) AS tally FROM OPENJSON(item.value, '$.state.content')) AS pieces
  ) AS json_results,
  JSON_MODIFY(:a, '$.content', JSON_QUERY((
    SELECT N'[' + STRING_AGG(CAST(CASE
      WHEN JSON_VALUE(item.value, '$.type') = 'tool' AND JSON_VALUE(item.value, '$.state.status') = 'completed'
        AND COALESCE(JSON_VALUE(item.value, '$.executed'), '') <> 'true'
        AND JSON_VALUE(item.value, '$.name') <> 'skill' AND pieces.tally > 0
        AND NOT (
          pieces.tally = 1
          AND COALESCE(JSON_VALUE(item.value, '$.state.content[0].text'), '') = '[Old tool result content cleared]'
        )
      THEN whole.value
      ELSE entry.value
    END AS NVARCHAR(MAX)), N',') WITHIN GROUP (ORDER BY CAST(entry.[key] AS INT)) + N']'
    FROM OPENJSON(:a, '$.content') AS entry
    CROSS APPLY (SELECT CASE WHEN entry.type = 5 THEN entry.value ELSE N'{}' END AS value) AS item
    CROSS APPLY (SELECT COUNT(*) AS tally FROM OPENJSON(item.value, '$.state.content')) AS pieces
    CROSS APPLY (
      SELECT JSON_MODIFY(JSON_MODIFY(item.value, '$.state.attachments', NULL),
        '$.state.content', JSON_QUERY('[{"type":"text","text":"[Old tool result content cleared]"}]', '$')) AS value
    ) AS bare
    CROSS APPLY (
      SELECT CASE WHEN JSON_QUERY(bare.value, '$.state.metadata') IS NULL THEN bare.value
        ELSE JSON_MODIFY(bare.value, '$.state.metadata', JSON_QUERY(JSON_MODIFY(JSON_MODIFY(JSON_MODIFY('{}',
          '$.sessionID', JSON_VALUE(bare.value, '$.state.metadata.sessionID')),
          '$.sessionId', JSON_VALUE(bare.value, '$.state.metadata.sessionId')),
          '$.parentSessionId', JSON_VALUE(bare.value, '$.state.metadata.parentSessionId')), '$')) END AS value
    ) AS linked
    CROSS APPLY (
      SELECT CASE WHEN JSON_QUERY(linked.value, '$.state.structured') IS NULL THEN linked.value
        ELSE JSON_MODIFY(linked.value, '$.state.structured', JSON_QUERY(JSON_MODIFY(JSON_MODIFY(JSON_MODIFY('{}',
          '$.sessionID', JSON_VALUE(linked.value, '$.state.structured.sessionID')),
          '$.sessionId', JSON_VALUE(linked.value, '$.state.structured.sessionId')),
          '$.parentSessionId', JSON_VALUE(linked.value, '$.state.structured.parentSessionId')), '$')) END AS value
    ) AS whole
  ), '$')) AS json_cleared,
  (
    SELECT CASE WHEN SUM(CASE WHEN entry.type = 5 THEN 0 ELSE 1 END) = 0 THEN SUM(CASE
      WHEN JSON_VALUE(item.value, '$.type') = 'tool' AND JSON_VALUE(item.value, '$.state.status') = 'completed'
        AND COALESCE(JSON_VALUE(item.value, '$.executed'), '') <> 'true'
        AND pieces.tally = 1
        AND COALESCE(JSON_VALUE(item.value, '$.state.content[0].text'), '') = '[Old tool result content cleared]'
        AND others.tally > 0
      THEN 1
    END) END
    FROM OPENJSON(:a, '$.content') AS entry
    CROSS APPLY (SELECT CASE WHEN entry.type = 5 THEN entry.value ELSE N'{}' END AS value) AS item
    CROSS APPLY (SELECT COUNT(*) AS tally FROM OPENJSON(item.value, '$.state.content')) AS pieces
    CROSS APPLY (
      SELECT COUNT(*) AS tally FROM OPENJSON(item.value, '$.state.metadata') AS word
      WHERE word.[key] NOT IN ('sessionID', 'sessionId', 'parentSessionId')
    ) AS others
  ) AS json_burden,
  JSON_MODIFY(:a, '$.content', JSON_QUERY((
    SELECT N'[' + STRING_AGG(CAST(CASE
      WHEN JSON_VALUE(item.value, '$.type') = 'tool' AND JSON_VALUE(item.value, '$.state.status') = 'completed'
        AND COALESCE(JSON_VALUE(item.value, '$.executed'), '') <> 'true'
        AND pieces.tally = 1
        AND COALESCE(JSON_VALUE(item.value, '$.state.content[0].text'), '') = '[Old tool result content cleared]'
        AND others.tally > 0
      THEN whole.value
      ELSE entry.value
    END AS NVARCHAR(MAX)), N',') WITHIN GROUP (ORDER BY CAST(entry.[key] AS INT)) + N']'
    FROM OPENJSON(:a, '$.content') AS entry
    CROSS APPLY (SELECT CASE WHEN entry.type = 5 THEN entry.value ELSE N'{}' END AS value) AS item
    CROSS APPLY (SELECT COUNT(*) AS tally FROM OPENJSON(item.value, '$.state.content')) AS pieces
    CROSS APPLY (
      SELECT COUNT(*) AS tally FROM OPENJSON(item.value, '$.state.metadata') AS word
      WHERE word.[key] NOT IN ('sessionID', 'sessionId', 'parentSessionId')
    ) AS others
    CROSS APPLY (
      SELECT CASE WHEN JSON_QUERY(item.value, '$.state.metadata') IS NULL THEN item.value
        ELSE JSON_MODIFY(item.value, '$.state.metadata', JSON_QUERY(JSON_MODIFY(JSON_MODIFY(JSON_MODIFY('{}',
          '$.sessionID', JSON_VALUE(item.value, '$.state.metadata.sessionID')),
          '$.sessionId', JSON_VALUE(item.value, '$.state.metadata.sessionId')),
          '$.parentSessionId', JSON_VALUE(item.value, '$.state.metadata.parentSessionId')), '$')) END AS value
    ) AS whole
  ), '$')) AS json_lightened,
  (
    SELECT CASE WHEN SUM(CASE WHEN entry.type = 5 THEN 0 ELSE 1 END) = 0 THEN SUM(CASE
      WHEN JSON_VALUE(item.value, '$.type') = 'reasoning' AND (
        COALESCE(JSON_VALUE(item.value, '$.text'), 'long') <> ''
        OR JSON_QUERY(item.value, '$.state') IS NOT NULL OR JSON_QUERY(item.value, '$.native') IS NOT NULL
      )
      THEN 1
    END) END
    FROM OPENJSON(:a, '$.content') AS entry
    CROSS APPLY (SELECT CASE WHEN entry.type = 5 THEN entry.value ELSE N'{}' END AS value) AS item
  ) AS json_thoughts,
  JSON_MODIFY(:a, '$.content', JSON_QUERY((
    SELECT N'[' + STRING_AGG(CAST(CASE
      WHEN JSON_VALUE(item.value, '$.type') = 'reasoning'
      THEN JSON_MODIFY(JSON_MODIFY(JSON_MODIFY(item.value, '$.text', ''), '$.state', NULL), '$.native', NULL)
      ELSE entry.value
    END AS NVARCHAR(MAX)), N',') WITHIN GROUP (ORDER BY CAST(entry.[key] AS INT)) + N']'
    FROM OPENJSON(:a, '$.content') AS entry
    CROSS APPLY (SELECT CASE WHEN entry.type = 5 THEN entry.value ELSE N'{}' END AS value) AS item
  ), '$')) AS json_unthought,
  (SELECT COUNT(*) FROM OPENJSON(:a, :p)) AS json_count;
