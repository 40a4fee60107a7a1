<%- import "reclamation/_rules.sql" as rule -%>
<#- reasoning: what a model thought, where it is not sent to one any more.
    Goes:  in idle sessions, the text of reasoning parts before the newest finished compaction and the tail that is
           sent with it (it becomes a placeholder), and their metadata, the provider's signature.
    Lost:  the reasoning in the client's view and its exports; for the model too, if a revert goes back to before the
           compaction.
    Safe:  no request holds these messages; a signature never stays without its text; text and time, which the client
           requires, stay.
    Since: 1.2 (tail_start_id: 1.14). -#>
-- Parts of the batch, unless they changed since: the condition is the one they were found by.
UPDATE part
SET data = << rule.without_reasoning("part.data") >>
FROM lc_chosen AS c
WHERE c.id = part.id
<%- if sliced %>
  AND octet_length(part.data) < :huge
<%- endif %>
  AND << rule.has_reasoning("part.data") >> = 1;
<% if sliced %>
-- Huge ones by their skeletons, which say what would become of them.
UPDATE part
SET data = << rule.without_reasoning("k.value") >>
FROM lc_skeleton AS k
WHERE k.name = 'part' AND k.id = part.id
  AND part.id IN (SELECT c.id FROM lc_chosen AS c)
  AND << rule.has_reasoning("k.value") >> = 1
  AND << rule.is_whole(rule.without_reasoning("k.value")) >>;
<%- endif %>
