-- Events by what they are about: each update repeats its part, message or session in full. An event that names no
-- whole part, message or session has no entity, and nothing supersedes it.
INSERT INTO lc_note (
  id,
  aggregate_id,
  type,
  entity,
  seq,
  bytes,
  valid,
  owned,
  kept
)
SELECT
  e.id,
  e.aggregate_id,
  e.type,
  COALESCE(
    CASE
      WHEN CASE WHEN pg_temp.gc_json(e.data) IS NULL THEN 0 ELSE 1 END = 1
      THEN CASE
        WHEN e.type LIKE 'message.part.updated.%'
        THEN (
          pg_temp.gc_json(e.data) #>> '{part,id}'
        )
        WHEN e.type LIKE 'message.updated.%'
        THEN (
          pg_temp.gc_json(e.data) #>> '{info,id}'
        )
        WHEN e.type LIKE 'session.updated.%'
        THEN (
          pg_temp.gc_json(e.data) #>> '{info,id}'
        )
      END
    END,
    ''
  ),
  e.seq,
  COALESCE(OCTET_LENGTH(e.data), 0),
  CASE WHEN pg_temp.gc_json(e.data) IS NULL THEN 0 ELSE 1 END,
  CASE
    WHEN NOT EXISTS(
      SELECT
        1
      FROM event_sequence AS log
      WHERE
        log.aggregate_id = e.aggregate_id AND NOT log.owner_id IS NULL
    )
    THEN 0
    ELSE 1
  END,
  CASE
    WHEN EXISTS(
      SELECT
        1
      FROM session AS session_kept
      WHERE
        session_kept.id = e.aggregate_id
    )
    OR EXISTS(
      SELECT
        1
      FROM session_v2 AS session_v2_kept
      WHERE
        session_v2_kept.id = e.aggregate_id
    )
    THEN 1
    ELSE 0
  END
FROM event AS e;
