<#- The signs by which 2.x says that a session is busy, however long ago they were set: a turn has claimed it, and the
    next start of the service resumes it; or work is queued for it. Each is a name, a table, its session key, and the
    column that must be set (none: a row is enough). A sign that is a column or a row is one more of these; what is read
    out of JSON stands in running.sql. Each sign has its words in explain.py. -#>
<%- set signs = [
  ("claimed", "session_v2", "id", "time_suspended"),
  ("inbox", "session_inbox", "session_id", none),
  ("pending", "session_pending", "session_id", none),
] -%>
