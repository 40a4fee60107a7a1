<#- What protects a tree whatever its limits say, in the order in which it is told: the reason, and the column of lc_tree
    that says so, 1 or 0 but for the time of the last activity. A protection that is added here counts wherever trees
    are judged; those that lc_session says as well count for a session by itself, too. -#>
<%- set protections = (
  ("unsafe-id", "unsafe"),
  ("time-unclear", "unclear"),
  ("future", "active"),
  ("running", "running"),
  ("shared", "shared"),
  ("pinned", "pinned"),
  ("restored", "restored"),
  ("protect", "matched"),
) -%>
<%- set of_session = ("unsafe", "unclear", "shared") -%>

<#- The columns but `active`, which stands for itself. -#>
<%- macro columns(row) -%>
<%- for _, column in protections if column != "active" -%>
<< row >>.<< column >><< ", " if not loop.last >>
<%- endfor -%>
<%- endmacro -%>

<#- It holds the tree. -#>
<%- macro holds(row, column) -%>
<< row ~ ".active > :now" if column == "active" else row ~ "." ~ column ~ " = 1" >>
<%- endmacro -%>

<#- None of them holds the tree, or none that a session's own row says the session. -#>
<%- macro free(row, of_tree) -%>
<%- for _, column in protections if of_tree or column in of_session -%>
<< row ~ ".active <= :now" if column == "active" else row ~ "." ~ column ~ " = 0" >><< " AND " if not loop.last >>
<%- endfor -%>
<%- endmacro -%>
