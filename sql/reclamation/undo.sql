<%- import "reclamation/_rules.sql" as rule -%>
<#- Original values go back where the row still holds what the reclamation made of them: what the client has written
    since is newer and stays. -#>
UPDATE << table >>
SET << field >> = o.value
FROM lc_original AS o
WHERE o.id = << table >>.id
<%- if edit %>
  AND << table >>.<< field >> = << rule[edit]("o.value") >>
<%- else %>
  AND << table >>.<< field >> IS NULL
<%- endif %>;
