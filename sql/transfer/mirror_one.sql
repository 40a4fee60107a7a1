INSERT INTO lc_copy (id, root_id, newest, tally, bytes)
VALUES (:id, :root_id, :newest, :tally, :bytes);
