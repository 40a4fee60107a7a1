-- A large result may take its time to be written and to be read.
SET SESSION net_write_timeout = 600;

SET SESSION net_read_timeout = 600;

-- Sizes of tables as they are, not as they were a day ago.
SET SESSION information_schema_stats_expiry = 0;
