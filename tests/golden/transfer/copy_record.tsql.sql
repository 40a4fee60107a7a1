-- What was brought is written down with it,
DELETE FROM lifecycle_copy
WHERE
  origin = 'desk:1f0a' AND session_id IN (
    SELECT
      b.id
    FROM #lc_brought AS b
  );

INSERT INTO lifecycle_copy (
  origin,
  session_id,
  root_id,
  fingerprint,
  digest,
  newest,
  tally,
  bytes,
  seen,
  vanished,
  kept
)
SELECT
  'desk:1f0a',
  b.id,
  b.root_id,
  b.fingerprint,
  b.digest,
  b.newest,
  b.tally,
  b.bytes,
  1800000000000,
  NULL,
  b.kept
FROM #lc_brought AS b;

-- and so is that other origins' rows no longer stand here.
UPDATE lifecycle_copy SET kept = 0
FROM #lc_brought AS b
WHERE
  b.id = lifecycle_copy.session_id
  AND b.kept = 1
  AND lifecycle_copy.origin <> 'desk:1f0a'
  AND lifecycle_copy.kept = 1
  AND COALESCE(lifecycle_copy.digest, '') <> b.digest;
