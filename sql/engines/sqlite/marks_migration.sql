-- When the client made this store its own, to the millisecond: no two stores that were not copied share that.
SELECT id, time_completed FROM migration ORDER BY time_completed, id LIMIT 1;
