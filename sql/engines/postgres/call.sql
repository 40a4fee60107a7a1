CALL pg_temp.step_name();
