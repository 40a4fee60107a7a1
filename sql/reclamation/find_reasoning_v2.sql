<%- import "reclamation/_rules.sql" as rule -%>
<#- Which messages of 2.x `reasoning` clears: those before the newest finished compaction, from which on they are sent.
    A compaction that holds a provider's own state is skipped: another model cannot read it, and is sent what stands
    before it. -#>
DELETE FROM lc_filled;

INSERT INTO lc_filled (id, session_id)
SELECT m.id, m.session_id
FROM (
  SELECT c.session_id, MAX(c.seq) AS seq
  FROM session_message AS c
  JOIN lc_session AS s ON s.id = c.session_id
  WHERE s.active < :idle_since AND s.unclear = 0 AND << rule.settled(store, "s.id") >> AND c.type = 'compaction'
    AND CASE WHEN json_valid(c.data) = 1 THEN
      CASE WHEN json_extract(c.data, '$.status') = 'completed' AND json_has(c.data, '$.providerContext') = 0
        THEN 1 ELSE 0 END
    ELSE 0 END = 1
  GROUP BY c.session_id
) AS f
JOIN session_message AS m ON m.session_id = f.session_id
WHERE m.seq < f.seq AND m.id IS NOT NULL AND << rule.holds("m", "json_thoughts") >> = 1;

<< rule.weighed("reasoning", rule.unthought) >>
