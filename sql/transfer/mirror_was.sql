<% for table in store.roots if store.has(table, "summary_diffs") and store.has(table, "revert") %>
-- Diffs in the copy's rows of << table >>.
INSERT INTO lc_was (name, id, newest, summary_diffs, revert)
SELECT '<< table >>', t.id, clean_time(t.time_updated), t.summary_diffs, t.revert
FROM lc_copy AS c
JOIN << table >> AS t ON t.id = c.id
WHERE t.summary_diffs IS NOT NULL OR t.revert IS NOT NULL;
<% endfor %>
