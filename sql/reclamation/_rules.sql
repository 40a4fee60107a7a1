<#- What each kind may touch and what it makes of it, said once: the forecast, the deed and the way back speak
    through the same words. `data` is an expression of the column. Conditions are 1 or 0, the guard first. -#>

<%- set cleared = "'[Old tool result content cleared]'" -%>
<%- set forgotten = "'[Old reasoning cleared]'" -%>
<#- The client's own thresholds, 40,000 and 20,000 tokens, at four octets a token. -#>
<%- set protect = 160000 -%>
<%- set minimum = 80000 -%>

<#- A finished tool call that the client has marked as cleared (13 digits: a time stamp, not the 0 that the client
    reads as unmarked), and that still holds more than the client sends for it. -#>
<%- macro is_compacted(data) -%>
CASE WHEN json_valid(<< data >>) = 1 THEN
    CASE WHEN json_extract(<< data >>, '$.type') = 'tool' THEN
      CASE WHEN json_extract(<< data >>, '$.state.status') = 'completed'
        AND json_tail(<< data >>, '$.state.time.compacted') >= 13
        AND json_editable(<< data >>) = 1
        AND (
          COALESCE(json_extract(<< data >>, '$.state.output'), '') <> << cleared >>
          OR json_has(<< data >>, '$.state.attachments') = 1
          OR json_tail(<< data >>, '$.state.metadata') > json_tail(json_links(<< data >>), '$.state.metadata')
        )
      THEN 1 ELSE 0 END
    ELSE 0 END
  ELSE 0 END
<%- endmacro -%>

<%- macro compacted(data) -%>
json_remove(json_set(json_links(<< data >>), '$.state.output', << cleared >>), '$.state.attachments')
<%- endmacro -%>

<#- A finished tool call whose result is still there. -#>
<%- macro has_output(data) -%>
CASE WHEN json_valid(<< data >>) = 1 THEN
    CASE WHEN json_extract(<< data >>, '$.type') = 'tool' THEN
      CASE WHEN json_extract(<< data >>, '$.state.status') = 'completed'
        AND COALESCE(json_extract(<< data >>, '$.tool'), '') <> 'skill'
        AND COALESCE(json_extract(<< data >>, '$.state.output'), '') <> << cleared >>
        AND json_editable(<< data >>) = 1
      THEN 1 ELSE 0 END
    ELSE 0 END
  ELSE 0 END
<%- endmacro -%>

<#- Reasoning that is still there; its signature goes with it, since a provider refuses one without the other. -#>
<%- macro has_reasoning(data) -%>
CASE WHEN json_valid(<< data >>) = 1 THEN
    CASE WHEN json_extract(<< data >>, '$.type') = 'reasoning' THEN
      CASE WHEN json_editable(<< data >>) = 1
        AND (COALESCE(json_extract(<< data >>, '$.text'), '') <> << forgotten >> OR json_has(<< data >>, '$.metadata') = 1)
      THEN 1 ELSE 0 END
    ELSE 0 END
  ELSE 0 END
<%- endmacro -%>

<%- macro without_reasoning(data) -%>
json_remove(json_set(<< data >>, '$.text', << forgotten >>), '$.metadata')
<%- endmacro -%>

<#- A message whose summary lists at least one changed file. A list is longer than its first entry: MariaDB finds the
    first entry of what is no list, too. -#>
<%- macro has_diffs(data) -%>
CASE WHEN json_valid(<< data >>) = 1 THEN
    CASE WHEN json_has(<< data >>, '$.summary.diffs[0]') = 1
      AND json_tail(<< data >>, '$.summary.diffs') > json_tail(<< data >>, '$.summary.diffs[0]')
      AND json_editable(<< data >>) = 1 THEN 1 ELSE 0 END
  ELSE 0 END
<%- endmacro -%>

<%- macro without_diffs(data) -%>
json_empty(<< data >>, '$.summary.diffs')
<%- endmacro -%>

<#- The pending revert of a session; what it hides is told by its message and snapshot, which stay. -#>
<%- macro has_revert_diff(data) -%>
CASE WHEN json_valid(<< data >>) = 1 THEN
    CASE WHEN json_has(<< data >>, '$.diff') = 1 AND json_editable(<< data >>) = 1 THEN 1 ELSE 0 END
  ELSE 0 END
<%- endmacro -%>

<%- macro without_revert_diff(data) -%>
json_remove(<< data >>, '$.diff')
<%- endmacro -%>

<#- A part without its message, of a session that is there: it goes once it tells the selection nothing any more,
    which protects a tree with an unfinished tool call and a row of the last week. -#>
<%- macro is_spent(part) -%>
CASE
    WHEN clean_time(<< part >>.time_updated) < :week_ago THEN
      CASE WHEN json_valid(<< part >>.data) = 1 THEN
        CASE WHEN json_extract(<< part >>.data, '$.type') = 'tool'
          AND json_extract(<< part >>.data, '$.state.status') IN ('pending', 'running') THEN 0 ELSE 1 END
      ELSE 1 END
    ELSE 0
  END
<%- endmacro -%>

<#- A session of either layout is there. -#>
<%- macro known(store, key) -%>
<%- for table in store.roots -%>
EXISTS (SELECT 1 FROM << table >> AS << table >>_kept WHERE << table >>_kept.id = << key >>)<< " OR " if not loop.last >>
<%- endfor -%>
<%- endmacro -%>

<%- macro gone(store, key) -%>
<%- for table in store.roots -%>
NOT EXISTS (SELECT 1 FROM << table >> AS << table >>_kept WHERE << table >>_kept.id = << key >>)<< " AND " if not loop.last >>
<%- endfor -%>
<%- endmacro -%>

<#- No other machine owns the log of this session. -#>
<%- macro ours(store, key) -%>
<%- if store.has("event_sequence", "owner_id") -%>
NOT EXISTS (SELECT 1 FROM event_sequence AS log WHERE log.aggregate_id = << key >> AND log.owner_id IS NOT NULL)
<%- else -%>
1 = 1
<%- endif -%>
<%- endmacro -%>

<#- No revert is pending: what it hides decides what the model is sent next. -#>
<%- macro settled(store, key) -%>
<%- for table in store.roots if store.has(table, "revert") -%>
NOT EXISTS (SELECT 1 FROM << table >> AS << table >>_undo WHERE << table >>_undo.id = << key >> AND << table >>_undo.revert IS NOT NULL)<< " AND " if not loop.last >>
<%- else -%>
1 = 1
<%- endfor -%>
<%- endmacro -%>
