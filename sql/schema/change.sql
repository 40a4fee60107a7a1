INSERT INTO lifecycle_change (number, moment, version, statement)
VALUES (:number, :moment, :version, :statement);
