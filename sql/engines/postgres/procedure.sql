-- In the schema of this session: it vanishes with the connection. Each statement in it sees what is committed by then.
CREATE OR REPLACE PROCEDURE pg_temp.step_name() LANGUAGE plpgsql AS $gc$
DECLARE
  touched BIGINT;
BEGIN
  step_body
END
$gc$;
