<#- Rows with a text so large that it is not looked into as it is. -#>
SELECT x.id
FROM << table >> AS x
WHERE octet_length(x.data) >= :huge;
