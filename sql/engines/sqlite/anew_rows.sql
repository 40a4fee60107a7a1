-- A table without sessions' rows: all of it, each row under its number.
INSERT INTO anew.target (rowid, columns)
SELECT rowid, columns
FROM main.target;

-- A table with sessions' rows: all but those of the sessions that go. (A key that is NULL goes with no session.)
INSERT INTO anew.target (rowid, columns)
SELECT rowid, columns
FROM main.target
WHERE (own_key IN (SELECT d.id FROM lc_leaving AS d)) IS NOT TRUE;

-- Parts: those of their owner's session go; by their own session's key only those whose owner is not there.
INSERT INTO anew.target (rowid, columns)
SELECT rowid, columns
FROM main.target AS t
WHERE (
  t.owner_key IN (
    SELECT owner.id FROM lc_leaving AS d CROSS JOIN main.owner_table AS owner WHERE owner.session_id = d.id
  )
  OR t.own_key IN (SELECT d.id FROM lc_leaving AS d)
    AND NOT EXISTS (SELECT 1 FROM main.owner_table AS owner WHERE owner.id = t.owner_key)
) IS NOT TRUE;
