-- How SQL Server lists what is attached: a JSON array with one [media type, first 200 characters, characters] for each
-- text, as objects, :a being the row's JSON. The media type is NULL where the text, a data: URL, names it itself.
-- part_files: the URL of a file part, and those of what a tool attached to its result (1.x).
-- message_files: what came with a prompt, as a URL (1.18) or as bare base64 beside its type (2.x), and with the result
-- of a tool, in its content or its attachments.
SELECT
  (
    SELECT found.mime, LEFT(found.url, 200) AS head, LEN(found.url) AS size
    FROM (
      SELECT NULL AS mime, item.url FROM OPENJSON(:a) WITH (url NVARCHAR(MAX) '$.url') AS item
      UNION ALL
      SELECT NULL AS mime, item.url FROM OPENJSON(:a, '$.state.attachments') WITH (url NVARCHAR(MAX) '$.url') AS item
    ) AS found
    WHERE found.url LIKE 'data:%;base64,%'
    FOR JSON PATH, INCLUDE_NULL_VALUES
  ) AS part_files,
  (
    SELECT found.mime, LEFT(found.url, 200) AS head, LEN(found.url) AS size
    FROM (
      SELECT NULL AS mime, item.url FROM OPENJSON(:a, '$.files') WITH (url NVARCHAR(MAX) '$.uri') AS item
      UNION ALL
      SELECT item.mime, item.url FROM OPENJSON(:a, '$.files') WITH (mime NVARCHAR(MAX) '$.mime', url NVARCHAR(MAX) '$.data') AS item
      UNION ALL
      SELECT NULL AS mime, item.url
      FROM OPENJSON(:a, '$.content') WITH (inner_json NVARCHAR(MAX) '$.state.content' AS JSON) AS entry
      CROSS APPLY OPENJSON(entry.inner_json) WITH (url NVARCHAR(MAX) '$.uri') AS item
      UNION ALL
      SELECT NULL AS mime, item.url
      FROM OPENJSON(:a, '$.content') WITH (inner_json NVARCHAR(MAX) '$.state.attachments' AS JSON) AS entry
      CROSS APPLY OPENJSON(entry.inner_json) WITH (url NVARCHAR(MAX) '$.uri') AS item
    ) AS found
    WHERE found.url IS NOT NULL AND (found.mime IS NOT NULL OR found.url LIKE 'data:%;base64,%')
    FOR JSON PATH, INCLUDE_NULL_VALUES
  ) AS message_files;
