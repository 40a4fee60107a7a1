DELETE FROM lifecycle_pin
WHERE session = :id;
