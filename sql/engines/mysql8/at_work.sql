-- Whether a connection's statement is worked on: not where it waits for what the other side sends, or reads. No row where
-- it is not there, or of another server than the one that gave it its number.
SELECT
  CASE
    WHEN p.COMMAND = 'Sleep' THEN 0
    WHEN p.STATE IN ('Writing to net', 'Reading from net', 'Sending to client', 'Receiving from client') THEN 0
    ELSE 1
  END AS at_work
FROM information_schema.PROCESSLIST AS p
CROSS JOIN performance_schema.global_status AS s
WHERE p.ID = :process
  AND s.VARIABLE_NAME = 'Uptime' AND ABS(UNIX_TIMESTAMP() - CAST(s.VARIABLE_VALUE AS SIGNED) - :began) <= 2;
