-- Notices about what is there already are no news.
SET client_min_messages = warning;

-- A table that somebody else holds is waited for, but not for ever.
SET lock_timeout = '10s';

-- Reading a large store may take its time; each batch of a removal sets a limit of its own.
SET statement_timeout = 0;
