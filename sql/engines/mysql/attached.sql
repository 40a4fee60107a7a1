-- How MariaDB and MySQL list what is attached: a JSON array with one [media type, first 200 characters, characters]
-- for each text, :a being the row's JSON. The media type is NULL where the text, a data: URL, names it itself.
-- part_files: the URL of a file part, and those of what a tool attached to its result (1.x).
-- message_files: what came with a prompt, as a URL (1.18) or as bare base64 beside its type (2.x), and with the result
-- of a tool, in its content or its attachments.
SELECT
  (
    SELECT JSON_ARRAYAGG(JSON_ARRAY(NULL, LEFT(f.url, 200), CHAR_LENGTH(f.url)))
    FROM JSON_TABLE(
      JSON_EXTRACT(:a, '$.url', '$.state.attachments[*].url'), '$[*]' COLUMNS (url LONGTEXT PATH '$')
    ) AS f
    WHERE f.url LIKE 'data:%;base64,%'
  ) AS part_files,
  JSON_MERGE_PRESERVE(
    COALESCE((
      SELECT JSON_ARRAYAGG(JSON_ARRAY(NULL, LEFT(f.url, 200), CHAR_LENGTH(f.url)))
      FROM JSON_TABLE(
        JSON_EXTRACT(:a, '$.files[*].uri', '$.content[*].state.content[*].uri', '$.content[*].state.attachments[*].uri'),
        '$[*]' COLUMNS (url LONGTEXT PATH '$')
      ) AS f
      WHERE f.url LIKE 'data:%;base64,%'
    ), '[]'),
    COALESCE((
      SELECT JSON_ARRAYAGG(JSON_ARRAY(f.mime, LEFT(f.bare, 200), CHAR_LENGTH(f.bare)))
      FROM JSON_TABLE(:a, '$.files[*]' COLUMNS (mime LONGTEXT PATH '$.mime', bare LONGTEXT PATH '$.data')) AS f
      WHERE f.mime IS NOT NULL AND f.bare IS NOT NULL
    ), '[]')
  ) AS message_files;
