-- What SQLite makes of the entries of a 2.x message, the list `content` of :a.
-- json_results: octets of tool results that are still there: of calls that ended, of any tool but `skill`, and that no
-- provider ran itself (it wants back what it said). NULL where there are none, or `content` is no list of entries.
-- json_cleared: each of them replaced by the client's own words for one that is gone; of what describes it, only the
-- sessions that it links.
-- json_burden: how many results that are gone by those words carry more than their links; json_lightened: without.
-- json_thoughts: how many entries of reasoning hold any, or a provider's signature; json_unthought: without.
-- json_count: entries of the list at a path; 0 where there is none.
-- Each mention of a large text keeps a copy of it in memory until the statement ends, so that what is asked of an entry
-- is asked at once, as a short list, and LIMIT -1 keeps SQLite from merging the queries; json_unthought, which may be
-- asked of what json_cleared makes, has that made once. GROUP_CONCAT, unlike JSON_GROUP_ARRAY, takes a text as it is.
-- What one of them makes stands in another as little deep as can be: an older SQLite parses nothing that has more than
-- 100 brackets, calls and the like open at once.
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
  (
    SELECT JSON_REPLACE(:a, '$.content', JSON('[' || COALESCE(GROUP_CONCAT(CASE
      WHEN e.said ->> '$[0]' = 'tool' AND e.said ->> '$[1]' = 'completed' AND e.said ->> '$[2]' <> 'skill'
        AND e.said -> '$[3]' <> 'true' AND e.held = 1
      THEN JSON_REMOVE(JSON_REPLACE(
        e.text,
        '$.state.content', JSON('[{"type":"text","text":"[Old tool result content cleared]"}]'),
        '$.state.metadata', JSON(JSON_PATCH('{}', JSON_OBJECT(
          'sessionID', e.said -> '$[4]', 'sessionId', e.said -> '$[5]', 'parentSessionId', e.said -> '$[6]'))),
        '$.state.structured', JSON(JSON_PATCH('{}', JSON_OBJECT(
          'sessionID', e.said -> '$[7]', 'sessionId', e.said -> '$[8]', 'parentSessionId', e.said -> '$[9]')))
      ), '$.state.attachments')
      ELSE e.text
    END), '') || ']'))
    FROM (
      SELECT
        entry.value AS text,
        JSON_EXTRACT(
          entry.value, '$.type', '$.state.status', '$.name', '$.executed',
          '$.state.metadata.sessionID', '$.state.metadata.sessionId', '$.state.metadata.parentSessionId',
          '$.state.structured.sessionID', '$.state.structured.sessionId', '$.state.structured.parentSessionId'
        ) AS said,
        CASE JSON_ARRAY_LENGTH(entry.value, '$.state.content')
          WHEN 0 THEN 0
          WHEN 1 THEN COALESCE(JSON_EXTRACT(entry.value, '$.state.content[0].text'), '')
            <> '[Old tool result content cleared]'
          ELSE 1
        END AS held
      FROM JSON_EACH(:a, '$.content') AS entry
      LIMIT -1
    ) AS e
  ) AS json_cleared,
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
  (
    SELECT JSON_REPLACE(:a, '$.content', JSON('[' || COALESCE(GROUP_CONCAT(CASE
      WHEN e.said ->> '$[0]' = 'tool' AND e.said ->> '$[1]' = 'completed' AND e.said -> '$[2]' <> 'true' AND e.heavy = 1
      THEN JSON_REPLACE(e.text, '$.state.metadata', JSON(JSON_PATCH('{}', JSON_OBJECT(
        'sessionID', e.said -> '$[3]', 'sessionId', e.said -> '$[4]', 'parentSessionId', e.said -> '$[5]'))))
      ELSE e.text
    END), '') || ']'))
    FROM (
      SELECT
        entry.value AS text,
        JSON_EXTRACT(
          entry.value, '$.type', '$.state.status', '$.executed',
          '$.state.metadata.sessionID', '$.state.metadata.sessionId', '$.state.metadata.parentSessionId'
        ) AS said,
        CASE
          WHEN JSON_ARRAY_LENGTH(entry.value, '$.state.content') = 1
            AND COALESCE(JSON_EXTRACT(entry.value, '$.state.content[0].text'), '') = '[Old tool result content cleared]'
            AND JSON_TYPE(entry.value, '$.state.metadata') = 'object'
          THEN JSON_REMOVE(entry.value -> '$.state.metadata', '$.sessionID', '$.sessionId', '$.parentSessionId') <> '{}'
        END AS heavy
      FROM JSON_EACH(:a, '$.content') AS entry
      LIMIT -1
    ) AS e
  ) AS json_lightened,
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
  (SELECT JSON_REPLACE(d.doc, '$.content', JSON((
    SELECT '[' || COALESCE(GROUP_CONCAT(CASE
      WHEN e.kind = 'reasoning' THEN JSON_REMOVE(JSON_REPLACE(e.text, '$.text', ''), '$.state', '$.native')
      ELSE e.text
    END), '') || ']'
    FROM (
      SELECT entry.value AS text, JSON_EXTRACT(entry.value, '$.type') AS kind
      FROM JSON_EACH(d.doc, '$.content') AS entry
      LIMIT -1
    ) AS e
  ))) FROM (SELECT :a AS doc LIMIT -1) AS d) AS json_unthought,
  COALESCE(JSON_ARRAY_LENGTH(:a, :p), 0) AS json_count;
