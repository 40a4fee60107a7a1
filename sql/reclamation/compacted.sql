<%- import "reclamation/_rules.sql" as rule -%>
<#- compacted: tool results that the client has marked as cleared and keeps all the same.
    Goes:  state.output (becomes the client's own words for it), state.attachments, and state.metadata but for its
           links to other sessions (sessionId, parentSessionId). The part's own metadata, which providers want
           back, is not touched.
    Lost:  the old output and attachments in the client's view and in its exports.
    Safe:  for a part with time.compacted the model is sent these very words and no attachment; every key that the
           client requires stays, as do all time stamps.
    Since: the mark is there from 1.0 on; 1.14.34 and newer set it only with compaction.prune. -#>
-- Parts of the batch, unless they changed since: the condition is the one they were found by.
UPDATE part
SET data = << rule.compacted("part.data") >>
FROM lc_chosen AS c
WHERE c.id = part.id
<%- if sliced %>
  AND octet_length(part.data) < :huge
<%- endif %>
  AND << rule.is_compacted("part.data") >> = 1;
<% if sliced %>
-- Huge ones by their skeletons, which say what would become of them.
UPDATE part
SET data = << rule.compacted("k.value") >>
FROM lc_skeleton AS k
WHERE k.name = 'part' AND k.id = part.id
  AND part.id IN (SELECT c.id FROM lc_chosen AS c)
  AND << rule.is_compacted("k.value") >> = 1
  AND << rule.is_whole(rule.compacted("k.value")) >>;
<%- endif %>
