INSERT INTO lc_restored (id, moment)
VALUES (:id, :moment);
