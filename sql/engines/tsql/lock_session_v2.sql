-- Lock the batch's rows of session_v2 until the end of the transaction: nobody changes them between the guard and the
-- deletion.
DECLARE @held_session_v2 INT = (
  SELECT COUNT(s.id)
  FROM session_v2 AS s WITH (UPDLOCK, HOLDLOCK)
  JOIN #lc_planned AS p ON p.id = s.id
  JOIN #lc_batch AS b ON b.number = p.batch
);
