-- A large result may take its time to be written and to be read.
SET SESSION net_write_timeout = 600;

SET SESSION net_read_timeout = 600;
