<%- import "reclamation/_rules.sql" as rule -%>
-- Parts: `compacted` are the octets that go from tool results which the client has marked as cleared and keeps all
-- the same. A row that is no JSON counts whole, as such. A reclamation reads only what may be marked: looking for
-- the word is three times as fast as parsing.
INSERT INTO lc_piece (id, kind, bytes, stamp, compacted)
SELECT
  p.id,
  CASE WHEN json_valid(p.data) = 1 THEN COALESCE(json_extract(p.data, '$.type'), 'no type') ELSE 'invalid json' END,
  COALESCE(octet_length(p.data), 0),
  COALESCE(clean_time(p.time_updated), 0),
  CASE WHEN << rule.is_compacted("p.data") >> = 1
    THEN octet_length(p.data) - octet_length(<< rule.compacted("p.data") >>) END
FROM part AS p
<%- if marked %>
WHERE p.data LIKE '%"compacted"%'
<%- endif %>;
