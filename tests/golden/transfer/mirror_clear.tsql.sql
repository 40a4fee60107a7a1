-- part, by its message,
DELETE FROM part
WHERE
  message_id IN (
    SELECT
      owner.id
    FROM #lc_doomed AS d
    CROSS JOIN message AS owner
    WHERE
      owner.session_id = d.id AND NOT EXISTS(
        SELECT
          1
        FROM #lc_early AS e
        WHERE
          e.id = d.id
      )
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_richer AS k
    WHERE
      k.id = part.id AND k.name = 'part'
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
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_early AS e
    WHERE
      e.id = part.session_id
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_richer AS k
    WHERE
      k.id = part.id AND k.name = 'part'
  );

-- message.
DELETE FROM message
WHERE
  session_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_early AS e
    WHERE
      e.id = message.session_id
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_richer AS k
    WHERE
      k.id = message.id AND k.name = 'message'
  );

-- todo.
DELETE FROM todo
WHERE
  session_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_early AS e
    WHERE
      e.id = todo.session_id
  );

-- session_share.
DELETE FROM session_share
WHERE
  session_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_richer AS k
    WHERE
      k.id = session_share.id AND k.name = 'session_share'
  );

-- session_message.
DELETE FROM session_message
WHERE
  session_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_richer AS k
    WHERE
      k.id = session_message.id AND k.name = 'session_message'
  );

-- session_input.
DELETE FROM session_input
WHERE
  session_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_richer AS k
    WHERE
      k.id = session_input.id AND k.name = 'session_input'
  );

-- session_context_epoch.
DELETE FROM session_context_epoch
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
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_richer AS k
    WHERE
      k.id = event.id AND k.name = 'event'
  );

-- event_sequence.
DELETE FROM event_sequence
WHERE
  aggregate_id IN (
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
  )
  AND NOT EXISTS(
    SELECT
      1
    FROM #lc_early AS e
    WHERE
      e.id = session.id
  );
