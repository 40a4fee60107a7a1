<#- What each kind may touch and what it makes of it, said once: the forecast, the change and the undo speak
    through the same words. `data` is an expression of the column. Conditions are 1 or 0, the guard first. -#>

<%- set cleared = "'[Old tool result content cleared]'" -%>
<%- set forgotten = "'[Old reasoning cleared]'" -%>
<#- The client's own thresholds, 40,000 and 20,000 tokens, at four octets a token. -#>
<%- set protect = 160000 -%>
<%- set minimum = 80000 -%>

<#- What is made of a huge text by its skeleton holds no long text that was left out: so it is what would be made of the
    text. -#>
<%- macro is_whole(made) -%>
<< made >> NOT LIKE :mark
<%- endmacro -%>

<#- The text of a row as it is looked at: of a huge one its skeleton, which `bare` brings to the query; and whether what is
    made of it stands for the whole. -#>
<%- macro text(row, sliced) -%>
<< "CASE WHEN octet_length(" ~ row ~ ".data) < :huge THEN " ~ row ~ ".data ELSE k.value END" if sliced else row ~ ".data" >>
<%- endmacro -%>

<%- macro bare(row, table, sliced) -%>
<%- if sliced %>
LEFT JOIN lc_skeleton AS k ON k.name = '<< table >>' AND k.id = << row >>.id
<%- endif %>
<%- endmacro -%>

<%- macro stands(made, row, sliced) -%>
<< "(octet_length(" ~ row ~ ".data) < :huge OR " ~ is_whole(made) ~ ")" if sliced else "1 = 1" >>
<%- endmacro -%>

<#- A row that is not too large to be taken apart as it is: it would be in memory seven times; and one that is, and stays.
    On a server that is the server's memory. -#>
<%- macro small(data, sliced) -%>
<< "octet_length(" ~ data ~ ") < :largest" if sliced else "1 = 1" >>
<%- endmacro -%>

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
json_spent(<< data >>)
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

<#- A row that may hold an attachment: a file is never named without its media type. -#>
<%- macro may_attach(data) -%>
CASE WHEN << data >> LIKE '%"mime"%' THEN json_editable(<< data >>) ELSE 0 END = 1
<%- endmacro -%>

<#- What is attached: media type, head and length of each text that holds a file. In the parts of 1.x it is the URL of
    a file, and those of what a tool attached to its result; in the messages of 2.x what came with a prompt or with
    the result of a tool. -#>
<%- macro attached(table, data) -%>
<< "part_files" if table == "part" else "message_files" >>(<< data >>)
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

<#- What `held` says of the entries of a finished message of a 2.x assistant, NULL of any other row. -#>
<%- macro measured(row, held) -%>
CASE WHEN << row >>.type = 'assistant' THEN
    CASE WHEN json_valid(<< row >>.data) = 1 THEN
      CASE WHEN json_editable(<< row >>.data) = 1 AND json_has(<< row >>.data, '$.time.completed') = 1
        THEN << held >>(<< row >>.data) END
    END
  END
<%- endmacro -%>

<%- macro holds(row, held) -%>
CASE WHEN << measured(row, held) >> > 0 THEN 1 ELSE 0 END
<%- endmacro -%>

<%- macro lightened(data) -%>
json_lightened(<< data >>)
<%- endmacro -%>

<%- macro cleared_v2(data) -%>
json_cleared(<< data >>)
<%- endmacro -%>

<%- macro unthought(data) -%>
json_unthought(<< data >>)
<%- endmacro -%>

<#- A message of 2.x, `x`, as the kinds that run before `kind` leave it: one row may be of interest to several. -#>
<%- macro eased(kind) -%>
<%- if kind == "compacted" -%>
x.data
<%- elif kind == "outputs" -%>
CASE WHEN l.id IS NULL THEN x.data ELSE << lightened("x.data") >> END
<%- else -%>
CASE WHEN c.id IS NULL THEN << eased("outputs") >> ELSE << cleared_v2(eased("outputs")) >> END
<%- endif -%>
<%- endmacro -%>

<#- Its size, as the lists of those kinds have it. -#>
<%- macro eased_octets(kind) -%>
<%- if kind == "compacted" -%>
octet_length(x.data)
<%- elif kind == "outputs" -%>
COALESCE(l.octets, octet_length(x.data))
<%- else -%>
COALESCE(c.octets, l.octets, octet_length(x.data))
<%- endif -%>
<%- endmacro -%>

<%- macro easing() -%>
LEFT JOIN lc_lightened AS l ON l.id = x.id
LEFT JOIN lc_cleared AS c ON c.id = x.id
<%- endmacro -%>

<#- The messages that a kind holds something of, and what it frees in each. What is left of one stands under `bytes`
    first: a large message takes many times its size while it is put together, so it is put together once. One that
    comes out as it was is left out: an engine may not be able to put it together again. -#>
<%- macro weighed(kind, becomes) -%>
INSERT INTO lc_target (kind, name, field, number, id, session_id, bytes, octets, stamp)
SELECT
  '<< kind >>', 'session_message', 'data', h.number, h.id, h.session_id,
  COALESCE(octet_length(<< becomes(eased(kind)) >>), -1), << eased_octets(kind) >>,
  COALESCE(clean_time(x.time_updated), 0)
FROM (SELECT f.id, f.session_id, ROW_NUMBER() OVER (ORDER BY f.id) AS number FROM lc_filled AS f) AS h
JOIN session_message AS x ON x.id = h.id
<< easing() >>;

<< gained(kind) >>
<%- endmacro -%>

<#- From what is left of each message to what is freed in it. -#>
<%- macro gained(kind) -%>
DELETE FROM lc_target
WHERE kind = '<< kind >>' AND name = 'session_message' AND (bytes = octets OR bytes < 0);

UPDATE lc_target
SET bytes = octets - bytes
WHERE kind = '<< kind >>' AND name = 'session_message';
<%- endmacro -%>
