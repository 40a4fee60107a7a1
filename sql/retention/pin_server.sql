INSERT INTO lifecycle_pin (session, since)
VALUES (:id, :moment);
