-- How many messages the session at hand has.
SELECT
  COUNT(*) AS letters
FROM lc_letters AS l;
