<%- import "reclamation/_rules.sql" as rule -%>
<#- outputs: old results of tools, in the messages of 2.x (and of sessions that 1.18 ran by its new runner).
    Goes:  in idle sessions, beyond the last two turns and 160,000 octets of newer results, and only if more than
           80,000 come together: state.content of finished calls (becomes one text, the client's words for a cleared
           result: the list must not be empty), state.attachments, state.metadata and state.structured but for their
           links. Results of the tool `skill` stay, and those that a provider computed itself.
    Lost:  the results, for the model as well as in the client's view.
    Safe:  it is what the move from 1.x makes of a result that 1.x had cleared; every key that is required stays.
    Since: 1.17 (session_message.seq); 2.0. -#>
UPDATE session_message
SET data = << rule.cleared_v2("session_message.data") >>
FROM lc_chosen AS c
WHERE c.id = session_message.id
  AND << rule.holds("session_message", "json_results") >> = 1;
