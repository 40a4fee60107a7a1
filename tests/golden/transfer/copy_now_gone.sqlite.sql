-- Sessions at hand are gone at the source, although rows are left there under their ids.
DELETE FROM lc_now
WHERE
  id IN (
    SELECT
      c.id
    FROM lc_copy AS c
  );
