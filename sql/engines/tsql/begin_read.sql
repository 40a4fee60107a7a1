-- One view of the store for all that is read until the end; nobody is kept from writing.
SET TRANSACTION ISOLATION LEVEL SNAPSHOT;

BEGIN TRANSACTION;
