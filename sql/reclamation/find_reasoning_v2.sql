<%- import "reclamation/_rules.sql" as rule -%>
<#- Which messages of 2.x `reasoning` clears: those before the newest finished compaction, from which on they are sent. -#>
-- Where what is sent begins. A compaction that holds a provider's own state is skipped: another model cannot read it,
-- and is sent what stands before it.
INSERT INTO lc_compaction (session_id, seq)
SELECT c.session_id, MAX(c.seq)
FROM session_message AS c
JOIN lc_session AS s ON s.id = c.session_id
WHERE s.active < :idle_since AND s.unclear = 0 AND << rule.settled(store, "s.id") >> AND c.type = 'compaction'
  AND << rule.small("c.data", sliced) >>
  AND CASE WHEN json_valid(c.data) = 1 THEN
    CASE WHEN json_extract(c.data, '$.status') = 'completed' AND json_has(c.data, '$.providerContext') = 0
      THEN 1 ELSE 0 END
  ELSE 0 END = 1
GROUP BY c.session_id;

-- Messages before it that hold reasoning.
DELETE FROM lc_filled;

INSERT INTO lc_filled (id, session_id)
SELECT m.id, m.session_id
FROM lc_compaction AS f
JOIN session_message AS m ON m.session_id = f.session_id
WHERE m.seq < f.seq AND m.id IS NOT NULL AND << rule.small("m.data", sliced) >> AND << rule.holds("m", "json_thoughts") >> = 1;
<% if sliced %>
INSERT INTO lc_too_large (name, id)
SELECT 'session_message', m.id
FROM lc_compaction AS f
JOIN session_message AS m ON m.session_id = f.session_id
WHERE m.seq < f.seq AND octet_length(m.data) >= :largest AND m.data LIKE '%"reasoning"%';
<% endif %>

-- What each of them comes to, once the kinds that run before this one have taken out their part and this one takes out
-- its own: inside, as `compacted` leaves it; around that, as `outputs` leaves it; outside, without its reasoning. (Not in
-- a work table: the texts of all would be in memory at once.)
INSERT INTO lc_target (kind, name, field, number, id, session_id, bytes, octets, stamp)
SELECT
  'reasoning', 'session_message', 'data', b.number, b.id, b.session_id,
  COALESCE(octet_length(<< rule.unthought("b.data") >>), -1), b.octets, b.stamp
FROM (
  SELECT
    a.number, a.id, a.session_id, a.stamp,
    COALESCE(c.octets, a.octets) AS octets,
    CASE WHEN c.id IS NULL THEN a.data ELSE << rule.cleared_v2("a.data") >> END AS data
  FROM (
    SELECT
      h.number, h.id, h.session_id,
      COALESCE(clean_time(x.time_updated), 0) AS stamp,
      COALESCE(l.octets, octet_length(x.data)) AS octets,
      CASE WHEN l.id IS NULL THEN x.data ELSE << rule.lightened("x.data") >> END AS data
    FROM (SELECT f.id, f.session_id, ROW_NUMBER() OVER (ORDER BY f.id) AS number FROM lc_filled AS f) AS h
    JOIN session_message AS x ON x.id = h.id
    LEFT JOIN lc_lightened AS l ON l.id = h.id
  ) AS a
  LEFT JOIN lc_cleared AS c ON c.id = a.id
) AS b;

<< rule.gained("reasoning") >>
