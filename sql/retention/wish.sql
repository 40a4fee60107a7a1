INSERT INTO lc_wish (kind, pattern, size)
VALUES (:kind, :pattern, :size);
