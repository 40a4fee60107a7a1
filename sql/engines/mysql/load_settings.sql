-- What a server is set to about LOAD DATA: whether it takes one from a client, and whether a cluster commits in between.
SHOW GLOBAL VARIABLES WHERE Variable_name IN ('local_infile', 'wsrep_load_data_splitting');
