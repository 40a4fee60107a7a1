<% if store.has("message") -%>
-- Whole files inside the summaries of messages, in sessions idle for a week.
INSERT INTO lc_gain (kind, found, bytes)
SELECT 'diffs', COUNT(*), COALESCE(SUM(d.bytes), 0)
FROM (
  SELECT CASE WHEN json_valid(m.data) = 1 THEN json_tail(m.data, '$.summary.diffs') ELSE 0 END - 2 AS bytes
  FROM message AS m
  JOIN lc_session AS s ON s.id = m.session_id
  WHERE s.active < :week_ago
) AS d
WHERE d.bytes > 0;
<% endif %>
<% for table in store.roots if store.has(table, "summary_diffs") and store.has(table, "revert") -%>
-- The same in << table >> rows.
INSERT INTO lc_gain (kind, found, bytes)
SELECT 'diffs', COUNT(*), COALESCE(SUM(d.bytes), 0)
FROM (
  SELECT COALESCE(octet_length(r.summary_diffs), 0)
    + CASE WHEN json_valid(r.revert) = 1 THEN json_tail(r.revert, '$.diff') ELSE 0 END AS bytes
  FROM << table >> AS r
  JOIN lc_session AS s ON s.id = r.id
  WHERE s.active < :week_ago
) AS d
WHERE d.bytes > 0;
<% endfor %>
-- Rows whose session is gone.
INSERT INTO lc_gain (kind, found, bytes)
SELECT 'orphans', COALESCE(SUM(u.tally), 0), COALESCE(SUM(u.bytes), 0)
FROM lc_usage AS u
WHERE NOT EXISTS (SELECT 1 FROM lc_session AS s WHERE s.id = u.id);
<% if store.has("part") %>
-- Parts whose message is gone, of sessions that are there.
INSERT INTO lc_gain (kind, found, bytes)
SELECT 'orphans', COUNT(*), COALESCE(SUM(octet_length(p.data)), 0)
FROM part AS p
JOIN lc_session AS s ON s.id = p.session_id
WHERE NOT EXISTS (SELECT 1 FROM message AS m WHERE m.id = p.message_id);
<% endif %>
