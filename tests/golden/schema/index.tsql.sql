-- What a removal looks up in session: without it each batch would read the whole table.
CREATE INDEX lifecycle_session_parent_id ON [session]([parent_id]);
