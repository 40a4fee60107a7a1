<#- The client's flag of the chosen sessions as it is, where it would change: what the change expects, and what an
    undo puts back. -#>
SELECT x.id, x.time_archived
FROM << table >> AS x
WHERE x.id IN (SELECT u.id FROM lc_unit AS u WHERE u.id = u.root_id)
  AND CASE WHEN x.time_archived IS NULL THEN 0 ELSE 1 END <> :flag;
