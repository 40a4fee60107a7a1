<%- import "reclamation/_rules.sql" as rule -%>
<#- Rows that still hold what the reclamation made of the original: what the client has written since is newer,
    and what is no JSON was never reduced. Of a huge original its skeleton is at hand (`sliced`). -#>
INSERT INTO lc_chosen (id)
SELECT o.id
FROM lc_original AS o
CROSS JOIN << table >> AS x
WHERE x.id = o.id
<%- if edit == "moved" %>
  AND EXISTS (SELECT 1 FROM lc_moved AS m WHERE m.id = x.id AND m.value = x.<< field >>);
<%- elif edit %>
<%- if sliced %>
  AND << rule.is_whole(rule[edit]("o.value")) >>
<%- endif %>
  AND x.<< field >> = CASE WHEN json_valid(o.value) = 1 THEN << rule[edit]("o.value") >> END;
<%- else %>
  AND x.<< field >> IS NULL;
<%- endif %>
