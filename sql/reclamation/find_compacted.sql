<%- import "reclamation/_rules.sql" as rule -%>
<#- Which parts `compacted` shrinks, and by how much: from the one pass over all parts. -#>
INSERT INTO lc_target (kind, name, field, number, id, session_id, bytes, octets, stamp)
SELECT 'compacted', 'part', 'data', ROW_NUMBER() OVER (ORDER BY p.id), p.id, NULL, p.compacted, p.bytes, p.stamp
FROM lc_piece AS p
WHERE p.compacted IS NOT NULL AND p.id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM lc_stray AS s WHERE s.id = p.id AND s.name = 'part');

-- Huge ones that it would shrink, and that say more than what would go.
INSERT INTO lc_too_large (name, id)
SELECT k.name, k.id
FROM lc_skeleton AS k
WHERE k.name = 'part' AND << rule.is_compacted("k.value") >> = 1 AND NOT << rule.is_whole(rule.compacted("k.value")) >>
  AND NOT EXISTS (SELECT 1 FROM lc_stray AS s WHERE s.id = k.id AND s.name = 'part');
