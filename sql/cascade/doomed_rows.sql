<%- import "schema/_names.sql" as name -%>
<%- import "transfer/_values.sql" as value -%>
<#- The rows of one table that are about to go, column by column, then its session: by the same conditions as the
    deletion. With `huge`, values that are so large that they are read in slices are NULL, and marked between. -#>
SELECT
<%- if huge %>
  << value.unmarked(owned) >>,
  << value.marks(owned) >>,
<%- else %>
  << name.listed(owned.columns, "t.") >>,
<%- endif %>
  d.id AS doomed_id
FROM lc_doomed AS d
<%- if owned.via and not by_itself %>
CROSS JOIN << owned.via.table >> AS owner
CROSS JOIN << owned.name >> AS t
WHERE owner.session_id = d.id AND t.<< owned.via.column >> = owner.id;
<%- else %>
CROSS JOIN << owned.name >> AS t
WHERE t.<< owned.key >> = d.id
<%- if owned.via %>
  AND NOT EXISTS (SELECT 1 FROM << owned.via.table >> AS owner WHERE owner.id = t.<< owned.via.column >>)
<%- elif sliced %>
  AND t.seq <= (SELECT MAX(b.through) FROM lc_batch AS b)
<%- endif %>;
<%- endif %>
