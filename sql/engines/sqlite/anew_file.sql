-- What the header of a file says, which a copy has to say as well.
SELECT
  (SELECT page_size FROM pragma_page_size) AS page_size,
  (SELECT auto_vacuum FROM pragma_auto_vacuum) AS auto_vacuum,
  (SELECT user_version FROM pragma_user_version) AS user_version,
  (SELECT application_id FROM pragma_application_id) AS application_id,
  (SELECT encoding FROM pragma_encoding) AS encoding;
