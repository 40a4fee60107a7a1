<%- set part = store.owned | selectattr("name", "equalto", "part") | first -%>
-- Only what an origin brought here counts: of huge parts, which are looked at whatever session they are of.
DELETE FROM lc_piece
WHERE id IN (
  SELECT k.id
  FROM lc_skeleton AS k
  JOIN part AS p ON p.id = k.id
<%- if part.via %>
  LEFT JOIN << part.via.table >> AS owner ON owner.id = p.<< part.via.column >>
<%- endif %>
  WHERE NOT EXISTS (
    SELECT 1 FROM lifecycle_copy AS c
    WHERE c.origin = :origin
      AND c.session_id = << "COALESCE(owner.session_id, p." ~ part.key ~ ")" if part.via else "p." ~ part.key >>
  )
);
