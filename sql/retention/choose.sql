-- One session, named by its id.
INSERT INTO lc_unit (id, root_id, reason)
VALUES (:id, :id, 'chosen');
