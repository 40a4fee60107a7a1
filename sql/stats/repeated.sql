-- Events that newer ones repeat.
SELECT COALESCE(SUM(r.tally), 0) AS tally, COALESCE(SUM(r.bytes), 0) AS bytes
FROM lc_repeated AS r;
