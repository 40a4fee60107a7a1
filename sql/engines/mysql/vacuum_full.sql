-- The same in the old way: a copy of the table, and nobody can write to it meanwhile.
ALTER TABLE target FORCE, ALGORITHM = COPY;
