INSERT INTO lc_pin (id)
VALUES (:id);
