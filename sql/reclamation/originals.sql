<%- import "reclamation/_rules.sql" as rule -%>
<%- import "reclamation/_listed.sql" as listed -%>
<#- The values that a kind is about to change, as they are; messages of 2.x as the kinds before it leave them. (To
    put a large one together takes many times its size, so it is not asked for its size as well.) A huge part is NULL, and
    read in slices. -#>
<%- set value = rule.eased(eased) if table == "session_message" and eased else "x." ~ field %>
<%- if sliced %>
SELECT t.id, CASE WHEN octet_length(<< value >>) >= :huge THEN NULL ELSE << value >> END
<%- else %>
SELECT t.id, << value >>
<%- endif %>
FROM lc_target AS t
JOIN << table >> AS x ON x.id = t.id
<< listed.easing(table, eased) >>
WHERE t.kind = :kind AND t.name = :name AND t.field = :field
  AND << listed.unchanged("t", table, field, eased) >>
ORDER BY t.number;
