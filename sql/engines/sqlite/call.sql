INSERT INTO lc_call (name) VALUES ('step_name');
