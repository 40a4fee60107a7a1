-- What comes over a network takes its time, as one COPY and as what is read back of it; nobody waits for rows that are
-- only on their way.
SET LOCAL statement_timeout = 0;
