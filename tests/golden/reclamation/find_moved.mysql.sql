INSERT INTO lc_attached (
  name,
  number,
  id,
  session_id,
  octets,
  stamp
)
SELECT
  'part',
  ROW_NUMBER() OVER (ORDER BY x.id),
  x.id,
  x.session_id,
  OCTET_LENGTH(x.data),
  COALESCE(CASE WHEN x.time_updated >= 1000000000000 THEN x.time_updated END, 0)
FROM part AS x
WHERE
  NOT x.id IS NULL
  AND (
    'ses_e08bc50f1ffeEjVqoN0steH3Gl' IS NULL OR x.session_id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl'
  )
  AND CASE WHEN x.data LIKE '%"mime"%' THEN JSON_VALID(x.data) ELSE 0 END = 1;

INSERT INTO lc_attached (
  name,
  number,
  id,
  session_id,
  octets,
  stamp
)
SELECT
  'session_message',
  ROW_NUMBER() OVER (ORDER BY x.id),
  x.id,
  x.session_id,
  OCTET_LENGTH(x.data),
  COALESCE(CASE WHEN x.time_updated >= 1000000000000 THEN x.time_updated END, 0)
FROM session_message AS x
WHERE
  NOT x.id IS NULL
  AND (
    'ses_e08bc50f1ffeEjVqoN0steH3Gl' IS NULL OR x.session_id = 'ses_e08bc50f1ffeEjVqoN0steH3Gl'
  )
  AND CASE WHEN x.data LIKE '%"mime"%' THEN JSON_VALID(x.data) ELSE 0 END = 1;
