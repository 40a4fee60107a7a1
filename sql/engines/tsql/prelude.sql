-- Any error undoes the whole transaction at hand, and the script ends there.
SET XACT_ABORT ON;

-- Row counts of single statements are no news.
SET NOCOUNT ON;

-- A table or row that somebody else holds is waited for, but not for ever (milliseconds).
SET LOCK_TIMEOUT 10000;
