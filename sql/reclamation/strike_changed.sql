<%- import "reclamation/_listed.sql" as listed -%>
-- Off the list goes what has changed since the forecast: neither is it exported, nor does it shrink.
DELETE FROM lc_target
WHERE kind = :kind AND name = :name AND field = :field
  AND NOT EXISTS (
    SELECT 1
    FROM << table >> AS x
    << listed.easing(table, eased) >>
    WHERE x.id = lc_target.id AND << listed.unchanged("lc_target", table, field, eased) >>
  );
