INSERT INTO lc_copy (id)
VALUES (:id);
