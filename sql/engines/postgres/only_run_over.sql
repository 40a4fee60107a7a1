SELECT pg_advisory_unlock(1869636972, hashtext(current_schema()));
