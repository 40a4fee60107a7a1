INSERT INTO lc_slice (batch, number, through)
VALUES (:batch, :number, :through);
