-- A batch of its own for one tree of a batch that would keep a client waiting.
UPDATE lc_planned
SET batch = :batch
WHERE root_id = :root_id;
