<#- diffs: the same lists once more, in the rows of 1.x sessions.
    Goes:  session.summary_diffs of idle sessions becomes NULL.
    Lost:  the summary of all changes of a session in the client's view; the numbers of files and lines stay.
    Safe:  NULL is what a session without changes has; the client writes the column anew with the next summary.
    Since: 1.2. -#>
UPDATE session
SET summary_diffs = NULL
FROM lc_chosen AS c
WHERE c.id = session.id AND session.summary_diffs IS NOT NULL AND json_editable(session.summary_diffs) = 1;
