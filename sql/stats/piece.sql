<%- import "reclamation/_rules.sql" as rule -%>
<%- set never_marked -%>
SUBSTRING(p.data, 1, 13) IN ('{"type":"text', '{"type":"step', '{"type":"reas', '{"type":"patc', '{"type":"file')
<%- endset -%>
-- Parts: `compacted` are the octets that go from tool results which the client has marked as cleared and keeps all
-- the same. The usual kinds are told by the head of the text, as the client writes it, the others by their JSON; a row
-- that is neither counts whole, as such. Beside these, only what may be marked is parsed: looking for the word is three
-- times as fast. A reclamation wants to know what is no JSON, and parses all that may be marked.
<%- if not marked %> No id is kept of a
-- part that can be neither.
<%- endif %>
INSERT INTO lc_piece (id, kind, bytes, stamp, compacted)
SELECT
<%- if marked %>
  p.id,
<%- else %>
  CASE WHEN << never_marked >> THEN NULL ELSE p.id END,
<%- endif %>
  CASE
<%- if not marked %>
<%- for kind in ("tool", "text", "step-start", "step-finish", "reasoning", "patch", "file") %>
    WHEN SUBSTRING(p.data, 1, << kind | length + 10 >>) = '{"type":"<< kind >>"' THEN '<< kind >>'
<%- endfor %>
<%- endif %>
    WHEN json_valid(p.data) = 1 THEN COALESCE(json_extract(p.data, '$.type'), 'no type')
    ELSE 'invalid json'
  END,
  COALESCE(octet_length(p.data), 0),
  COALESCE(clean_time(p.time_updated), 0),
  CASE
<%- if not marked %>
    WHEN << never_marked >> THEN NULL
<%- endif %>
    WHEN p.data LIKE '%"compacted"%' THEN
      CASE WHEN << rule.is_compacted("p.data") >> = 1
        THEN octet_length(p.data) - octet_length(<< rule.compacted("p.data") >>) END
  END
FROM part AS p
<%- if marked %>
WHERE p.data LIKE '%"compacted"%'
<%- endif %>;
