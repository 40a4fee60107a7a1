<%- import "reclamation/_leftovers.sql" as old -%>
-- The sessions of a batch that are still what the forecast saw, and the export holds, in both layouts.
DELETE FROM lc_leftover_batch;

INSERT INTO lc_leftover_batch (id, tally, bytes)
SELECT t.id, t.tally, t.bytes
FROM lc_leftover AS t
CROSS JOIN kv AS k
WHERE t.number BETWEEN :first AND :last
  AND << old.moved("k") >>
  AND t.gone = CASE WHEN EXISTS (SELECT 1 FROM session_v2 AS v WHERE v.id = t.id) THEN 0 ELSE 1 END
  AND t.tally = << old.total(store, "t.id", "tally") >>
  AND t.bytes = << old.total(store, "t.id", "bytes") >>
  AND t.written = << old.total(store, "t.id", "written") >>;
