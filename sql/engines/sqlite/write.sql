-- Insert a row. A text comes as its octets, since it may hold some that are no UTF-8.
INSERT INTO target (columns) VALUES (CAST(:text AS TEXT), :value);
