<%- set moment = "clean_time(t." ~ owned.updated ~ ")" if owned.updated else "NULL" -%>
<%- set octets = "octet_length(t.data)" if "data" in owned.bytes else "NULL" -%>
<%- set own = "t.id" if "id" in owned.columns else "NULL" -%>
<%- set seq = "t.seq" if owned.name in ("event", "event_sequence") else "NULL" -%>
<#- What tells a row of the source from the copy's: a reclamation moves no time and makes it smaller. -#>
<%- if owned.via and not by_itself -%>
-- << owned.name >> by its << owned.via.table >>.
SELECT << own >> AS id, owner.session_id AS owner_id, << moment >> AS newest, << octets >> AS octets, << seq >> AS seq
FROM lc_copy AS c
JOIN << owned.via.table >> AS owner ON owner.session_id = c.id
JOIN << owned.name >> AS t ON t.<< owned.via.column >> = owner.id;
<%- else -%>
-- << owned.name >> of the sessions at hand.
SELECT << own >> AS id, t.<< owned.key >> AS owner_id, << moment >> AS newest, << octets >> AS octets, << seq >> AS seq
FROM lc_copy AS c
JOIN << owned.name >> AS t ON t.<< owned.key >> = c.id
<%- if owned.via %>
WHERE NOT EXISTS (SELECT 1 FROM << owned.via.table >> AS owner WHERE owner.id = t.<< owned.via.column >>)
<%- endif %>;
<%- endif %>
