<%- import "reclamation/_rules.sql" as rule -%>
-- They become again what the reclamation had made of them, by the rule that it has.
UPDATE << table >>
SET << field >> = << rule[edit](table ~ "." ~ field) if edit else "NULL" >>
WHERE id IN (SELECT c.id FROM lc_chosen AS c);
