<#- Octets of the batch's rows that are really gone. -#>
SELECT COALESCE(SUM(s.bytes), 0) AS bytes
FROM lc_stray AS s
WHERE s.name = :name AND s.number BETWEEN :first AND :last
  AND NOT EXISTS (SELECT 1 FROM << table >> AS t WHERE t.id = s.id);
