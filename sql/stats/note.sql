<%- import "reclamation/_rules.sql" as rule -%>
-- Events by what they are about: each update repeats its part, message or session in full. An event that names no
-- whole part, message or session has no entity, and nothing supersedes it.
INSERT INTO lc_note (id, aggregate_id, type, entity, seq, bytes, valid, owned, kept)
SELECT
  e.id,
  e.aggregate_id,
  e.type,
  COALESCE(CASE WHEN json_valid(e.data) = 1 THEN
    CASE
      WHEN e.type LIKE 'message.part.updated.%' THEN json_extract(e.data, '$.part.id')
      WHEN e.type LIKE 'message.updated.%' THEN json_extract(e.data, '$.info.id')
      WHEN e.type LIKE 'session.updated.%' THEN json_extract(e.data, '$.info.id')
    END
  END, ''),
  e.seq,
  COALESCE(octet_length(e.data), 0),
  json_valid(e.data),
  CASE WHEN << rule.ours(store, "e.aggregate_id") >> THEN 0 ELSE 1 END,
  CASE WHEN << rule.known(store, "e.aggregate_id") >> THEN 1 ELSE 0 END
FROM event AS e;
