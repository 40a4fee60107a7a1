-- The shape of a DELETE by a list: MariaDB before 11.1 runs DELETE .. IN (SELECT ..) row by row.
DELETE target FROM target JOIN (SELECT 1) AS doomed_keys ON doomed_keys.doomed_key = target.target_key;
