<%- import "reclamation/_rules.sql" as rule -%>
<%- set prompt, result = rule.text("m", sliced), rule.text("p", sliced) -%>
<%- set made = rule.compacted(result) -%>
<#- Which tool results `outputs` clears: the client's own walk, newest first, in sessions idle since :idle_since. The
    last two turns and the newest results stay; a little in all is not worth it. -#>
-- The second newest prompt: what is newer belongs to the last two turns.
INSERT INTO lc_prompt (session_id, created, id)
SELECT u.session_id, u.created, u.id
FROM (
  SELECT
    m.session_id, m.time_created AS created, m.id,
    ROW_NUMBER() OVER (PARTITION BY m.session_id ORDER BY m.time_created DESC, m.id DESC) AS place
  FROM message AS m
  JOIN lc_session AS s ON s.id = m.session_id
  << rule.bare("m", "message", sliced) >>
  WHERE s.active < :idle_since AND s.unclear = 0 AND << rule.settled(store, "s.id") >>
    AND CASE WHEN json_valid(<< prompt >>) = 1 THEN CASE WHEN json_extract(<< prompt >>, '$.role') = 'user' THEN 1 ELSE 0 END ELSE 0 END = 1
) AS u
WHERE u.place = 2;

-- Results before it. `rest` is -1 for a huge one that says more than what would go: it counts, and stays.
INSERT INTO lc_result (id, session_id, message_id, created, size, octets, rest, stamp)
SELECT
  p.id, m.session_id, m.id, m.time_created,
  json_tail(<< result >>, '$.state.output')<< " + COALESCE(k.more, 0)" if sliced >>,
  octet_length(p.data),
  CASE WHEN << rule.stands(made, "p", sliced) >> THEN octet_length(<< made >>) ELSE -1 END,
  COALESCE(clean_time(p.time_updated), 0)
FROM lc_prompt AS u
JOIN message AS m ON m.session_id = u.session_id
JOIN part AS p ON p.message_id = m.id
<< rule.bare("p", "part", sliced) >>
WHERE CASE WHEN m.time_created < u.created THEN 1 WHEN m.time_created = u.created AND m.id < u.id THEN 1 ELSE 0 END = 1
  AND p.id IS NOT NULL
  AND << rule.has_output(result) >> = 1
  AND << rule.is_compacted(result) >> = 0;

INSERT INTO lc_broken (name, id)
SELECT 'part', p.id
FROM lc_prompt AS u
JOIN message AS m ON m.session_id = u.session_id
JOIN part AS p ON p.message_id = m.id
<< rule.bare("p", "part", sliced) >>
WHERE CASE WHEN m.time_created < u.created THEN 1 WHEN m.time_created = u.created AND m.id < u.id THEN 1 ELSE 0 END = 1
  AND json_valid(<< result >>) = 0;

<%- macro beyond() -%>
FROM (
  SELECT
    o.id, o.session_id, o.octets, o.rest, o.stamp,
    SUM(o.size) OVER (PARTITION BY o.session_id) AS worth
  FROM (
    SELECT
      r.id, r.session_id, r.size, r.octets, r.rest, r.stamp,
      SUM(r.size) OVER (
        PARTITION BY r.session_id ORDER BY r.created DESC, r.message_id DESC, r.id DESC
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
      ) AS walked
    FROM lc_result AS r
  ) AS o
  WHERE o.walked > << rule.protect >>
) AS w
WHERE w.worth > << rule.minimum >>
<%- endmacro %>

-- Beyond what is protected.
INSERT INTO lc_target (kind, name, field, number, id, session_id, bytes, octets, stamp)
SELECT 'outputs', 'part', 'data', ROW_NUMBER() OVER (ORDER BY w.id), w.id, w.session_id, w.octets - w.rest, w.octets, w.stamp
<< beyond() >> AND w.rest >= 0;

INSERT INTO lc_too_large (name, id)
SELECT 'part', w.id
<< beyond() >> AND w.rest < 0;
