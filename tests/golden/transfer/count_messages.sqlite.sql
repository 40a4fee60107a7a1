-- How many messages the session at hand has.
SELECT
  COUNT(*) AS messages
FROM lc_message_queue AS q;
