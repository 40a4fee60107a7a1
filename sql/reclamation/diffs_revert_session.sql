<%- import "reclamation/_rules.sql" as rule -%>
<#- diffs: the text of what a pending revert took back, in the rows of 1.x sessions.
    Goes:  the key diff of session.revert, in idle sessions.
    Lost:  the shown text of the revert.
    Safe:  its message and snapshot stay: by them the client hides what is reverted and brings it back. One such
           text had 423 MB and kept the client from starting.
    Since: 1.2. -#>
UPDATE session
SET revert = << rule.without_revert_diff("session.revert") >>
FROM lc_chosen AS c
WHERE c.id = session.id
  AND << rule.has_revert_diff("session.revert") >> = 1;
