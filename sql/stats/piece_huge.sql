<%- import "reclamation/_rules.sql" as rule -%>
-- Huge parts anew, by their skeletons. What could not be told by its skeleton alone stays as it is.
DELETE FROM lc_piece
WHERE bytes >= :huge;

INSERT INTO lc_piece (id, kind, bytes, stamp, compacted)
SELECT
  k.id,
  CASE WHEN json_valid(k.value) = 1 THEN COALESCE(json_extract(k.value, '$.type'), 'no type') ELSE 'invalid json' END,
  k.octets,
  COALESCE(clean_time(p.time_updated), 0),
  CASE WHEN << rule.is_compacted("k.value") >> = 1 AND << rule.is_whole(rule.compacted("k.value")) >>
    THEN k.octets - octet_length(<< rule.compacted("k.value") >>) END
FROM lc_skeleton AS k
JOIN part AS p ON p.id = k.id
WHERE k.name = 'part'
<%- if marked %>
  AND k.value LIKE '%"compacted"%'
<%- endif %>;
