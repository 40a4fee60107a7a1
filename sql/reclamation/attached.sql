<%- import "reclamation/_rules.sql" as rule -%>
<#- The rows of a stretch that are still what was found: what is attached to each, or with `content` their text. Never
    both at once: a large row would be in memory more often than it has to be. -#>
SELECT a.number, a.id, << "x.data" if content else rule.attached(table, "x.data") >> AS found
FROM lc_attached AS a
JOIN << table >> AS x ON x.id = a.id
WHERE a.name = '<< table >>' AND a.number BETWEEN :first AND :last AND octet_length(x.data) = a.octets
ORDER BY a.number;
