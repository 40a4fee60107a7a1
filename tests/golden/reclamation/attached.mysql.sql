SELECT
  a.number,
  a.id,
  JSON_MERGE_PRESERVE(
    COALESCE(
      (
        SELECT
          JSON_ARRAYAGG(JSON_ARRAY(NULL, LEFT(f.url, 200), CHAR_LENGTH(f.url)))
        FROM JSON_TABLE(
          JSON_EXTRACT(x.data, '$.files[*].uri', '$.content[*].state.content[*].uri', '$.content[*].state.attachments[*].uri')
        , '$[*]' COLUMNS(url LONGTEXT PATH '$')) AS f
        WHERE
          f.url LIKE 'data:%;base64,%'
      ),
      '[]'
    ),
    COALESCE(
      (
        SELECT
          JSON_ARRAYAGG(JSON_ARRAY(f.mime, LEFT(f.bare, 200), CHAR_LENGTH(f.bare)))
        FROM JSON_TABLE(x.data, '$.files[*]' COLUMNS(mime LONGTEXT PATH '$.mime', bare LONGTEXT PATH '$.data')) AS f
        WHERE
          NOT f.mime IS NULL AND NOT f.bare IS NULL
      ),
      '[]'
    )
  ) AS found
FROM lc_attached AS a
JOIN event AS x
  ON x.id = a.id
WHERE
  a.name = 'event' AND a.number BETWEEN 1 AND 4000 AND OCTET_LENGTH(x.data) = a.octets
ORDER BY
  a.number;
