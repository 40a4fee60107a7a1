SELECT e.id
FROM lc_early AS e;
