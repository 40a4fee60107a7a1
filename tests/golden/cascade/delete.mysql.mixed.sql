-- part, by its message, which may name another session than the part itself,
DELETE   part FROM part
  JOIN (
    SELECT DISTINCT
      owner.id AS doomed_key
    FROM lc_doomed AS d
    CROSS JOIN message AS owner
    WHERE
      owner.session_id = d.id
  ) AS doomed_keys
    ON doomed_keys.doomed_key = part.message_id;

-- and by its own session_id only where that message does not exist.
DELETE   part FROM part
  JOIN (
    SELECT DISTINCT
      d.id AS doomed_key
    FROM lc_doomed AS d
  ) AS doomed_keys
    ON doomed_keys.doomed_key = part.session_id
WHERE
  NOT EXISTS(
    SELECT
      1
    FROM message AS owner
    WHERE
      owner.id = part.message_id
  );

-- message.
DELETE   message FROM message
  JOIN (
    SELECT DISTINCT
      d.id AS doomed_key
    FROM lc_doomed AS d
  ) AS doomed_keys
    ON doomed_keys.doomed_key = message.session_id;

-- todo.
DELETE   todo FROM todo
  JOIN (
    SELECT DISTINCT
      d.id AS doomed_key
    FROM lc_doomed AS d
  ) AS doomed_keys
    ON doomed_keys.doomed_key = todo.session_id;

-- session_share.
DELETE   session_share FROM session_share
  JOIN (
    SELECT DISTINCT
      d.id AS doomed_key
    FROM lc_doomed AS d
  ) AS doomed_keys
    ON doomed_keys.doomed_key = session_share.session_id;

-- session_message.
DELETE   session_message FROM session_message
  JOIN (
    SELECT DISTINCT
      d.id AS doomed_key
    FROM lc_doomed AS d
  ) AS doomed_keys
    ON doomed_keys.doomed_key = session_message.session_id;

-- session_pending.
DELETE   session_pending FROM session_pending
  JOIN (
    SELECT DISTINCT
      d.id AS doomed_key
    FROM lc_doomed AS d
  ) AS doomed_keys
    ON doomed_keys.doomed_key = session_pending.session_id;

-- session_inbox.
DELETE   session_inbox FROM session_inbox
  JOIN (
    SELECT DISTINCT
      d.id AS doomed_key
    FROM lc_doomed AS d
  ) AS doomed_keys
    ON doomed_keys.doomed_key = session_inbox.session_id;

-- instruction_entry.
DELETE   instruction_entry FROM instruction_entry
  JOIN (
    SELECT DISTINCT
      d.id AS doomed_key
    FROM lc_doomed AS d
  ) AS doomed_keys
    ON doomed_keys.doomed_key = instruction_entry.session_id;

-- instruction_state.
DELETE   instruction_state FROM instruction_state
  JOIN (
    SELECT DISTINCT
      d.id AS doomed_key
    FROM lc_doomed AS d
  ) AS doomed_keys
    ON doomed_keys.doomed_key = instruction_state.session_id;

-- event.
DELETE   event FROM event
  JOIN (
    SELECT DISTINCT
      d.id AS doomed_key
    FROM lc_doomed AS d
  ) AS doomed_keys
    ON doomed_keys.doomed_key = event.aggregate_id;

-- event_sequence.
DELETE   event_sequence FROM event_sequence
  JOIN (
    SELECT DISTINCT
      d.id AS doomed_key
    FROM lc_doomed AS d
  ) AS doomed_keys
    ON doomed_keys.doomed_key = event_sequence.aggregate_id;

-- session_v2.
DELETE   session_v2 FROM session_v2
  JOIN (
    SELECT DISTINCT
      d.id AS doomed_key
    FROM lc_doomed AS d
  ) AS doomed_keys
    ON doomed_keys.doomed_key = session_v2.id;

-- session.
DELETE   session FROM session
  JOIN (
    SELECT DISTINCT
      d.id AS doomed_key
    FROM lc_doomed AS d
  ) AS doomed_keys
    ON doomed_keys.doomed_key = session.id;
