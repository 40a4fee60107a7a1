-- Begin with an empty queue.
DELETE FROM lc_queue;

UPDATE lc_place SET session = 0, message = 0
WHERE
  session > 0 OR message > 0;
