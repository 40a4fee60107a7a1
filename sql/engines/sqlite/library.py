"""The SQLite library: pysqlite3, whose SQLite is newer, where it is installed; else the standard module.

sqlite-utils chooses in the same way; asking here spares each start the loading of all of it.
"""

try:
    from pysqlite3 import dbapi2 as sqlite3
except ImportError:
    import sqlite3

__all__ = ["sqlite3"]
