<%- import "reclamation/_rules.sql" as rule -%>
<#- outputs: old results of tools that the client has not marked as cleared.
    Goes:  in idle sessions, beyond the last two turns and the client's own 40,000 tokens (160,000 octets) of newer
           results, and only if more than 20,000 tokens come together: state.output (becomes the client's words for
           a cleared result), state.attachments, state.metadata but for its links. Results of the tool `skill` stay.
    Lost:  the results, for the model as well as in the client's view and its exports.
    Safe:  it is what the client's own `compaction.prune` takes from the model; every key that it requires stays.
    Since: 1.2. -#>
-- Parts of the batch, unless they changed since: the condition is the one they were found by.
UPDATE part
SET data = << rule.compacted("part.data") >>
FROM lc_chosen AS c
WHERE c.id = part.id
<%- if sliced %>
  AND octet_length(part.data) < :huge
<%- endif %>
  AND << rule.has_output("part.data") >> = 1;
<% if sliced %>
-- Huge ones by their skeletons, which say what would become of them.
UPDATE part
SET data = << rule.compacted("k.value") >>
FROM lc_skeleton AS k
WHERE k.name = 'part' AND k.id = part.id
  AND part.id IN (SELECT c.id FROM lc_chosen AS c)
  AND << rule.has_output("k.value") >> = 1
  AND << rule.is_whole(rule.compacted("k.value")) >>;
<%- endif %>
