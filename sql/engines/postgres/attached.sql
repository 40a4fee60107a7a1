-- How Postgres lists what is attached: a JSON array with one [media type, first 200 characters, characters] for each
-- text, :a being the row's JSON. The media type is NULL where the text, a data: URL, names it itself.
-- part_files: the URL of a file part, and those of what a tool attached to its result (1.x).
-- message_files: what came with a prompt, as a URL (1.18) or as bare base64 beside its type (2.x), and with the result
-- of a tool, in its content or its attachments.
-- The functions of pg_temp stand in ready_attached.sql and vanish with the connection.
SELECT
  pg_temp.gc_part_files(pg_temp.gc_json(:a)) AS part_files,
  pg_temp.gc_message_files(pg_temp.gc_json(:a)) AS message_files;
