"""SQLite: the store of the client itself."""
