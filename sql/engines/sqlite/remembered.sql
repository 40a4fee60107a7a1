-- What we remember of one store,
SELECT *
FROM target
WHERE store = :store;

-- and of all.
SELECT *
FROM target;
