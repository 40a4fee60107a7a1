-- The file in pages: its size, what is free inside, how it gives pages back (0 never, 1 at each commit, 2 on demand).
SELECT
  (SELECT page_size FROM pragma_page_size) AS page_size,
  (SELECT page_count FROM pragma_page_count) AS page_count,
  (SELECT freelist_count FROM pragma_freelist_count) AS free_pages,
  (SELECT auto_vacuum FROM pragma_auto_vacuum) AS auto_vacuum,
  (SELECT journal_mode FROM pragma_journal_mode) AS journal_mode,
  (SELECT COUNT(*) FROM sqlite_schema WHERE rootpage > 0) + 1 AS trees;
