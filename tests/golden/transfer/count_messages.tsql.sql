-- How many messages the session at hand has.
SELECT
  COUNT_BIG(*) AS messages
FROM #lc_message_queue AS q;
