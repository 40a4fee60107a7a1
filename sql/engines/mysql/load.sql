-- Rows as they are at hand on our side: no file of that name is opened. Texts are taken by their octets; a column holds
-- what is no UTF-8 against its character set, and warns.
LOAD DATA LOCAL INFILE 'rows' INTO TABLE target CHARACTER SET binary FIELDS TERMINATED BY '\t' ESCAPED BY '\\'
LINES TERMINATED BY '\n' (columns);
