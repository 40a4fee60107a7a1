-- Sessions at hand are about to go at the source: from now on what stands here may be all there is of them.
UPDATE lifecycle_copy SET vanished = 1800000000000
WHERE
  origin = 'desk:1f0a' AND session_id IN (
    SELECT
      c.id
    FROM #lc_copy AS c
  );
