SELECT g.kind, SUM(g.found) AS found, SUM(g.bytes) AS bytes
FROM lc_gain AS g
GROUP BY g.kind
ORDER BY SUM(g.bytes) DESC, g.kind;
