<#- What makes `row`, a row of the table `owner`, one that no session owns; said once: the deletion, its export
    and the undo share it. `spent`: only once it tells the selection nothing any more. -#>
<%- import "reclamation/_rules.sql" as rule -%>
<%- macro ownerless(store, owner, row, spent) -%>
<%- if owner.via -%>
NOT EXISTS (
    SELECT 1 FROM << owner.via.table >> AS owner
    WHERE owner.id = << row >>.<< owner.via.column >> AND (<< rule.known(store, "owner.session_id") >>)
  )
<%- if spent %>
  AND CASE
    WHEN EXISTS (SELECT 1 FROM << owner.via.table >> AS own WHERE own.id = << row >>.<< owner.via.column >>) THEN 1
    WHEN << rule.known(store, row ~ "." ~ owner.key) >> THEN << rule.is_spent(row) >>
    ELSE 1
  END = 1
<%- endif %>
<%- else -%>
<< rule.gone(store, row ~ "." ~ owner.key) >>
<%- if owner.name == "event_sequence" and store.has("event_sequence", "owner_id") %>
  AND << row >>.owner_id IS NULL
<%- elif owner.name == "event" %>
  AND << rule.ours(store, row ~ ".aggregate_id") >>
<%- endif %>
<%- endif %>
<%- endmacro -%>

<#- The list names a row by its own id where it holds content, else all rows of a gone session at once: by which column,
    and what of the list the rows must still come to. -#>
<%- macro key(owner) -%>
<< "id" if owner.bytes else owner.key >>
<%- endmacro -%>

<%- macro unchanged(owner, list, row) -%>
<%- if owner.bytes -%>
COALESCE(octet_length(<< row >>.data), 0) = << list >>.bytes
<%- else -%>
<< list >>.tally = (SELECT COUNT(*) FROM << owner.name >> AS one WHERE one.<< owner.key >> = << list >>.id)
<%- endif -%>
<%- endmacro -%>
