-- Sessions at hand that the copy has rows of: only in these can it have more.
SELECT t.id
FROM lc_there AS t
GROUP BY t.id
ORDER BY t.id;
