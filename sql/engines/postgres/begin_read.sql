-- One view of the store for all that is read until the end; nobody is kept from writing.
BEGIN ISOLATION LEVEL REPEATABLE READ;
