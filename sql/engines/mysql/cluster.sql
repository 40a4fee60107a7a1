-- Whether this server is a node of a Galera cluster, and whether the node takes part in it now.
SELECT s.VARIABLE_VALUE AS status
FROM information_schema.GLOBAL_STATUS AS s
WHERE s.VARIABLE_NAME = 'wsrep_cluster_status';
