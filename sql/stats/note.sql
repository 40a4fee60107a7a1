<%- import "reclamation/_rules.sql" as rule -%>
<#- The id behind a key of the payload. The client writes the payload's head always in the same way, ids of 30
    characters: then the id stands at a known place, and nothing needs to be parsed (three times as fast). A backslash
    before a quote would make it another text; such a row, and every other, is parsed. -#>
<%- macro entity(key) -%>
CASE
        WHEN SUBSTRING(e.data, 1, 14) = '{"sessionID":"'
          AND SUBSTRING(e.data, 45, 16) = '","<< key >>":{"id":"'
          AND SUBSTRING(e.data, 91, 1) = '"'
          AND SUBSTRING(e.data, 44, 1) <> '\'
          AND SUBSTRING(e.data, 90, 1) <> '\'
        THEN SUBSTRING(e.data, 61, 30)
        WHEN json_valid(e.data) = 1 THEN json_extract(e.data, '$.<< key >>.id')
      END
<%- endmacro -%>
<%- if chunk %>
-- One part of the log after another, so that no more than a part is held at a time.
DELETE FROM lc_note;
<% endif %>
-- Events by what they are about: each update repeats its part, message or session in full. An event that names no
-- whole part, message or session has no entity, and nothing supersedes it.
INSERT INTO lc_note (id, aggregate_id, type, entity, seq, bytes, owned, kept)
SELECT
  <% if chunk %>NULL<% else %>e.id<% endif %>,
  e.aggregate_id,
  e.type,
  COALESCE(
    CASE
      WHEN e.type LIKE 'message.part.updated.%' THEN << entity("part") >>
      WHEN e.type LIKE 'message.updated.%' THEN << entity("info") >>
      WHEN e.type LIKE 'session.updated.%' THEN << entity("info") >>
    END,
    ''
  ),
  e.seq,
  COALESCE(octet_length(e.data), 0),
<%- if chunk %>
  g.owned,
  g.kept
<%- else %>
  CASE WHEN << rule.ours(store, "e.aggregate_id") >> THEN 0 ELSE 1 END,
  CASE WHEN << rule.known(store, "e.aggregate_id") >> THEN 1 ELSE 0 END
<%- endif %>
<%- if chunk %>
FROM lc_log AS g
CROSS JOIN event AS e
WHERE e.aggregate_id = g.id AND g.number BETWEEN :first AND :last;
<%- else %>
FROM event AS e;
<%- endif %>
