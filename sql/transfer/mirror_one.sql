INSERT INTO lc_copy (id, newest)
VALUES (:id, :newest);
