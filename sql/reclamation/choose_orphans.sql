<%- import "reclamation/_orphans.sql" as orphan -%>
<%- set owner = store.owned | selectattr("name", "equalto", table) | first %>
-- The rows of a batch that are still what the forecast saw, and the export holds, once nothing hangs on them any more:
-- what stays of a log or a message would go with it.
DELETE FROM lc_ownerless;

INSERT INTO lc_ownerless (id)
SELECT s.id
FROM lc_stray AS s
CROSS JOIN << table >> AS x
WHERE s.name = :name AND s.number BETWEEN :first AND :last AND x.<< orphan.key(owner) >> = s.id
  AND << orphan.unchanged(owner, "s", "x") >>
<%- for table in store.owned if table.via and table.via.table == owner.name %>
  AND NOT EXISTS (SELECT 1 FROM << table.name >> AS below WHERE below.<< table.via.column >> = x.id)
<%- endfor %>
<%- if owner.name == "event_sequence" and store.has("event") %>
  AND NOT EXISTS (SELECT 1 FROM event AS below WHERE below.aggregate_id = x.aggregate_id)
<%- endif %>;
