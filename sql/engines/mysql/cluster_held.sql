-- Whether that transaction still is what it was.
SELECT @@in_transaction AS held;
