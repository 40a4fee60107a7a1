-- A name that is put in here calls the trigger of that name.
CREATE TEMPORARY TABLE lc_call (name TEXT NOT NULL);
