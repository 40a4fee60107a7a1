-- Events by what they are about: each update repeats its part, message or session in full.
INSERT INTO lc_note (aggregate_id, type, entity, seq, bytes, owned)
SELECT
  e.aggregate_id,
  e.type,
  COALESCE(CASE WHEN json_valid(e.data) = 1 THEN
    CASE
      WHEN e.type LIKE 'message.part.updated.%' THEN json_extract(e.data, '$.part.id')
      WHEN e.type LIKE 'message.updated.%' THEN json_extract(e.data, '$.info.id')
      WHEN e.type LIKE 'session.updated.%' THEN e.aggregate_id
    END
  END, ''),
  e.seq,
  octet_length(e.data),
  <% if store.has("event_sequence", "owner_id") -%>
  CASE WHEN EXISTS (SELECT 1 FROM event_sequence AS q WHERE q.aggregate_id = e.aggregate_id AND q.owner_id IS NOT NULL)
    THEN 1 ELSE 0 END
  <%- else %>0<% endif %>
FROM event AS e;

-- All but the newest of each are superseded; aggregates that another machine owns are left out.
INSERT INTO lc_gain (kind, found, bytes)
SELECT 'events', COUNT(*), COALESCE(SUM(n.bytes), 0)
FROM (
  SELECT bytes, ROW_NUMBER() OVER (PARTITION BY aggregate_id, type, entity ORDER BY seq DESC) AS newest_first
  FROM lc_note
  WHERE entity <> '' AND owned = 0
) AS n
WHERE n.newest_first > 1;
