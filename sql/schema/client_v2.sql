-- The tables that client 2.0 adds beside those of 1.x, or has instead of them; session_message is made anew.
CREATE TABLE session_inbox (
  id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL,
  type TEXT NOT NULL,
  payload TEXT NOT NULL,
  delivery TEXT NOT NULL,
  enqueued_seq INTEGER NOT NULL,
  time_created INTEGER NOT NULL,
  CONSTRAINT fk_session_inbox_session_id_session_v2_id_fk FOREIGN KEY (session_id) REFERENCES session_v2(id) ON DELETE CASCADE
);

CREATE TABLE session_message (
  id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL,
  type TEXT NOT NULL,
  seq INTEGER NOT NULL,
  time_created INTEGER NOT NULL,
  time_updated INTEGER NOT NULL,
  data TEXT NOT NULL,
  CONSTRAINT fk_session_message_session_id_session_v2_id_fk FOREIGN KEY (session_id) REFERENCES session_v2(id) ON DELETE CASCADE
);

CREATE TABLE session_pending (
  id TEXT PRIMARY KEY,
  session_id TEXT NOT NULL,
  type TEXT NOT NULL,
  data TEXT NOT NULL,
  delivery TEXT,
  admitted_seq INTEGER NOT NULL,
  time_created INTEGER NOT NULL,
  CONSTRAINT fk_session_pending_session_id_session_v2_id_fk FOREIGN KEY (session_id) REFERENCES session_v2(id) ON DELETE CASCADE
);

CREATE TABLE session_v2 (
  id TEXT PRIMARY KEY,
  project_id TEXT NOT NULL,
  workspace_id TEXT,
  parent_id TEXT,
  fork_session_id TEXT,
  fork_boundary TEXT,
  slug TEXT NOT NULL,
  directory TEXT NOT NULL,
  path TEXT,
  title TEXT,
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
  time_idle INTEGER,
  time_viewed INTEGER,
  idle_outcome TEXT,
  time_compacting INTEGER,
  time_archived INTEGER,
  time_suspended INTEGER,
  resume_attempts INTEGER DEFAULT 0 NOT NULL,
  CONSTRAINT fk_session_v2_project_id_project_id_fk FOREIGN KEY (project_id) REFERENCES project(id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX session_inbox_session_enqueued_seq_idx ON session_inbox (session_id,enqueued_seq);

CREATE UNIQUE INDEX session_message_session_seq_idx ON session_message (session_id,seq);

CREATE INDEX session_message_session_time_created_id_idx ON session_message (session_id,time_created,id);

CREATE INDEX session_message_session_type_seq_idx ON session_message (session_id,type,seq);

CREATE INDEX session_message_time_created_idx ON session_message (time_created);

CREATE UNIQUE INDEX session_pending_session_admitted_seq_idx ON session_pending (session_id,admitted_seq);

CREATE INDEX session_v2_parent_idx ON session_v2 (parent_id);

CREATE INDEX session_v2_project_idx ON session_v2 (project_id);

CREATE INDEX session_v2_time_suspended_idx ON session_v2 (time_suspended) WHERE session_v2.time_suspended is not null;

CREATE INDEX session_v2_workspace_idx ON session_v2 (workspace_id);

CREATE TABLE instruction_blob (
  hash TEXT PRIMARY KEY,
  value TEXT
);

CREATE TABLE instruction_entry (
  session_id TEXT NOT NULL,
  key TEXT NOT NULL,
  value TEXT,
  removed INTEGER DEFAULT false NOT NULL,
  time_created INTEGER NOT NULL,
  time_updated INTEGER NOT NULL,
  CONSTRAINT instruction_entry_pk PRIMARY KEY(session_id, key),
  CONSTRAINT fk_instruction_entry_session_id_session_v2_id_fk FOREIGN KEY (session_id) REFERENCES session_v2(id) ON DELETE CASCADE
);

CREATE TABLE instruction_state (
  session_id TEXT PRIMARY KEY,
  epoch_start INTEGER NOT NULL,
  through_seq INTEGER NOT NULL,
  initial_values TEXT NOT NULL,
  current_values TEXT NOT NULL,
  CONSTRAINT fk_instruction_state_session_id_session_v2_id_fk FOREIGN KEY (session_id) REFERENCES session_v2(id) ON DELETE CASCADE
);

CREATE TABLE kv (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  time_created INTEGER NOT NULL,
  time_updated INTEGER NOT NULL
);
