<%- import "reclamation/_orphans.sql" as orphan -%>
<#- orphans: rows that no session owns.
    Goes:  rows of every known table, events and event_sequence among them, whose session is in neither layout;
           parts whose message is gone, after a week where their session is there.
    Lost:  content that the client cannot show any more. The rows go to the export whole, and `undo` puts them back.
    Safe:  the client reaches each of these rows by a session or a message only, and both are gone; older clients
           and deletions without foreign keys left them. A log that another machine owns stays.
    Since: 1.2 (events: 1.14.34). -#>
<%- set owner = store.owned | selectattr("name", "equalto", table) | first %>
-- << table >> rows of the batch, unless their session is there again.
DELETE FROM << table >>
WHERE << orphan.key(owner) >> IN (SELECT c.id FROM lc_ownerless AS c)
  AND << orphan.ownerless(store, owner, table, true) >>;
