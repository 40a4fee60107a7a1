<#- The row `x` of a work list's row is still what the forecast saw: by size and by the time of its last change; a
    message of 2.x as the kinds before this one leave it. Said once for what is exported and for what is struck out. -#>
<%- import "reclamation/_rules.sql" as rule -%>
<%- macro easing(table, eased) -%>
<%- if table == "session_message" and eased %>
<< rule.easing() >>
<%- endif %>
<%- endmacro -%>

<%- macro unchanged(list, table, field, eased) -%>
<< rule.eased_octets(eased) if table == "session_message" and eased else "octet_length(x." ~ field ~ ")" >> = << list >>.octets
  AND COALESCE(clean_time(x.time_updated), 0) = << list >>.stamp
<%- endmacro -%>
