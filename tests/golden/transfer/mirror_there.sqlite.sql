-- When the copy's rows of the sessions at hand last changed, table by table; NULL where they tell no time.
DELETE FROM lc_there;

-- part, by its message.
INSERT INTO lc_there (
  id,
  newest
)
SELECT
  c.id,
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END)
FROM lc_copy AS c
JOIN message AS owner
  ON owner.session_id = c.id
JOIN part AS t
  ON t.message_id = owner.id
GROUP BY
  c.id;

-- part without its message.
INSERT INTO lc_there (
  id,
  newest
)
SELECT
  c.id,
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END)
FROM lc_copy AS c
JOIN part AS t
  ON t.session_id = c.id
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM message AS owner
    WHERE
      owner.id = t.message_id
  )
GROUP BY
  c.id;

-- message.
INSERT INTO lc_there (
  id,
  newest
)
SELECT
  c.id,
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END)
FROM lc_copy AS c
JOIN message AS t
  ON t.session_id = c.id
GROUP BY
  c.id;

-- todo.
INSERT INTO lc_there (
  id,
  newest
)
SELECT
  c.id,
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END)
FROM lc_copy AS c
JOIN todo AS t
  ON t.session_id = c.id
GROUP BY
  c.id;

-- session_share.
INSERT INTO lc_there (
  id,
  newest
)
SELECT
  c.id,
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END)
FROM lc_copy AS c
JOIN session_share AS t
  ON t.session_id = c.id
GROUP BY
  c.id;

-- session_message.
INSERT INTO lc_there (
  id,
  newest
)
SELECT
  c.id,
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END)
FROM lc_copy AS c
JOIN session_message AS t
  ON t.session_id = c.id
GROUP BY
  c.id;

-- session_input.
INSERT INTO lc_there (
  id,
  newest
)
SELECT
  c.id,
  MAX(CASE WHEN TYPEOF(t.time_created) = 'integer' AND t.time_created >= 1000000000000 THEN t.time_created END)
FROM lc_copy AS c
JOIN session_input AS t
  ON t.session_id = c.id
GROUP BY
  c.id;

-- session_context_epoch.
INSERT INTO lc_there (
  id,
  newest
)
SELECT
  c.id,
  NULL
FROM lc_copy AS c
JOIN session_context_epoch AS t
  ON t.session_id = c.id
GROUP BY
  c.id;

-- event.
INSERT INTO lc_there (
  id,
  newest
)
SELECT
  c.id,
  NULL
FROM lc_copy AS c
JOIN event AS t
  ON t.aggregate_id = c.id
GROUP BY
  c.id;

-- event_sequence.
INSERT INTO lc_there (
  id,
  newest
)
SELECT
  c.id,
  NULL
FROM lc_copy AS c
JOIN event_sequence AS t
  ON t.aggregate_id = c.id
GROUP BY
  c.id;

-- session.
INSERT INTO lc_there (
  id,
  newest
)
SELECT
  c.id,
  MAX(CASE WHEN TYPEOF(t.time_updated) = 'integer' AND t.time_updated >= 1000000000000 THEN t.time_updated END)
FROM lc_copy AS c
JOIN session AS t
  ON t.id = c.id
GROUP BY
  c.id;
