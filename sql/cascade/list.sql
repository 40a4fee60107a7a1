INSERT INTO lc_planned (batch, id, root_id, parent_id, project_id, shared, archived, tally, bytes, newest, seq, weight, facts)
VALUES (:batch, :id, :root_id, :parent_id, :project_id, :shared, :archived, :tally, :bytes, :newest, :seq, :weight, :facts);
