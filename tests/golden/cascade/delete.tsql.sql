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

-- Everything else by its own key.
DELETE FROM message
WHERE
  session_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  );

DELETE FROM todo
WHERE
  session_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  );

DELETE FROM session_share
WHERE
  session_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  );

DELETE FROM session_message
WHERE
  session_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  );

DELETE FROM session_input
WHERE
  session_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  );

DELETE FROM session_context_epoch
WHERE
  session_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  );

DELETE FROM event
WHERE
  aggregate_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  );

DELETE FROM event_sequence
WHERE
  aggregate_id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  );

DELETE FROM session
WHERE
  id IN (
    SELECT
      d.id
    FROM #lc_doomed AS d
  );
