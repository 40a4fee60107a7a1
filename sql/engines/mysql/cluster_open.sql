-- A transaction that is larger than the cluster takes in one piece goes to the other nodes in several; they show
-- nothing of it before it is committed.
SET SESSION wsrep_trx_fragment_unit = 'bytes';

SET SESSION wsrep_trx_fragment_size = LEAST(@@GLOBAL.wsrep_max_ws_size DIV 4, 33554432);
