-- part rows that were shrunk at the source.
INSERT INTO lc_richer (
  name,
  id,
  owner_id
)
SELECT
  'part',
  t.id,
  n.owner_id
FROM lc_source AS n
JOIN part AS t
  ON t.id = n.id
WHERE
  n.name = 'part'
  AND CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END = n.newest
  AND LENGTH(CAST(t.data AS BLOB)) > n.octets;

-- message rows that were shrunk at the source.
INSERT INTO lc_richer (
  name,
  id,
  owner_id
)
SELECT
  'message',
  t.id,
  n.owner_id
FROM lc_source AS n
JOIN message AS t
  ON t.id = n.id
WHERE
  n.name = 'message'
  AND CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END = n.newest
  AND LENGTH(CAST(t.data AS BLOB)) > n.octets;

-- session_message rows that were shrunk at the source.
INSERT INTO lc_richer (
  name,
  id,
  owner_id
)
SELECT
  'session_message',
  t.id,
  n.owner_id
FROM lc_source AS n
JOIN session_message AS t
  ON t.id = n.id
WHERE
  n.name = 'session_message'
  AND CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END = n.newest
  AND LENGTH(CAST(t.data AS BLOB)) > n.octets;

-- Events that the source has dropped, and none in their place;
INSERT INTO lc_richer (
  name,
  id,
  owner_id,
  seq
)
SELECT
  'event',
  t.id,
  t.aggregate_id,
  t.seq
FROM lc_copy AS c
JOIN event AS t
  ON t.aggregate_id = c.id
LEFT JOIN lc_source AS n
  ON n.owner_id = t.aggregate_id AND n.name = 'event' AND n.seq = t.seq
WHERE
  n.name IS NULL;

-- but not those of a log that began anew, which has not come so far.
DELETE FROM lc_richer
WHERE
  name = 'event'
  AND EXISTS(
    SELECT
      1
    FROM lc_source AS n
    WHERE
      n.owner_id = lc_richer.owner_id AND n.name = 'event_sequence' AND n.seq < lc_richer.seq
  );

-- part rows without their message, which the source has dropped.
INSERT INTO lc_richer (
  name,
  id,
  owner_id
)
SELECT
  'part',
  t.id,
  t.session_id
FROM lc_copy AS c
JOIN part AS t
  ON t.session_id = c.id
LEFT JOIN lc_source AS n
  ON n.id = t.id AND n.name = 'part'
WHERE
  n.name IS NULL AND NOT EXISTS(
    SELECT
      1
    FROM message AS owner
    WHERE
      owner.id = t.message_id
  );

-- Sessions of which the source has the rows of 2.x alone: those of 1.x were left behind there, and have gone.
INSERT INTO lc_early (
  id
)
SELECT
  n.id
FROM lc_source AS n
JOIN session AS s
  ON s.id = n.id
WHERE
  n.name = 'session_v2';

DELETE FROM lc_early
WHERE
  id IN (
    SELECT
      n.owner_id
    FROM lc_source AS n
    WHERE
      n.name IN ('session', 'message', 'part', 'todo')
  );
