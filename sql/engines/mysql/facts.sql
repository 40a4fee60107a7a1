-- The longest statement that the server takes, whether it refuses to write, and what it calls itself.
SELECT @@max_allowed_packet AS longest, @@read_only AS read_only, @@version AS version;
