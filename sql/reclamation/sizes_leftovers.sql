-- What the rows of each session come to, in the order of the list; a small row is not written for less than a page.
SELECT t.number, t.bytes + t.tally * 500 AS octets, t.bytes
FROM lc_leftover AS t
ORDER BY t.number;
