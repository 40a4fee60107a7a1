<%- import "reclamation/_rules.sql" as rule -%>
-- Parts: `compacted` are the octets that go from tool results which the client has marked as cleared and keeps all
-- the same. The kinds that may be large are told by the head of the text, as the client writes it, the others by
-- their JSON; a row that is neither counts whole, as such. Only what may be marked is parsed: looking for the word
-- is three times as fast. A reclamation wants to know what is no JSON, and parses all that may be marked.
INSERT INTO lc_piece (id, kind, bytes, stamp, compacted)
SELECT
  p.id,
  CASE
<%- if not marked %>
    WHEN SUBSTRING(p.data, 1, 14) = '{"type":"tool"' THEN 'tool'
    WHEN SUBSTRING(p.data, 1, 14) = '{"type":"text"' THEN 'text'
    WHEN SUBSTRING(p.data, 1, 14) = '{"type":"file"' THEN 'file'
<%- endif %>
    WHEN json_valid(p.data) = 1 THEN COALESCE(json_extract(p.data, '$.type'), 'no type')
    ELSE 'invalid json'
  END,
  COALESCE(octet_length(p.data), 0),
  COALESCE(clean_time(p.time_updated), 0),
  CASE
<%- if not marked %>
    WHEN SUBSTRING(p.data, 1, 14) IN ('{"type":"text"', '{"type":"file"') THEN NULL
<%- endif %>
    WHEN p.data LIKE '%"compacted"%' THEN
      CASE WHEN << rule.is_compacted("p.data") >> = 1
        THEN octet_length(p.data) - octet_length(<< rule.compacted("p.data") >>) END
  END
FROM part AS p
<%- if marked %>
WHERE p.data LIKE '%"compacted"%'
<%- endif %>;
