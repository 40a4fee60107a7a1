-- One part of the log after another, so that no more than a part is held at a time.
DELETE FROM lc_note;

-- Events by what they are about: each update repeats its part, message or session in full. An event that names no
-- whole part, message or session has no entity, and nothing supersedes it.
INSERT INTO lc_note (
  id,
  log,
  type,
  entity,
  seq,
  bytes,
  owned,
  kept
)
SELECT
  CASE WHEN LENGTH(CAST(e.data AS BLOB)) >= 16777216 THEN e.id END,
  g.number,
  e.type,
  COALESCE(
    CASE
      WHEN LENGTH(CAST(e.data AS BLOB)) >= 16777216
      THEN NULL
      WHEN e.type LIKE 'message.part.updated.%'
      THEN CASE
        WHEN e.data LIKE '{"sessionID":"______________________________","part":{"id":"______________________________"%'
        THEN SUBSTRING(e.data, 61, 30)
        WHEN JSON_VALID(e.data) = 1
        THEN JSON_EXTRACT(e.data, '$.part.id')
      END
      WHEN e.type LIKE 'message.updated.%'
      THEN CASE
        WHEN e.data LIKE '{"sessionID":"______________________________","info":{"id":"______________________________"%'
        THEN SUBSTRING(e.data, 61, 30)
        WHEN JSON_VALID(e.data) = 1
        THEN JSON_EXTRACT(e.data, '$.info.id')
      END
      WHEN e.type LIKE 'session.updated.%'
      THEN CASE
        WHEN e.data LIKE '{"sessionID":"______________________________","info":{"id":"______________________________"%'
        THEN SUBSTRING(e.data, 61, 30)
        WHEN JSON_VALID(e.data) = 1
        THEN JSON_EXTRACT(e.data, '$.info.id')
      END
    END,
    ''
  ),
  e.seq,
  COALESCE(LENGTH(CAST(e.data AS BLOB)), 0),
  g.owned,
  CASE WHEN e.seq > g.through THEN 0 ELSE g.kept END
FROM lc_log AS g
CROSS JOIN event AS e
WHERE
  e.aggregate_id = g.id AND g.number BETWEEN 1 AND 4000;
