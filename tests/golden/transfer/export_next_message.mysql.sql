-- On to the next message of the session.
UPDATE lc_place SET message = message + 1
WHERE
  session >= 0;
