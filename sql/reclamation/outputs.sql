<%- import "reclamation/_rules.sql" as rule -%>
<#- outputs: old results of tools that the client has not marked as cleared.
    Goes:  in idle sessions, beyond the last two turns and the client's own 40,000 tokens (160,000 octets) of newer
           results, and only if more than 20,000 tokens come together: state.output (becomes the client's words for
           a cleared result), state.attachments, state.metadata but for its links. Results of the tool `skill` stay.
    Lost:  the results, for the model as well as in the client's view and its exports.
    Safe:  it is what the client's own `compaction.prune` takes from the model; every key that it requires stays.
    Since: 1.2. -#>
UPDATE part
SET data = << rule.compacted("part.data") >>
FROM lc_chosen AS c
WHERE c.id = part.id
  AND << rule.has_output("part.data") >> = 1;
