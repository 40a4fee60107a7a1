-- Each statement sees what is committed by then: the guard looks after the locks are held.
BEGIN ISOLATION LEVEL READ COMMITTED;

-- No batch may hold its locks for longer.
SET LOCAL statement_timeout = '60s';
