-- The flag of one session as it was, unless it has changed since; time_updated stays, so no verdict changes.
UPDATE event SET time_archived = NULL
WHERE
  id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl' AND COALESCE(time_archived, 0) = COALESCE(1800000000000, 0);
