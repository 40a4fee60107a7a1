<%- import "reclamation/_rules.sql" as rule -%>
<#- Which messages of 2.x `outputs` clears the tool results of: the same walk, newest first, a message at a time. -#>
-- What was found of the messages of 1.x is not needed any more.
DELETE FROM lc_result;

DELETE FROM lc_prompt;

-- The second newest prompt: what is newer belongs to the last two turns.
INSERT INTO lc_prompt (session_id, created, id)
SELECT u.session_id, u.seq, u.id
FROM (
  SELECT m.session_id, m.seq, m.id, ROW_NUMBER() OVER (PARTITION BY m.session_id ORDER BY m.seq DESC) AS place
  FROM session_message AS m
  JOIN lc_session AS s ON s.id = m.session_id
  WHERE s.active < :idle_since AND s.unclear = 0 AND << rule.settled(store, "s.id") >> AND m.type = 'user'
) AS u
WHERE u.place = 2 AND u.id IS NOT NULL;

-- Messages before it: the octets of their results, and as `rest` those of the words that would take their place.
INSERT INTO lc_result (id, session_id, message_id, created, size, octets, rest, stamp)
SELECT
  m.id, m.session_id, m.id, m.seq,
  COALESCE(<< rule.measured("m", "json_results") >>, 0),
  0,
  CASE WHEN json_valid(m.data) = 1 THEN 40 * json_count(m.data, '$.content') ELSE 0 END,
  0
FROM lc_prompt AS u
JOIN session_message AS m ON m.session_id = u.session_id
WHERE m.seq < u.created AND m.id IS NOT NULL AND << rule.small("m.data", sliced) >>;
<% if sliced %>
INSERT INTO lc_too_large (name, id)
SELECT 'session_message', m.id
FROM lc_prompt AS u
JOIN session_message AS m ON m.session_id = u.session_id
WHERE m.seq < u.created AND octet_length(m.data) >= :largest AND m.type = 'assistant';
<% endif %>

-- Nothing is gained where the words are longer.
DELETE FROM lc_result
WHERE size <= rest;

-- Beyond what is protected.
DELETE FROM lc_filled;

INSERT INTO lc_filled (id, session_id)
SELECT w.id, w.session_id
FROM (
  SELECT o.id, o.session_id, SUM(o.size) OVER (PARTITION BY o.session_id) AS worth
  FROM (
    SELECT
      r.id, r.session_id, r.size,
      SUM(r.size) OVER (
        PARTITION BY r.session_id ORDER BY r.created DESC, r.id DESC
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS walked
    FROM lc_result AS r
  ) AS o
  WHERE o.walked > << rule.protect >>
) AS w
WHERE w.worth > << rule.minimum >>;

<< rule.weighed("outputs", rule.cleared_v2) >>

INSERT INTO lc_cleared (id, octets)
SELECT t.id, t.octets - t.bytes
FROM lc_target AS t
WHERE t.kind = 'outputs' AND t.name = 'session_message';
