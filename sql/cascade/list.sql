INSERT INTO lc_planned (batch, id, root_id, parent_id, project_id, shared, archived, tally, bytes, newest, seq)
VALUES (:batch, :id, :root_id, :parent_id, :project_id, :shared, :archived, :tally, :bytes, :newest, :seq);
