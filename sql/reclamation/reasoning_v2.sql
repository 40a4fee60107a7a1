<%- import "reclamation/_rules.sql" as rule -%>
<#- reasoning: what a model thought, where it is not sent to one any more, in the messages of 2.x.
    Goes:  in idle sessions, the text of reasoning before the newest finished compaction that any model can read (it
           becomes empty), and its provider's signature (`native`, `state` in previews).
    Lost:  the reasoning in the client's view; for the model too, if a revert goes back to before the compaction.
    Safe:  a request begins with that compaction; the entry stays in its place, with the text that is required. Empty
           and without a signature the client leaves it out of a request, should it ever be in the range again.
    Since: 2.0. -#>
UPDATE session_message
SET data = << rule.unthought("session_message.data") >>
FROM lc_chosen AS c
WHERE c.id = session_message.id
  AND << rule.holds("session_message", "json_thoughts") >> = 1;
