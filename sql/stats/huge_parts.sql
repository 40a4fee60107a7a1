-- Parts so large that they are not looked into as they are.
SELECT p.id
FROM part AS p
WHERE octet_length(p.data) >= :huge;
