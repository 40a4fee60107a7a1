-- How this SQLite was built.
SELECT compile_options
FROM pragma_compile_options;
