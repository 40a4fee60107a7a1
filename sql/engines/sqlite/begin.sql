-- Take the write lock at once, so that nothing changes between the guard and the deletion.
BEGIN IMMEDIATE;
