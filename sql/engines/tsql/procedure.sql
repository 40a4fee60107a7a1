-- A temporary procedure: it vanishes with the connection. It has to stand alone between two GO.
GO
CREATE PROCEDURE #step_name AS
BEGIN
  step_body
END;
GO
