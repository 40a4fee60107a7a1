<#- The sessions whose flag changes. -#>
SELECT g.id
FROM lc_flagged AS g;
