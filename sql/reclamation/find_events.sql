<#- Which events of a stretch of the log `events` drops, numbered on from those `before`; what is noted of the stretch
    tells it, unless all goes. -#>
<%- if all_events -%>
-- The whole log of kept sessions.
INSERT INTO lc_superseded (number, log, id, bytes)
SELECT :before + ROW_NUMBER() OVER (ORDER BY g.number, e.seq, e.id), g.number, e.id, COALESCE(octet_length(e.data), 0)
FROM lc_log AS g
CROSS JOIN event AS e
WHERE e.aggregate_id = g.id AND g.number BETWEEN :first AND :last AND e.seq <= g.through AND e.id IS NOT NULL;
<%- else -%>
-- All but the newest of each part, message and session.
INSERT INTO lc_superseded (number, log, id, bytes)
SELECT :before + ROW_NUMBER() OVER (ORDER BY o.log, o.seq), o.log, o.id, o.bytes
FROM (
  SELECT n.log, n.seq, n.id, n.bytes, MAX(n.seq) OVER (PARTITION BY n.log, n.type, n.entity) AS newest
  FROM lc_note AS n
  WHERE n.entity <> ''
) AS o
WHERE o.seq < o.newest AND o.id IS NOT NULL;
<%- endif %>
