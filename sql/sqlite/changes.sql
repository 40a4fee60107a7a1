-- Rows touched by the last statement.
SELECT changes() AS changed;
