-- The copy's row of part stays: nobody wrote to the source's since.
DELETE FROM "lc_in_part"
WHERE
  id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl';
