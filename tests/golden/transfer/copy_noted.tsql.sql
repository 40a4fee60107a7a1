-- What the copy noted of the sessions that an origin brought and that stand here as it brought them.
SELECT
  c.session_id,
  c.digest
FROM lifecycle_copy AS c
WHERE
  c.origin = 'desk:1f0a' AND c.kept = 1;
