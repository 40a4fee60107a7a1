-- Only what an origin brought here counts.
DELETE FROM #lc_usage
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM lifecycle_copy AS c
    WHERE
      c.session_id = #lc_usage.id AND c.origin = 'desk:1f0a'
  );

DELETE FROM #lc_alone
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM lifecycle_copy AS c
    WHERE
      c.session_id = #lc_alone.id AND c.origin = 'desk:1f0a'
  );

DELETE FROM #lc_session
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM lifecycle_copy AS c
    WHERE
      c.session_id = #lc_session.id AND c.origin = 'desk:1f0a'
  );
