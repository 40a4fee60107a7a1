INSERT INTO lifecycle_schema (version, moment)
VALUES (:version, :moment);
