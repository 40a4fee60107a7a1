-- Lock the batch's rows of session, in the order of their ids: nobody changes them between the guard and the deletion.
PERFORM s.id FROM session AS s WHERE s.id IN (SELECT p.id FROM lc_planned AS p JOIN lc_batch AS b ON b.number = p.batch)
ORDER BY s.id FOR UPDATE OF s;
