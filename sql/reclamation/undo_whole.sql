<%- import "reclamation/_rules.sql" as rule -%>
-- Whether the skeleton at hand can stand for its value: nothing that it leaves out is left in what it becomes.
SELECT COUNT(*) AS tally
FROM lc_original AS o
WHERE json_valid(o.value) = 1<% if edit %> AND << rule.is_whole(rule[edit]("o.value")) >><% endif %>;
