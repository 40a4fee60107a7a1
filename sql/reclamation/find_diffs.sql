<%- import "reclamation/_rules.sql" as rule -%>
<#- Which messages and sessions `diffs` shrinks: those of sessions idle since before :idle_since. -#>
<% if store.has("message") -%>
INSERT INTO lc_target (kind, name, field, number, id, session_id, bytes, octets, stamp)
SELECT 'diffs', 'message', 'data', ROW_NUMBER() OVER (ORDER BY d.id), d.id, d.session_id, d.octets - d.rest, d.octets, d.stamp
FROM (
  SELECT
    m.id,
    m.session_id,
    octet_length(m.data) AS octets,
    COALESCE(clean_time(m.time_updated), 0) AS stamp,
    CASE WHEN m.data LIKE '%"diffs"%' THEN
      CASE WHEN << rule.has_diffs("m.data") >> = 1 THEN octet_length(<< rule.without_diffs("m.data") >>) END
    END AS rest
  FROM message AS m
  JOIN lc_session AS s ON s.id = m.session_id
  WHERE s.active < :idle_since AND s.unclear = 0 AND << rule.small("m.data", sliced) >>
) AS d
WHERE d.rest IS NOT NULL AND d.id IS NOT NULL;
<% if sliced %>
INSERT INTO lc_too_large (name, id)
SELECT 'message', m.id
FROM message AS m
JOIN lc_session AS s ON s.id = m.session_id
WHERE s.active < :idle_since AND s.unclear = 0
  AND octet_length(m.data) >= :largest AND m.data LIKE '%"diffs"%';
<% endif %>
<% endif %>
<% for table in store.roots -%>
<% if store.has(table, "summary_diffs") -%>
-- The same lists in << table >>, and the diff of a pending revert.
INSERT INTO lc_target (kind, name, field, number, id, session_id, bytes, octets, stamp)
SELECT 'diffs', '<< table >>', 'summary_diffs', ROW_NUMBER() OVER (ORDER BY r.id), r.id, r.id, octet_length(r.summary_diffs), octet_length(r.summary_diffs), COALESCE(clean_time(r.time_updated), 0)
FROM << table >> AS r
JOIN lc_session AS s ON s.id = r.id
WHERE s.active < :idle_since AND s.unclear = 0 AND r.summary_diffs IS NOT NULL AND << rule.small("r.summary_diffs", sliced) >> AND json_editable(r.summary_diffs) = 1;
<% if sliced %>
INSERT INTO lc_too_large (name, id)
SELECT '<< table >>', r.id
FROM << table >> AS r
JOIN lc_session AS s ON s.id = r.id
WHERE s.active < :idle_since AND s.unclear = 0 AND octet_length(r.summary_diffs) >= :largest;
<% endif %>
<% endif %>
<% if store.has(table, "revert") -%>
INSERT INTO lc_target (kind, name, field, number, id, session_id, bytes, octets, stamp)
SELECT 'diffs', '<< table >>', 'revert', ROW_NUMBER() OVER (ORDER BY d.id), d.id, d.id, d.octets - d.rest, d.octets, d.stamp
FROM (
  SELECT
    r.id,
    octet_length(r.revert) AS octets,
    COALESCE(clean_time(r.time_updated), 0) AS stamp,
    CASE WHEN << rule.has_revert_diff("r.revert") >> = 1
      THEN octet_length(<< rule.without_revert_diff("r.revert") >>) END AS rest
  FROM << table >> AS r
  JOIN lc_session AS s ON s.id = r.id
  WHERE s.active < :idle_since AND s.unclear = 0 AND r.revert IS NOT NULL AND << rule.small("r.revert", sliced) >>
) AS d
WHERE d.rest IS NOT NULL;
<% if sliced %>
INSERT INTO lc_too_large (name, id)
SELECT '<< table >>', r.id
FROM << table >> AS r
JOIN lc_session AS s ON s.id = r.id
WHERE s.active < :idle_since AND s.unclear = 0 AND octet_length(r.revert) >= :largest;
<% endif %>
<% endif %>
<% endfor %>
