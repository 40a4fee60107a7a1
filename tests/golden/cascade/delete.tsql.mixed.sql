-- part, by its message, which may name another session than the part itself,
DELETE FROM part
WHERE
  message_id IN (
    SELECT
      owner.id
    FROM #lc_doomed AS d
    CROSS JOIN message AS owner
    WHERE
      owner.session_id = d.id
  );

-- and by its own session_id only where that message does not exist.
DELETE FROM part
WHERE
  session_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM message AS owner
    WHERE
      owner.id = part.message_id
  );

-- message.
DELETE FROM message
WHERE
  session_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  );

-- todo.
DELETE FROM todo
WHERE
  session_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  );

-- session_share.
DELETE FROM session_share
WHERE
  session_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  );

-- session_message.
DELETE FROM session_message
WHERE
  session_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  );

-- session_pending.
DELETE FROM session_pending
WHERE
  session_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  );

-- session_inbox.
DELETE FROM session_inbox
WHERE
  session_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  );

-- instruction_entry.
DELETE FROM instruction_entry
WHERE
  session_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  );

-- instruction_state.
DELETE FROM instruction_state
WHERE
  session_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  );

-- event.
DELETE FROM event
WHERE
  aggregate_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  );

-- event_sequence.
DELETE FROM event_sequence
WHERE
  aggregate_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  );

-- session_v2.
DELETE FROM session_v2
WHERE
  id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  );

-- session.
DELETE FROM session
WHERE
  id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  );
