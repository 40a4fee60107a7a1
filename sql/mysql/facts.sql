-- The longest statement that the server takes, and whether it refuses to write.
SELECT @@max_allowed_packet AS longest, @@read_only AS read_only;
