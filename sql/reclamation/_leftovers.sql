<#- What a session of 1.x consists of, said once: the forecast, the check before it and the deletion share it. Rows of
    any other table that name it keep it where it is. -#>
<%- import "retention/_sources.sql" as row -%>
<%- set tables = ("part", "message", "todo", "session") -%>
<#- Tables of 1.x whose rows nobody but 1.x knows what to do with. -#>
<%- set others = ("session_share", "session_entry", "session_input", "session_context_epoch") -%>

<#- The client's record of its move to 2.x, from the moment it was begun; only once it is completed. -#>
<%- macro moved(record) -%>
<< record >>.key = 'migration.v1-v2'
  AND CASE WHEN json_valid(<< record >>.value) = 1 THEN
    CASE WHEN json_extract(<< record >>.value, '$.phase') = 'completed' THEN 1 ELSE 0 END
  ELSE 0 END = 1
<%- endmacro -%>

<#- Rows, octets, or the sum of all time stamps of the rows of a session: by these it is known again. -#>
<%- macro total(store, key, what) -%>
<%- for table in store.owned if table.name in tables -%>
COALESCE((
    SELECT << {"tally": "COUNT(*)", "bytes": "SUM(" ~ row.octets(table, "held") ~ ")", "written": "SUM(held.time_updated)"}[what] >>
    FROM <% if table.via %><< table.via.table >> AS own
    JOIN << table.name >> AS held ON held.<< table.via.column >> = own.id
    WHERE own.session_id = << key >><% else %><< table.name >> AS held
    WHERE held.<< table.key >> = << key >><% endif %>
  ), 0)<< " + " if not loop.last >>
<%- endfor -%>
<%- endmacro -%>

<#- A part that the move could read: it left out, without a trace in the store, what it could not. A call that never
    ended is no part of it either: 2.x made an error of it. -#>
<%- macro is_readable(data) -%>
CASE WHEN json_valid(<< data >>) = 1 THEN
    CASE json_extract(<< data >>, '$.type')
      WHEN 'text' THEN json_has(<< data >>, '$.text')
      WHEN 'reasoning' THEN json_has(<< data >>, '$.text') * json_has(<< data >>, '$.time.start')
      WHEN 'tool' THEN json_has(<< data >>, '$.callID') * json_has(<< data >>, '$.tool')
        * json_has(<< data >>, '$.state.input') * json_has(<< data >>, '$.state.time.end')
        * CASE json_extract(<< data >>, '$.state.status')
            WHEN 'completed' THEN json_has(<< data >>, '$.state.output') * json_has(<< data >>, '$.state.metadata')
            WHEN 'error' THEN json_has(<< data >>, '$.state.error')
            ELSE 0
          END
      WHEN 'file' THEN json_has(<< data >>, '$.mime') * json_has(<< data >>, '$.url')
      WHEN 'agent' THEN json_has(<< data >>, '$.name')
      WHEN 'patch' THEN json_has(<< data >>, '$.hash')
      WHEN 'step-finish' THEN json_has(<< data >>, '$.reason')
      WHEN 'step-start' THEN 1
      WHEN 'snapshot' THEN 1
      WHEN 'retry' THEN 1
      WHEN 'compaction' THEN 1
      ELSE 0
    END
  ELSE 0 END
<%- endmacro -%>

<#- The parts of which an assistant's message of 2.x has an entry each. -#>
<%- macro is_entry(data) -%>
CASE WHEN json_valid(<< data >>) = 1 THEN
    CASE WHEN json_extract(<< data >>, '$.type') IN ('text', 'reasoning', 'tool') THEN 1 ELSE 0 END
  ELSE 0 END
<%- endmacro -%>
