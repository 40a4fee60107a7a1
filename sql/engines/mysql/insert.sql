INSERT INTO target (columns) VALUES;
