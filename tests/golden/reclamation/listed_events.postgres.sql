-- The events that go, by the number of their log.
SELECT
  s.log,
  s.id
FROM lc_superseded AS s;
