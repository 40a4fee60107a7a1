<%- import "reclamation/_rules.sql" as rule -%>
<#- Rows in which something may stand for an attachment: of the session :session, or of all. -#>
<% for table in ("part", "session_message") if store.has(table, "data") -%>
INSERT INTO lc_attached (name, number, id, session_id, octets, stamp)
SELECT '<< table >>', ROW_NUMBER() OVER (ORDER BY x.id), x.id, x.session_id, octet_length(x.data), COALESCE(clean_time(x.time_updated), 0)
FROM << table >> AS x
WHERE x.id IS NOT NULL AND (:session IS NULL OR x.session_id = :session) AND << rule.may_attach("x.data") >>;
<% endfor %>
