-- MariaDB keeps this compound statement for as long as the connection lasts. (All between the double quotes is SQL.)
PREPARE step_name FROM "BEGIN NOT ATOMIC
  step_body
END";
