SELECT
  g.id
FROM lc_flagged AS g;
