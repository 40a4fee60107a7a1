-- SQLite has no procedures: a TEMP trigger stands for one, and is called by putting its name into lc_call.
CREATE TEMPORARY TRIGGER step_name
AFTER INSERT ON lc_call
WHEN NEW.name = 'step_name'
BEGIN
  step_body
END;
