-- Lock the batch's rows of session: nobody changes them between the guard and the deletion.
SELECT COUNT(s.id) INTO @lc_held
FROM lc_batch AS b
JOIN lc_planned AS p ON p.batch = b.number
JOIN session AS s ON s.id = p.id
FOR UPDATE;
