-- Write the table and its indexes anew. Nobody can use the table meanwhile.
ALTER INDEX ALL ON target REBUILD;
