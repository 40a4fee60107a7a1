-- Batches whose guard looks once, where nothing is deleted meanwhile: all under the number of the last of them.
UPDATE lc_planned SET batch = 4000
WHERE
  batch >= 1 AND batch < 4000;
