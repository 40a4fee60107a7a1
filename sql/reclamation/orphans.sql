<%- import "reclamation/_rules.sql" as rule -%>
<#- orphans: rows that no session owns.
    Goes:  rows of every known table, events and event_sequence among them, whose session is in neither layout;
           parts whose message is gone, after a week where their session is there.
    Lost:  content that the client cannot show any more. It cannot be undone.
    Safe:  the client reaches each of these rows by a session or a message only, and both are gone; older clients
           and deletions without foreign keys left them. A log that another machine owns stays.
    Since: 1.2 (events: 1.14.34). -#>
<%- set owner = store.owned | selectattr("name", "equalto", table) | first %>
<%- if owner.via %>
-- << table >> rows of the batch whose << owner.via.table >> is gone, or is not of any session.
DELETE FROM << table >>
WHERE id IN (SELECT s.id FROM lc_stray AS s WHERE s.name = '<< table >>' AND s.number BETWEEN :first AND :last)
  AND NOT EXISTS (
    SELECT 1 FROM << owner.via.table >> AS owner
    WHERE owner.id = << table >>.<< owner.via.column >> AND (<< rule.known(store, "owner.session_id") >>)
  )
  AND CASE
    WHEN EXISTS (SELECT 1 FROM << owner.via.table >> AS own WHERE own.id = << table >>.<< owner.via.column >>) THEN 1
    WHEN << rule.known(store, table ~ "." ~ owner.key) >> THEN << rule.is_spent(table) >>
    ELSE 1
  END = 1;
<%- else %>
-- << table >> rows of the batch, unless their session is there again.
DELETE FROM << table >>
WHERE << "id" if owner.bytes else owner.key >> IN (SELECT s.id FROM lc_stray AS s WHERE s.name = '<< table >>' AND s.number BETWEEN :first AND :last)
  AND << rule.gone(store, table ~ "." ~ owner.key) >>
<%- if table == "event_sequence" and store.has(table, "owner_id") %>
  AND event_sequence.owner_id IS NULL
<%- elif table == "event" %>
  AND << rule.ours(store, table ~ ".aggregate_id") >>
<%- endif %>;
<%- endif %>
