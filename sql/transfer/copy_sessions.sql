<%- import "retention/_sources.sql" as row -%>
-- What the sessions of the queue are called, which project they are of, where they work, and when they were last changed.
SELECT
  q.place,
  << row.value(store, "title") >> AS title,
  << row.value(store, "project_id") >> AS project_id,
  << row.value(store, "directory") >> AS directory,
  clean_time(<< row.value(store, "time_updated") >>) AS time_updated
FROM lc_queue AS q
<< row.joins(store, "q.id") >>
ORDER BY q.place;
