<%- import "reclamation/_orphans.sql" as orphan -%>
<%- set owner = store.owned | selectattr("name", "equalto", table) | first %>
-- Off the list goes what has changed since the forecast, or has an owner again: it is not exported, and it stays.
DELETE FROM lc_stray
WHERE name = :name
  AND NOT EXISTS (
    SELECT 1
    FROM << table >> AS x
    WHERE x.<< orphan.key(owner) >> = lc_stray.id
      AND << orphan.unchanged(owner, "lc_stray", "x") >>
      AND << orphan.ownerless(store, owner, "x", true) >>
  );
