INSERT INTO lc_kept (id)
VALUES (:id);
