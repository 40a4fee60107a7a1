-- The longest statement that the server takes, what it calls itself, and whether it may only be read.
SELECT @@max_allowed_packet AS longest, @@version AS version, @@read_only AS read_only;
