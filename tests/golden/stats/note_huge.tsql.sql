UPDATE #lc_note SET entity = COALESCE(
  (
    SELECT
      CASE
        WHEN #lc_note.type LIKE 'message.part.updated.%'
        THEN CASE WHEN ISJSON(k.value) = 1 THEN JSON_VALUE(k.value, '$.part.id') END
        WHEN #lc_note.type LIKE 'message.updated.%'
        THEN CASE WHEN ISJSON(k.value) = 1 THEN JSON_VALUE(k.value, '$.info.id') END
        WHEN #lc_note.type LIKE 'session.updated.%'
        THEN CASE WHEN ISJSON(k.value) = 1 THEN JSON_VALUE(k.value, '$.info.id') END
      END
    FROM #lc_skeleton AS k
    WHERE
      k.name = 'event' AND k.id = #lc_note.id
  ),
  ''
)
WHERE
  bytes >= 16777216;

DELETE FROM #lc_skeleton
WHERE
  name = 'event';
