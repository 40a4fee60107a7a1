<%- import "reclamation/_rules.sql" as rule -%>
<#- events: the log of 1.x sessions, which repeats a part, a message or a session in full at every change.
    Goes:  of the sessions that are there, every event that a newer one of the same part, message or session
           supersedes; with --all-events the whole log of these sessions.
    Lost:  how a row came to be what it is. The events go to the export whole, and
           `undo` puts them back.
    Safe:  the client never reads the log to show, prompt, fork or export a session (only `/sync` and experimental
           workspaces do). event_sequence, which it counts on, is not touched; sessions whose log another machine
           owns are left out; events that are not JSON, or about something unknown, stay.
    Since: 1.14.34 has the tables; 1.17.0 and newer always write to them. -#>
-- Events of the batch, unless another machine has taken over their session. The client never changes an event.
DELETE FROM event
WHERE id IN (SELECT s.id FROM lc_superseded AS s WHERE s.number BETWEEN :first AND :last)
  AND << rule.ours(store, "event.aggregate_id") >>;
