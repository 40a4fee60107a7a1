-- The server's number for this connection, and the second since which the server runs.
SELECT CONNECTION_ID() AS process, UNIX_TIMESTAMP() - CAST(VARIABLE_VALUE AS SIGNED) AS began
FROM information_schema.GLOBAL_STATUS
WHERE VARIABLE_NAME = 'Uptime';
