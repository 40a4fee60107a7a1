<#- The id behind a key of the payload. The client writes the payload's head always in the same way, ids of 30
    characters: then the id stands at a known place, and nothing needs to be parsed (three times as fast). Every other
    row is parsed. `exact`, for a reclamation: all are, since what is no JSON must stay and supersedes nothing, however
    well it begins. A huge one is looked at afterwards, by its skeleton. -#>
<%- macro entity(key) -%>
CASE
<%- if not exact %>
        WHEN e.data LIKE '{"sessionID":"<< "_" * 30 >>","<< key >>":{"id":"<< "_" * 30 >>"%'
        THEN SUBSTRING(e.data, 61, 30)
<%- endif %>
        WHEN json_valid(e.data) = 1 THEN json_extract(e.data, '$.<< key >>.id')
      END
<%- endmacro -%>
-- One part of the log after another, so that no more than a part is held at a time.
DELETE FROM lc_note;

-- Events by what they are about: each update repeats its part, message or session in full. An event that names no
-- whole part, message or session has no entity, and nothing supersedes it.
INSERT INTO lc_note (id, log, type, entity, seq, bytes, owned, kept)
SELECT
  <% if exact %>e.id<% elif sliced %>CASE WHEN octet_length(e.data) >= :huge THEN e.id END<% else %>NULL<% endif %>,
  g.number,
  e.type,
  COALESCE(
    CASE
<%- if sliced %>
      WHEN octet_length(e.data) >= :huge THEN NULL
<%- endif %>
      WHEN e.type LIKE 'message.part.updated.%' THEN << entity("part") >>
      WHEN e.type LIKE 'message.updated.%' THEN << entity("info") >>
      WHEN e.type LIKE 'session.updated.%' THEN << entity("info") >>
    END,
    ''
  ),
  e.seq,
  COALESCE(octet_length(e.data), 0),
  g.owned,
  <% if exact %>g.kept<% else %>CASE WHEN e.seq > g.through THEN 0 ELSE g.kept END<% endif %>
FROM lc_log AS g
CROSS JOIN event AS e
WHERE e.aggregate_id = g.id AND g.number BETWEEN :first AND :last
<%- if exact %>
  AND e.type LIKE '%.updated.%' AND e.seq <= g.through
<%- endif %>;
