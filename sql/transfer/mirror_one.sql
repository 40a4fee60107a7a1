INSERT INTO lc_copy (id, newest, tally, bytes)
VALUES (:id, :newest, :tally, :bytes);
