-- They become again what the reclamation had made of them, by the rule that it has.
UPDATE event SET data = NULL
WHERE
  id IN (
    SELECT
      c.id
    FROM lc_chosen AS c
  );
