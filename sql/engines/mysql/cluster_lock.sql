-- One run of ours per store, on whatever node: a transaction that changes a row and never ends. It is sent to all nodes
-- at once, which hold that row until the connection ends, or the node that it was made to.
SET SESSION innodb_lock_wait_timeout = 1;

SET SESSION wait_timeout = 2592000;

SET SESSION wsrep_sync_wait = 7;

SET SESSION wsrep_trx_fragment_unit = 'statements';

SET SESSION wsrep_trx_fragment_size = 1;

START TRANSACTION;

UPDATE lifecycle_run SET turn = turn + 1 WHERE name = 'run';
