-- Sessions that 2.x has taken over, and sessions that it has removed.
SELECT COALESCE(SUM(1 - t.gone), 0) AS taken, COALESCE(SUM(t.gone), 0) AS removed
FROM lc_leftover AS t;
