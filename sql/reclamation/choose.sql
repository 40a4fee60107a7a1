-- The rows of a batch that are still what the forecast saw, and the export holds.
DELETE FROM lc_chosen;

INSERT INTO lc_chosen (id)
SELECT t.id
FROM lc_target AS t
JOIN << table >> AS x ON x.id = t.id
WHERE t.kind = :kind AND t.name = :name AND t.field = :field AND t.number BETWEEN :first AND :last
  AND octet_length(x.<< field >>) = t.octets
  AND COALESCE(clean_time(x.time_updated), 0) = t.stamp
<%- if settled %>
<%- for table in store.roots if store.has(table, "revert") %>
  AND NOT EXISTS (SELECT 1 FROM << table >> AS << table >>_undo WHERE << table >>_undo.id = t.session_id AND << table >>_undo.revert IS NOT NULL)
<%- endfor %>
<%- endif %>
<%- if idle %>
<%- for table in store.roots %>
  AND NOT EXISTS (SELECT 1 FROM << table >> AS << table >>_row WHERE << table >>_row.id = t.session_id AND << table >>_row.time_updated >= :idle_since)
<%- endfor %>
<%- for table in store.owned if table.activity and table.key == "session_id" %>
  AND NOT EXISTS (SELECT 1 FROM << table.name >> AS << table.name >>_row WHERE << table.name >>_row.session_id = t.session_id AND << table.name >>_row.time_updated >= :idle_since)
<%- endfor %>
<%- endif %>;
