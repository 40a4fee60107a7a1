<#- The rows at hand that are still what was found, and have something to become. -#>
DELETE FROM lc_chosen;

INSERT INTO lc_chosen (id)
SELECT a.id
FROM lc_attached AS a
JOIN lc_moved AS m ON m.id = a.id
JOIN << table >> AS x ON x.id = a.id
WHERE a.name = '<< table >>' AND a.number BETWEEN :first AND :last
  AND octet_length(x.data) = a.octets AND COALESCE(clean_time(x.time_updated), 0) = a.stamp;
