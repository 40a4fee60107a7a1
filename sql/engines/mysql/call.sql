EXECUTE step_name;
