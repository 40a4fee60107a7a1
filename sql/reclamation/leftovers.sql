<#- leftovers: what the move from 1.x to 2.x has left behind, and what 2.x has removed since.
    Goes:  the rows in part, message, todo and session of sessions that were not touched by 1.x since the client began
           its move, once its own record says that it is completed: where 2.x has each of their messages with all its
           entries, or where nothing of 2.x is left of the whole tree.
    Lost:  client 1.x does not list these sessions any more; what 2.x did not take along, which are snapshots to revert
           to, changed files and todos, is in the export only.
    Safe:  2.x reads these tables in its move alone, and that is over; it makes no difference to its own rows, nor to
           event_sequence, by which they are numbered. A message that it could not read has no message of 2.x and
           keeps its session; among sessions that are gone nobody can tell, so that all rows go to an export first.
    Since: 2.0. -#>
<%- set owner = store.owned | selectattr("name", "equalto", table) | first %>
-- << table >> rows of the batch.
DELETE FROM << table >>
<%- if owner.via %>
WHERE << owner.via.column >> IN (
  SELECT m.id FROM lc_leftover_batch AS c JOIN << owner.via.table >> AS m ON m.session_id = c.id
);
<%- else %>
WHERE << owner.key >> IN (SELECT c.id FROM lc_leftover_batch AS c);
<%- endif %>
