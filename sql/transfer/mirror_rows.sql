<%- import "transfer/_mirror.sql" as copy -%>
<#- `apart`: without the rows of the copy that stay as they are. `digested`: columns of which a huge text comes as its
    length and its digest; `long`: columns of which it is left out, and said to be one. -#>
<%- if owned.via and not by_itself -%>
-- << owned.name >> of the sessions at hand, by its << owned.via.table >>.
SELECT owner.session_id AS owner_id, << copy.values(columns, digested, long) >>
FROM lc_copy AS c
JOIN << owned.via.table >> AS owner ON owner.session_id = c.id
JOIN << owned.name >> AS t ON t.<< owned.via.column >> = owner.id
<%- if apart %>
WHERE 1 = 1 << copy.richer(owned, "t") >> << copy.early(owned, "c.id") >>
<%- endif %>;
<%- elif owned.via -%>
-- << owned.name >> without its << owned.via.table >>, of the session it names itself.
SELECT t.<< owned.key >> AS owner_id, << copy.values(columns, digested, long) >>
FROM lc_copy AS c
JOIN << owned.name >> AS t ON t.<< owned.key >> = c.id
WHERE NOT EXISTS (SELECT 1 FROM << owned.via.table >> AS owner WHERE owner.id = t.<< owned.via.column >>)
<%- if apart %>
<< copy.richer(owned, "t") >> << copy.early(owned, "c.id") >>
<%- endif %>;
<%- else -%>
-- << owned.name >> of the sessions at hand.
SELECT t.<< owned.key >> AS owner_id, << copy.values(columns, digested, long) >>
FROM lc_copy AS c
JOIN << owned.name >> AS t ON t.<< owned.key >> = c.id
<%- if apart %>
WHERE 1 = 1 << copy.richer(owned, "t") >> << copy.early(owned, "c.id") >>
<%- endif %>;
<%- endif %>
