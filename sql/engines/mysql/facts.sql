-- The longest statement that the server takes, and what it calls itself.
SELECT @@max_allowed_packet AS longest, @@version AS version;
