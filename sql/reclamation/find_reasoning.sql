<%- import "reclamation/_rules.sql" as rule -%>
<%- set summary, thought = rule.text("m", sliced), rule.text("p", sliced) -%>
<%- set made = rule.without_reasoning(thought) -%>
<#- Which reasoning `reasoning` clears: what stands before the first message that is still sent to the model. -#>
-- Finished summaries: the prompts that they answer.
INSERT INTO lc_summary (session_id, parent_id)
SELECT m.session_id, json_extract(<< summary >>, '$.parentID')
FROM message AS m
JOIN lc_session AS s ON s.id = m.session_id
<< rule.bare("m", "message", sliced) >>
WHERE s.active < :idle_since AND s.unclear = 0 AND << rule.settled(store, "s.id") >>
  AND CASE WHEN json_valid(<< summary >>) = 1 THEN
    CASE WHEN json_extract(<< summary >>, '$.role') = 'assistant'
      AND (json_extract(<< summary >>, '$.summary') LIKE 'true' OR json_extract(<< summary >>, '$.summary') LIKE '1')
      AND json_has(<< summary >>, '$.parentID') = 1
      AND json_has(<< summary >>, '$.finish') = 1
      AND json_has(<< summary >>, '$.time.completed') = 1
      AND json_has(<< summary >>, '$.error') = 0 THEN 1 ELSE 0 END
  ELSE 0 END = 1;

-- The newest of them in each session, and from where on the messages before it are sent again.
INSERT INTO lc_fold (session_id, created, id, tail_id)
SELECT f.session_id, f.created, f.id, f.tail_id
FROM (
  SELECT
    u.session_id, u.time_created AS created, u.id, json_extract(<< thought >>, '$.tail_start_id') AS tail_id,
    ROW_NUMBER() OVER (PARTITION BY u.session_id ORDER BY u.time_created DESC, u.id DESC, p.id DESC) AS place
  FROM lc_summary AS y
  JOIN message AS u ON u.id = y.parent_id AND u.session_id = y.session_id
  JOIN part AS p ON p.message_id = u.id
  << rule.bare("p", "part", sliced) >>
  WHERE CASE WHEN json_valid(<< thought >>) = 1 THEN CASE WHEN json_extract(<< thought >>, '$.type') = 'compaction' THEN 1 ELSE 0 END ELSE 0 END = 1
) AS f
WHERE f.place = 1;

-- The first message that is still sent. Where it is not in the session, or comes after what the compaction stands
-- for, nothing is known, and nothing goes.
INSERT INTO lc_sent (session_id, created, id)
SELECT f.session_id, b.time_created, b.id
FROM lc_fold AS f
JOIN message AS b ON b.id = COALESCE(f.tail_id, f.id) AND b.session_id = f.session_id
WHERE b.time_created < f.created OR (b.time_created = f.created AND b.id <= f.id);

<%- macro before() -%>
FROM lc_sent AS f
JOIN message AS m ON m.session_id = f.session_id
JOIN part AS p ON p.message_id = m.id
<< rule.bare("p", "part", sliced) >>
WHERE CASE WHEN m.time_created < f.created THEN 1 WHEN m.time_created = f.created AND m.id < f.id THEN 1 ELSE 0 END = 1
<%- endmacro %>

INSERT INTO lc_target (kind, name, field, number, id, session_id, bytes, octets, stamp)
SELECT
  'reasoning', 'part', 'data', ROW_NUMBER() OVER (ORDER BY p.id), p.id, m.session_id,
  octet_length(p.data) - octet_length(<< made >>),
  octet_length(p.data),
  COALESCE(clean_time(p.time_updated), 0)
<< before() >>
  AND p.id IS NOT NULL
  AND << rule.has_reasoning(thought) >> = 1
  AND << rule.stands(made, "p", sliced) >>;
<% if sliced %>
-- Huge ones that say more than what would go.
INSERT INTO lc_too_large (name, id)
SELECT 'part', p.id
<< before() >>
  AND << rule.has_reasoning(thought) >> = 1
  AND NOT << rule.stands(made, "p", sliced) >>;
<% endif %>
INSERT INTO lc_broken (name, id)
SELECT 'part', p.id
<< before() >>
  AND json_valid(<< thought >>) = 0;
