<#- Values that need not come back: an earlier undo, or a run that was stopped, left the original in its place. -#>
SELECT x.id
FROM lc_original AS o
CROSS JOIN << table >> AS x
WHERE x.id = o.id AND x.<< field >> = o.value;
