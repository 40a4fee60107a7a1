-- A huge value that an undo gave back becomes again what the reclamation had made of it, by its skeleton.
INSERT INTO lc_chosen (
  id
)
SELECT
  o.id
FROM lc_original AS o;

UPDATE event SET data = NULL
WHERE
  id IN (
    SELECT
      c.id
    FROM lc_chosen AS c
  );
