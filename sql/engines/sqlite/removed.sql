-- A session that a run removed; that another run removed it before says no more.
INSERT OR IGNORE INTO removed (store, session)
VALUES (:store, :session);
