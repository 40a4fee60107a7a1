<#- The values that a kind is about to change, as they are. -#>
SELECT t.id, x.<< field >>
FROM lc_target AS t
JOIN << table >> AS x ON x.id = t.id
WHERE t.kind = :kind AND t.name = :name AND t.field = :field
  AND octet_length(x.<< field >>) = t.octets
ORDER BY t.number;
