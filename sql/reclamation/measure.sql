<#- Octets of a column in the rows of the batch. -#>
SELECT COUNT(*) AS tally, COALESCE(SUM(octet_length(x.<< field >>)), 0) AS octets
FROM lc_chosen AS c
JOIN << table >> AS x ON x.id = c.id;
