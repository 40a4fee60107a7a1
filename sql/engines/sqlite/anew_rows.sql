-- A table without sessions' rows: all of it, each row under its number.
INSERT INTO anew.target (rowid, columns)
SELECT rowid, columns
FROM main.target;

-- A table with sessions' rows: all but those of the sessions that go. (A key that is NULL goes with no session.)
INSERT INTO anew.target (rowid, columns)
SELECT rowid, columns
FROM main.target
WHERE (own_key IN (SELECT d.id FROM lc_leaving AS d)) IS NOT TRUE;

-- Parts: those of their owner's session go; by their own session's key only those whose owner is not there. Row by row:
-- a list of the owners that go would be held in memory.
INSERT INTO anew.target (rowid, columns)
SELECT rowid, columns
FROM main.target AS t
WHERE (
  EXISTS (
    SELECT 1
    FROM main.owner_table AS owner
    CROSS JOIN lc_leaving AS d
    WHERE owner.id = t.owner_key AND d.id = owner.session_id
  )
  OR t.own_key IN (SELECT d.id FROM lc_leaving AS d)
    AND NOT EXISTS (SELECT 1 FROM main.owner_table AS owner WHERE owner.id = t.owner_key)
) IS NOT TRUE;
