EXEC #step_name;
