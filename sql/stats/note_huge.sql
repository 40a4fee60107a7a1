<%- macro entity(key) -%>
CASE WHEN json_valid(k.value) = 1 THEN json_extract(k.value, '$.<< key >>.id') END
<%- endmacro -%>
<#- Of huge events what they are about, by their skeletons; those are not needed any more then. -#>
UPDATE lc_note
SET entity = COALESCE((
  SELECT
    CASE
      WHEN lc_note.type LIKE 'message.part.updated.%' THEN << entity("part") >>
      WHEN lc_note.type LIKE 'message.updated.%' THEN << entity("info") >>
      WHEN lc_note.type LIKE 'session.updated.%' THEN << entity("info") >>
    END
  FROM lc_skeleton AS k
  WHERE k.name = 'event' AND k.id = lc_note.id
), '')
WHERE bytes >= :huge;

DELETE FROM lc_skeleton
WHERE name = 'event';
