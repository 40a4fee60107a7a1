<#- Rows that hold the original that an undo gave back to them: what the client has written since is newer. -#>
INSERT INTO lc_chosen (id)
SELECT o.id
FROM lc_original AS o
CROSS JOIN << table >> AS x
WHERE x.id = o.id AND x.<< field >> = o.value;
