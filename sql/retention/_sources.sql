<#- What a session is, said once: the selection and the guard read the same facts through the same words.
    A session has a row in `session` (1.x), in `session_v2` (2.x), or in both: then the 2.x row tells parent,
    project, title and directory, and it is shared or archived if either is. `key` is the id to look up. -#>

<%- macro joins(store, key) -%>
<%- for table in store.roots %>
LEFT JOIN << table >> AS << table >>_row ON << table >>_row.id = << key >>
<%- endfor %>
<%- endmacro -%>

<%- macro value(store, column) -%>
<%- if store.roots | length == 2 -%>
CASE WHEN session_v2_row.id IS NULL THEN session_row.<< column >> ELSE <% if store.has("session_v2", column) %>session_v2_row.<< column >><% else %>NULL<% endif %> END
<%- else -%>
<< store.roots[0] >>_row.<< column >>
<%- endif -%>
<%- endmacro -%>

<#- When the session was made; NULL where that is not clear. -#>
<%- macro created(store) -%>
<%- if store.has(store.roots[0], "time_created") -%>
clean_time(<< value(store, "time_created") >>)
<%- else -%>
NULL
<%- endif -%>
<%- endmacro -%>

<%- macro missing(store) -%>
<%- for table in store.roots %><< table >>_row.id IS NULL<< " AND " if not loop.last >><% endfor -%>
<%- endmacro -%>

<%- macro shared(store, key) -%>
<%- if store.has("session_share") or store.has("session", "share_url") or store.has("session_v2", "share_url") -%>
CASE
<%- for table in store.roots if store.has(table, "share_url") %>
  WHEN COALESCE(<< table >>_row.share_url, '') <> '' THEN 1
<%- endfor %>
<%- if store.has("session_share") %>
  WHEN EXISTS (SELECT 1 FROM session_share AS share WHERE share.session_id = << key >>) THEN 1
<%- endif %>
  ELSE 0
END
<%- else -%>
0
<%- endif -%>
<%- endmacro -%>

<%- macro archived(store) -%>
CASE WHEN
<%- for table in store.roots %> << table >>_row.time_archived IS NOT NULL<< " OR" if not loop.last >><% endfor %> THEN 1 ELSE 0 END
<%- endmacro -%>

<#- Whether an id that a plan would show, its own, its parent's or its project's, is not what it seems. -#>
<%- macro unsafe(store, key) -%>
CASE
  WHEN is_unsafe(<< key >>) = 1 THEN 1
<%- for column in ("parent_id", "project_id") %>
  WHEN is_unsafe(COALESCE(<< value(store, column) >>, '')) = 1 THEN 1
<%- endfor %>
  ELSE 0
END
<%- endmacro -%>

<#- The number of the session's last event, -1 when it has none; it only grows. -#>
<%- macro seq(store, key) -%>
<%- if store.has("event_sequence") -%>
COALESCE((SELECT MAX(q.seq) FROM event_sequence AS q WHERE q.aggregate_id = << key >>), -1)
<%- else -%>
-1
<%- endif -%>
<%- endmacro -%>

<#- The checksum of a row: the length of each column, or its value where it is a number, times a factor of its own.
    Two states of a row with the same sum are rare; no text is read for it. -#>
<%- macro checksum(table, alias) -%>
<%- for factor, column, term in table.checksum_terms -%>
<< factor >> * << term >>(<< alias >>."<< column | replace('"', '""') >>")<< " + " if not loop.last >>
<%- endfor -%>
<%- endmacro -%>

<#- What a session's row says, title and directory and all, in one text that is safe to write into a plan. Parent and
    project are pinned by themselves; where a session may have two rows, those of both. -#>
<%- macro facts(store) -%>
fingerprint(
<%- for table in store.owned if table.name in store.roots %>
<%- set outer = loop %>
<%- for column in table.spelled + (("parent_id", "project_id") if store.roots | length == 2 else ()) if column in table.columns %>
<< "" if outer.first and loop.first else "|| " >>worded(<< table.name >>_row."<< column | replace('"', '""') >>")
<%- else %>
<< "" if outer.first else "|| " >>''
<%- endfor %>
<%- endfor %>
)
<%- endmacro -%>

<#- Octets of the counted columns of a row. -#>
<%- macro octets(table, alias) -%>
<%- for column in table.bytes -%>
COALESCE(octet_length(<< alias >>.<< column >>), 0)<< " + " if not loop.last >>
<%- else -%>
0
<%- endfor -%>
<%- endmacro -%>
