<#- Which parts `compacted` shrinks, and by how much: from the one pass over all parts. -#>
INSERT INTO lc_target (kind, name, field, number, id, session_id, bytes, octets, stamp)
SELECT 'compacted', 'part', 'data', ROW_NUMBER() OVER (ORDER BY p.id), p.id, NULL, p.compacted, p.bytes, p.stamp
FROM lc_piece AS p
WHERE p.compacted IS NOT NULL AND p.id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM lc_stray AS s WHERE s.id = p.id AND s.name = 'part');
