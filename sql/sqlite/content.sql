-- What SQLite makes of the entries of a 2.x message, the list `content` of :a.
-- json_results: octets of tool results that are still there: of calls that ended, of any tool but `skill`, and that no
-- provider ran itself (it wants back what it said). NULL where there are none, or `content` is no list of entries.
-- json_cleared: each of them replaced by the client's own words for one that is gone; of what describes it, only the
-- sessions that it links.
-- json_burden: how many results that are gone by those words carry more than their links; json_lightened: without.
-- json_thoughts: how many entries of reasoning hold any, or a provider's signature; json_unthought: without.
-- json_count: entries of the list at a path; 0 where there is none.
SELECT
  CASE WHEN JSON_TYPE(:a, '$.content') = 'array' THEN (
    SELECT CASE WHEN SUM(CASE WHEN entry.type = 'object' THEN 0 ELSE 1 END) = 0 THEN SUM(
      CASE
        WHEN JSON_EXTRACT(:a, entry.fullkey || '.type') = 'tool'
          AND JSON_EXTRACT(:a, entry.fullkey || '.state.status') = 'completed'
          AND COALESCE(JSON_TYPE(:a, entry.fullkey || '.executed'), '') <> 'true'
          AND JSON_EXTRACT(:a, entry.fullkey || '.name') <> 'skill'
          AND JSON_ARRAY_LENGTH(:a, entry.fullkey || '.state.content') > 0 AND NOT (
            JSON_ARRAY_LENGTH(:a, entry.fullkey || '.state.content') = 1
            AND COALESCE(JSON_EXTRACT(:a, entry.fullkey || '.state.content[0].text'), '')
              = '[Old tool result content cleared]'
          )
        THEN (
          SELECT SUM(COALESCE(LENGTH(CAST(COALESCE(
            JSON_EXTRACT(:a, piece.fullkey || '.text'), JSON_EXTRACT(:a, piece.fullkey || '.uri')) AS BLOB)), 0))
          FROM JSON_EACH(:a, entry.fullkey || '.state.content') AS piece
        )
      END
    ) END
    FROM JSON_EACH(:a, '$.content') AS entry
  ) END AS json_results,
  JSON_REPLACE(:a, '$.content', JSON((
    SELECT JSON_GROUP_ARRAY(JSON(CASE
      WHEN JSON_EXTRACT(entry.value, '$.type') = 'tool' AND JSON_EXTRACT(entry.value, '$.state.status') = 'completed'
        AND JSON_EXTRACT(entry.value, '$.name') <> 'skill'
        AND COALESCE(JSON_TYPE(entry.value, '$.executed'), '') <> 'true'
        AND JSON_ARRAY_LENGTH(entry.value, '$.state.content') > 0 AND NOT (
          JSON_ARRAY_LENGTH(entry.value, '$.state.content') = 1
          AND COALESCE(JSON_EXTRACT(entry.value, '$.state.content[0].text'), '') = '[Old tool result content cleared]'
        )
      THEN JSON_REMOVE(JSON_REPLACE(
        entry.value,
        '$.state.content', JSON('[{"type":"text","text":"[Old tool result content cleared]"}]'),
        '$.state.metadata', JSON(JSON_PATCH('{}', JSON_OBJECT(
          'sessionID', entry.value -> '$.state.metadata.sessionID',
          'sessionId', entry.value -> '$.state.metadata.sessionId',
          'parentSessionId', entry.value -> '$.state.metadata.parentSessionId'))),
        '$.state.structured', JSON(JSON_PATCH('{}', JSON_OBJECT(
          'sessionID', entry.value -> '$.state.structured.sessionID',
          'sessionId', entry.value -> '$.state.structured.sessionId',
          'parentSessionId', entry.value -> '$.state.structured.parentSessionId')))
      ), '$.state.attachments')
      ELSE entry.value
    END))
    FROM JSON_EACH(:a, '$.content') AS entry
  ))) AS json_cleared,
  CASE WHEN JSON_TYPE(:a, '$.content') = 'array' THEN (
    SELECT CASE WHEN SUM(CASE WHEN entry.type = 'object' THEN 0 ELSE 1 END) = 0 THEN SUM(
      CASE
        WHEN JSON_EXTRACT(:a, entry.fullkey || '.type') = 'tool'
          AND JSON_EXTRACT(:a, entry.fullkey || '.state.status') = 'completed'
          AND COALESCE(JSON_TYPE(:a, entry.fullkey || '.executed'), '') <> 'true'
          AND JSON_ARRAY_LENGTH(:a, entry.fullkey || '.state.content') = 1
          AND COALESCE(JSON_EXTRACT(:a, entry.fullkey || '.state.content[0].text'), '')
              = '[Old tool result content cleared]'
          AND JSON_TYPE(:a, entry.fullkey || '.state.metadata') = 'object' AND JSON_REMOVE(
            :a -> (entry.fullkey || '.state.metadata'), '$.sessionID', '$.sessionId', '$.parentSessionId') <> '{}'
        THEN 1
      END
    ) END
    FROM JSON_EACH(:a, '$.content') AS entry
  ) END AS json_burden,
  JSON_REPLACE(:a, '$.content', JSON((
    SELECT JSON_GROUP_ARRAY(JSON(CASE
      WHEN JSON_EXTRACT(entry.value, '$.type') = 'tool' AND JSON_EXTRACT(entry.value, '$.state.status') = 'completed'
        AND COALESCE(JSON_TYPE(entry.value, '$.executed'), '') <> 'true'
        AND JSON_ARRAY_LENGTH(entry.value, '$.state.content') = 1
        AND COALESCE(JSON_EXTRACT(entry.value, '$.state.content[0].text'), '') = '[Old tool result content cleared]'
        AND JSON_TYPE(entry.value, '$.state.metadata') = 'object'
        AND JSON_REMOVE(entry.value -> '$.state.metadata', '$.sessionID', '$.sessionId', '$.parentSessionId') <> '{}'
      THEN JSON_REPLACE(entry.value, '$.state.metadata', JSON(JSON_PATCH('{}', JSON_OBJECT(
        'sessionID', entry.value -> '$.state.metadata.sessionID',
        'sessionId', entry.value -> '$.state.metadata.sessionId',
        'parentSessionId', entry.value -> '$.state.metadata.parentSessionId'))))
      ELSE entry.value
    END))
    FROM JSON_EACH(:a, '$.content') AS entry
  ))) AS json_lightened,
  CASE WHEN JSON_TYPE(:a, '$.content') = 'array' THEN (
    SELECT CASE WHEN SUM(CASE WHEN entry.type = 'object' THEN 0 ELSE 1 END) = 0 THEN SUM(
      CASE
        WHEN JSON_EXTRACT(:a, entry.fullkey || '.type') = 'reasoning' AND (
          COALESCE(JSON_EXTRACT(:a, entry.fullkey || '.text'), '') <> ''
          OR JSON_TYPE(:a, entry.fullkey || '.state') IS NOT NULL OR JSON_TYPE(:a, entry.fullkey || '.native') IS NOT NULL
        )
        THEN 1
      END
    ) END
    FROM JSON_EACH(:a, '$.content') AS entry
  ) END AS json_thoughts,
  JSON_REPLACE(:a, '$.content', JSON((
    SELECT JSON_GROUP_ARRAY(JSON(CASE
      WHEN JSON_EXTRACT(entry.value, '$.type') = 'reasoning'
      THEN JSON_REMOVE(JSON_REPLACE(entry.value, '$.text', ''), '$.state', '$.native')
      ELSE entry.value
    END))
    FROM JSON_EACH(:a, '$.content') AS entry
  ))) AS json_unthought,
  COALESCE(JSON_ARRAY_LENGTH(:a, :p), 0) AS json_count;
