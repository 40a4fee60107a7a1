-- The tables of client 1.18.33, as it makes them for a new store (SQLite). The sample store is built of them.
CREATE TABLE account (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL,
  url TEXT NOT NULL,
  access_token TEXT NOT NULL,
  refresh_token TEXT NOT NULL,
  token_expiry INTEGER,
  time_created INTEGER NOT NULL,
  time_updated INTEGER NOT NULL
);

CREATE TABLE account_state (
  id INTEGER PRIMARY KEY,
  active_account_id TEXT,
  active_org_id TEXT,
  CONSTRAINT fk_account_state_active_account_id_account_id_fk FOREIGN KEY (active_account_id) REFERENCES account(id) ON DELETE SET NULL
);

CREATE TABLE control_account (
  email TEXT NOT NULL,
  url TEXT NOT NULL,
  access_token TEXT NOT NULL,
  refresh_token TEXT NOT NULL,
  token_expiry INTEGER,
  active INTEGER NOT NULL,
  time_created INTEGER NOT NULL,
  time_updated INTEGER NOT NULL,
  CONSTRAINT control_account_pk PRIMARY KEY(email, url)
);

CREATE TABLE credential (
  id TEXT PRIMARY KEY,
  integration_id TEXT,
  label TEXT NOT NULL,
  value TEXT NOT NULL,
  connector_id TEXT,
  method_id TEXT,
  active INTEGER,
  time_created INTEGER NOT NULL,
  time_updated INTEGER NOT NULL
);

CREATE TABLE data_migration (
  name TEXT PRIMARY KEY,
  time_completed INTEGER NOT NULL
);

CREATE TABLE event (
  id TEXT PRIMARY KEY,
  aggregate_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  type TEXT NOT NULL,
  data TEXT NOT NULL,
  CONSTRAINT fk_event_aggregate_id_event_sequence_aggregate_id_fk FOREIGN KEY (aggregate_id) REFERENCES event_sequence(aggregate_id) ON DELETE CASCADE
);

CREATE TABLE event_sequence (
  aggregate_id TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  owner_id TEXT
);

CREATE TABLE message (
  id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL,
  time_created INTEGER NOT NULL,
  time_updated INTEGER NOT NULL,
  data TEXT NOT NULL,
  CONSTRAINT fk_message_session_id_session_id_fk FOREIGN KEY (session_id) REFERENCES session(id) ON DELETE CASCADE
);

CREATE TABLE migration (
  id TEXT PRIMARY KEY,
  time_completed INTEGER NOT NULL
);

CREATE TABLE part (
  id TEXT PRIMARY KEY,
  message_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  time_created INTEGER NOT NULL,
  time_updated INTEGER NOT NULL,
  data TEXT NOT NULL,
  CONSTRAINT fk_part_message_id_message_id_fk FOREIGN KEY (message_id) REFERENCES message(id) ON DELETE CASCADE
);

CREATE TABLE permission (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  action TEXT NOT NULL,
  resource TEXT NOT NULL,
  time_created INTEGER NOT NULL,
  time_updated INTEGER NOT NULL,
  CONSTRAINT fk_permission_project_id_project_id_fk FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE
);

CREATE TABLE project (
  id TEXT PRIMARY KEY,
  worktree TEXT NOT NULL,
  vcs TEXT,
  name TEXT,
  icon_url TEXT,
  icon_url_override TEXT,
  icon_color TEXT,
  time_created INTEGER NOT NULL,
  time_updated INTEGER NOT NULL,
  time_initialized INTEGER,
  sandboxes TEXT NOT NULL,
  commands TEXT
);

CREATE TABLE project_directory (
  project_id TEXT NOT NULL,
  directory TEXT NOT NULL,
  type TEXT,
  strategy TEXT,
  time_created INTEGER NOT NULL,
  CONSTRAINT project_directory_pk PRIMARY KEY(project_id, directory),
  CONSTRAINT fk_project_directory_project_id_project_id_fk FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE
);

CREATE TABLE session (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  workspace_id TEXT,
  parent_id TEXT,
  slug TEXT NOT NULL,
  directory TEXT NOT NULL,
  path TEXT,
  title TEXT NOT NULL,
  version TEXT NOT NULL,
  share_url TEXT,
  summary_additions INTEGER,
  summary_deletions INTEGER,
  summary_files INTEGER,
  summary_diffs TEXT,
  metadata TEXT,
  cost REAL DEFAULT 0 NOT NULL,
  tokens_input INTEGER DEFAULT 0 NOT NULL,
  tokens_output INTEGER DEFAULT 0 NOT NULL,
  tokens_reasoning INTEGER DEFAULT 0 NOT NULL,
  tokens_cache_read INTEGER DEFAULT 0 NOT NULL,
  tokens_cache_write INTEGER DEFAULT 0 NOT NULL,
  revert TEXT,
  permission TEXT,
  agent TEXT,
  model TEXT,
  time_created INTEGER NOT NULL,
  time_updated INTEGER NOT NULL,
  time_compacting INTEGER,
  time_archived INTEGER,
  CONSTRAINT fk_session_project_id_project_id_fk FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE
);

CREATE TABLE session_context_epoch (
  session_id TEXT PRIMARY KEY,
  baseline TEXT NOT NULL,
  snapshot TEXT NOT NULL,
  baseline_seq INTEGER NOT NULL,
  CONSTRAINT fk_session_context_epoch_session_id_session_id_fk FOREIGN KEY (session_id) REFERENCES session(id) ON DELETE CASCADE
);

CREATE TABLE session_input (
  id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL,
  prompt TEXT NOT NULL,
  delivery TEXT NOT NULL,
  admitted_seq INTEGER NOT NULL,
  promoted_seq INTEGER,
  time_created INTEGER NOT NULL,
  CONSTRAINT fk_session_input_session_id_session_id_fk FOREIGN KEY (session_id) REFERENCES session(id) ON DELETE CASCADE
);

CREATE TABLE session_message (
  id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL,
  type TEXT NOT NULL,
  seq INTEGER NOT NULL,
  time_created INTEGER NOT NULL,
  time_updated INTEGER NOT NULL,
  data TEXT NOT NULL,
  CONSTRAINT fk_session_message_session_id_session_id_fk FOREIGN KEY (session_id) REFERENCES session(id) ON DELETE CASCADE
);

CREATE TABLE session_share (
  session_id TEXT PRIMARY KEY,
  id TEXT NOT NULL,
  secret TEXT NOT NULL,
  url TEXT NOT NULL,
  time_created INTEGER NOT NULL,
  time_updated INTEGER NOT NULL,
  CONSTRAINT fk_session_share_session_id_session_id_fk FOREIGN KEY (session_id) REFERENCES session(id) ON DELETE CASCADE
);

CREATE TABLE todo (
  session_id TEXT NOT NULL,
  content TEXT NOT NULL,
  status TEXT NOT NULL,
  priority TEXT NOT NULL,
  position INTEGER NOT NULL,
  time_created INTEGER NOT NULL,
  time_updated INTEGER NOT NULL,
  CONSTRAINT todo_pk PRIMARY KEY(session_id, position),
  CONSTRAINT fk_todo_session_id_session_id_fk FOREIGN KEY (session_id) REFERENCES session(id) ON DELETE CASCADE
);

CREATE TABLE workspace (
  id TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  name TEXT DEFAULT '' NOT NULL,
  branch TEXT,
  directory TEXT,
  extra TEXT,
  project_id TEXT NOT NULL,
  time_used INTEGER NOT NULL,
  CONSTRAINT fk_workspace_project_id_project_id_fk FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX event_aggregate_seq_idx ON event (aggregate_id,seq);

CREATE INDEX event_aggregate_type_seq_idx ON event (aggregate_id,type,seq);

CREATE INDEX message_session_time_created_id_idx ON message (session_id,time_created,id);

CREATE INDEX part_message_id_id_idx ON part (message_id,id);

CREATE INDEX part_session_idx ON part (session_id);

CREATE UNIQUE INDEX permission_project_action_resource_idx ON permission (project_id,action,resource);

CREATE UNIQUE INDEX session_input_session_admitted_seq_idx ON session_input (session_id,admitted_seq);

CREATE INDEX session_input_session_pending_delivery_seq_idx ON session_input (session_id,promoted_seq,delivery,admitted_seq);

CREATE UNIQUE INDEX session_input_session_promoted_seq_idx ON session_input (session_id,promoted_seq);

CREATE UNIQUE INDEX session_message_session_seq_idx ON session_message (session_id,seq);

CREATE INDEX session_message_session_time_created_id_idx ON session_message (session_id,time_created,id);

CREATE INDEX session_message_session_type_seq_idx ON session_message (session_id,type,seq);

CREATE INDEX session_message_time_created_idx ON session_message (time_created);

CREATE INDEX session_parent_idx ON session (parent_id);

CREATE INDEX session_project_idx ON session (project_id);

CREATE INDEX session_workspace_idx ON session (workspace_id);

CREATE INDEX todo_session_idx ON todo (session_id);
