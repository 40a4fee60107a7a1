-- The same into a store in UTF-16: SQLite before 3.41 reads octets that come from outside as UTF-8, and those of a
-- function as what the store keeps.
INSERT INTO target (columns) VALUES (CAST(SUBSTR(:text, 1) AS TEXT), :value);
