-- SQLite 3.43 and newer: reads the length from the row's header, not the row.
SELECT OCTET_LENGTH(:a) AS octet_length, COALESCE(OCTET_LENGTH(:a) + 1, 0) AS checksum_text;
