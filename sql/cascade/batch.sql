DELETE FROM lc_batch;

INSERT INTO lc_batch (number, slice)
VALUES (:batch, :slice);
