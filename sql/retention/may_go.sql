<#- Whether anything may go, without a look at more than the rows of sessions: activity is the newest time of a session
    or of its messages, so a session's own time is never later. -#>
-- How many sessions there are, and how many of them may be of a tree without activity since: none, and nothing is over
-- an age. A time that is not clear tells nothing. An id in both layouts counts twice.
SELECT
<%- for table in store.roots %>
  (SELECT COUNT(*) FROM << table >> AS << table >>_row)<< " +" if not loop.last >>
<%- endfor %> AS sessions,
<%- for table in store.roots %>
  (SELECT COUNT(*) FROM << table >> AS << table >>_old
   WHERE COALESCE(clean_time(<< table >>_old.time_updated), :active_since - 1) < :active_since)<< " +" if not loop.last >>
<%- endfor %> AS old;
