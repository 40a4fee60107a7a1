INSERT INTO lc_planned (batch, id, root_id, parent_id, project_id, shared, archived, tally, bytes, newest, seq, checksum, facts)
VALUES (:batch, :id, :root_id, :parent_id, :project_id, :shared, :archived, :tally, :bytes, :newest, :seq, :checksum, :facts);
