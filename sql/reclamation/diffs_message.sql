<%- import "reclamation/_rules.sql" as rule -%>
<#- diffs: what changed in which file, once per prompt, with the whole text of the file in it.
    Goes:  message.data.summary.diffs of idle sessions becomes an empty list.
    Lost:  the list of changes of a turn in the client's view. Files, and snapshots to revert to, are not touched.
    Safe:  the list is read by one view only (`GET /session/ID/diff`), and an empty one is what a turn without
           changes has; the key stays, since a summary without it makes the client refuse the whole session.
    Since: 1.2 (two copies of each file; from 1.14 on one patch with unlimited context). -#>
-- Messages of the batch, unless they changed since.
UPDATE message
SET data = << rule.without_diffs("message.data") >>
FROM lc_chosen AS c
WHERE c.id = message.id
  AND << rule.has_diffs("message.data") >> = 1;
