-- A session that is to go, and the topmost of those that go with it.
INSERT INTO lc_unit (id, root_id, reason)
VALUES (:id, :root_id, 'undo');
