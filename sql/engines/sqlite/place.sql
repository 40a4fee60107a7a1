-- Where the value of a column stands, whether it is a text, and how many octets it has: from the header of its row.
SELECT rowid, TYPEOF(field) AS kind, OCTET_LENGTH(field) AS octets
FROM target
WHERE id = CAST(:id AS TEXT);
