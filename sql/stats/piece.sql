<%- import "reclamation/_rules.sql" as rule -%>
<%- set never_marked -%>
SUBSTRING(p.data, 1, 13) IN ('{"type":"text', '{"type":"step', '{"type":"reas', '{"type":"patc', '{"type":"file')
<%- endset -%>
<%- set part = store.owned | selectattr("name", "equalto", "part") | first -%>
<%- macro kind_and_gain() -%>
  CASE
<%- if sliced %>
    WHEN octet_length(p.data) >= :huge THEN 'huge'
<%- endif %>
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
<%- if sliced %>
    WHEN octet_length(p.data) >= :huge THEN NULL
<%- endif %>
<%- if not marked %>
    WHEN << never_marked >> THEN NULL
<%- endif %>
    WHEN p.data LIKE '%"compacted"%' THEN
      CASE WHEN << rule.is_compacted("p.data") >> = 1
        THEN octet_length(p.data) - octet_length(<< rule.compacted("p.data") >>) END
  END
<%- endmacro -%>
<% if marked %>
-- Parts that may be marked: `compacted` are the octets that go from tool results which the client has marked as cleared
-- and keeps all the same. A row that is no JSON counts as such. Only what may be marked is parsed: the head of the text
-- leaves out most, and looking for the word is three times as fast as parsing.
INSERT INTO lc_piece (id, kind, bytes, stamp, compacted)
SELECT
  p.id,
  << kind_and_gain() >>
FROM part AS p
WHERE
<%- if sliced %>
  octet_length(p.data) >= :huge
  OR
<%- endif %>
  NOT << never_marked >> AND p.data LIKE '%"compacted"%';
<%- else %>
-- Parts << "without a message" if alone else "of some sessions" >>: `compacted` are the octets that go from tool results
-- which the client has marked as cleared and keeps all the same. The usual kinds are told by the head of the text, as
-- the client writes it, the others by their JSON; a row that is neither counts whole, as such. No id is kept of a part
-- that can be neither.
INSERT INTO lc_piece (id, kind, bytes, stamp, compacted)
SELECT
  CASE
<%- if sliced %>
    WHEN octet_length(p.data) >= :huge THEN p.id
<%- endif %>
    WHEN << never_marked >> THEN NULL
    ELSE p.id
  END,
  << kind_and_gain() >>
<%- if alone %>
FROM lc_alone AS a
CROSS JOIN part AS p
WHERE a.name = 'part' AND p.<< part.key >> = a.id
  AND NOT EXISTS (SELECT 1 FROM << part.via.table >> AS owner WHERE owner.id = p.<< part.via.column >>);
<%- elif part.via %>
FROM lc_pile AS g
CROSS JOIN << part.via.table >> AS owner
CROSS JOIN part AS p
WHERE g.number BETWEEN :first AND :last AND owner.session_id = g.id AND p.<< part.via.column >> = owner.id;
<%- else %>
FROM lc_pile AS g
CROSS JOIN part AS p
WHERE g.number BETWEEN :first AND :last AND p.<< part.key >> = g.id;
<%- endif %>
<%- endif %>
