-- One part of the log after another, so that no more than a part is held at a time.
DELETE FROM lc_note;

-- Events by what they are about: each update repeats its part, message or session in full. An event that names no
-- whole part, message or session has no entity, and nothing supersedes it.
INSERT INTO lc_note (
  id,
  aggregate_id,
  type,
  entity,
  seq,
  bytes,
  owned,
  kept
)
SELECT
  NULL,
  e.aggregate_id,
  e.type,
  COALESCE(
    CASE
      WHEN e.type LIKE 'message.part.updated.%'
      THEN CASE
        WHEN SUBSTRING(e.data FROM 1 FOR 14) = '{"sessionID":"'
        AND SUBSTRING(e.data FROM 45 FOR 16) = '","part":{"id":"'
        AND SUBSTRING(e.data FROM 91 FOR 1) = '"'
        AND SUBSTRING(e.data FROM 44 FOR 1) <> '\'
        AND SUBSTRING(e.data FROM 90 FOR 1) <> '\'
        THEN SUBSTRING(e.data FROM 61 FOR 30)
        WHEN CASE WHEN e_data.document IS NULL THEN 0 ELSE 1 END = 1
        THEN (
          e_data.document #>> '{part,id}'
        )
      END
      WHEN e.type LIKE 'message.updated.%'
      THEN CASE
        WHEN SUBSTRING(e.data FROM 1 FOR 14) = '{"sessionID":"'
        AND SUBSTRING(e.data FROM 45 FOR 16) = '","info":{"id":"'
        AND SUBSTRING(e.data FROM 91 FOR 1) = '"'
        AND SUBSTRING(e.data FROM 44 FOR 1) <> '\'
        AND SUBSTRING(e.data FROM 90 FOR 1) <> '\'
        THEN SUBSTRING(e.data FROM 61 FOR 30)
        WHEN CASE WHEN e_data.document IS NULL THEN 0 ELSE 1 END = 1
        THEN (
          e_data.document #>> '{info,id}'
        )
      END
      WHEN e.type LIKE 'session.updated.%'
      THEN CASE
        WHEN SUBSTRING(e.data FROM 1 FOR 14) = '{"sessionID":"'
        AND SUBSTRING(e.data FROM 45 FOR 16) = '","info":{"id":"'
        AND SUBSTRING(e.data FROM 91 FOR 1) = '"'
        AND SUBSTRING(e.data FROM 44 FOR 1) <> '\'
        AND SUBSTRING(e.data FROM 90 FOR 1) <> '\'
        THEN SUBSTRING(e.data FROM 61 FOR 30)
        WHEN CASE WHEN e_data.document IS NULL THEN 0 ELSE 1 END = 1
        THEN (
          e_data.document #>> '{info,id}'
        )
      END
    END,
    ''
  ),
  e.seq,
  COALESCE(OCTET_LENGTH(e.data), 0),
  g.owned,
  g.kept
FROM lc_log AS g
CROSS JOIN event AS e
CROSS JOIN LATERAL (
  SELECT
    pg_temp.gc_json(e.data) AS document
  OFFSET 0
) AS e_data
WHERE
  e.aggregate_id = g.id AND g.number BETWEEN 1 AND 4000;
