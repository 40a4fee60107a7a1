<%- import "reclamation/_rules.sql" as rule -%>
<#- compacted: tool results that 1.x had marked as cleared, in the messages of 2.x.
    Goes:  where the move to 2.x put the client's words for a cleared result: of the metadata of that call all but its
           links to other sessions (sessionID, sessionId, parentSessionId). The move kept it, and for a shell command it
           is a second copy of the output.
    Lost:  what the client's view shows of such a call beside its input.
    Safe:  no request holds the metadata of a call; it is optional, and `content` is not touched. 2.x itself marks
           nothing as cleared, so nothing else is this kind's.
    Since: 2.0. -#>
-- Messages of the batch, unless they changed since: the condition is the one they were found by.
UPDATE session_message
SET data = << rule.lightened("session_message.data") >>
FROM lc_chosen AS c
WHERE c.id = session_message.id
  AND << rule.holds("session_message", "json_burden") >> = 1;
