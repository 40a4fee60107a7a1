-- What tells a store from others: its projects and when they were made. Neither a removal nor a vacuum changes that.
SELECT id, time_created FROM project ORDER BY id LIMIT 8;
