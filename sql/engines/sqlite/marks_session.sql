-- What tells a store from others: sessions of both ends, so that a removal of the old leaves some of the new.
SELECT id, time_created FROM (SELECT id, time_created FROM session ORDER BY id LIMIT 8)
UNION ALL
SELECT id, time_created FROM (SELECT id, time_created FROM session ORDER BY id DESC LIMIT 8);
