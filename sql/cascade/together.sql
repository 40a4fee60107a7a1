-- Batches whose guard looks once, where nothing is deleted meanwhile: all under the number of the last of them.
UPDATE lc_planned
SET batch = :last
WHERE batch >= :first AND batch < :last;
