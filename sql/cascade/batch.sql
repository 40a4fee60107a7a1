INSERT INTO lc_batch (number, slice, through)
VALUES (:batch, :slice, :through);
