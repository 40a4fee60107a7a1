-- A number that is another one once some other connection has committed to the store.
PRAGMA data_version;
