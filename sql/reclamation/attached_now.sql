<%- import "reclamation/_rules.sql" as rule -%>
<#- Rows whose original values are at hand: what is attached to each now, or with `content` their text. -#>
SELECT o.id, x.id AS same, << "x.data" if content else rule.attached(table, "x.data") >> AS found
FROM lc_original AS o
JOIN << table >> AS x ON x.id = o.id
WHERE x.data <> o.value;
