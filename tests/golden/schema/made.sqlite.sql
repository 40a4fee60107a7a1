-- Every statement that changed the tables of a server store.
SELECT
  c.statement
FROM lifecycle_change AS c
ORDER BY
  c.number;
