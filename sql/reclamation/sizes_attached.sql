SELECT a.number, a.octets
FROM lc_attached AS a
WHERE a.name = :name
ORDER BY a.number;
