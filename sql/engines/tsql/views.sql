-- What has a name of a table here, and is none.
SELECT o.name
FROM sys.objects AS o
WHERE o.schema_id = SCHEMA_ID() AND o.type IN ('V', 'SN', 'SO', 'P', 'FN', 'IF', 'TF')
ORDER BY o.name;
