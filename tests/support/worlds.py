"""The same store on SQLite and on a server: loaded by the product's own mirror, read by plain drivers."""

import sqlite3
from contextlib import closing

import by_url
import store_rows
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.transfer import mirror

SECRETS = ("account", "account_state", "control_account", "credential")


def load(path, url):
    """Copy a store to a server; what the copy left out."""
    with store.opened(str(path), write=False) as source, store.reached(*store.server(url)) as target:
        return mirror.mirror(source, target, lambda *_: None)


def quote(url, name):
    return f'"{name}"' if by_url.is_postgres(url) else f"`{name}`"


def tables(url):
    schema = "current_schema()" if by_url.is_postgres(url) else "database()"
    kind = "AND table_type = 'BASE TABLE'"
    return [name for (name,) in by_url.run_sql(
        url, f"SELECT table_name FROM information_schema.tables WHERE table_schema = {schema} {kind}")]


def empty(url):
    """Drop every table."""
    drops = [f"DROP TABLE {quote(url, name)}" for name in tables(url)]
    if drops:
        by_url.run_sql(url, *drops)


def dump(url):
    """Every table but ours, as `oracle.dump` gives a file's."""
    found = {}
    with closing(by_url.connect(url)) as connection, connection.cursor() as cursor:
        for name in tables(url):
            if not name.startswith("lifecycle_"):
                cursor.execute(f"SELECT * FROM {quote(url, name)}")
                columns = [column[0] for column in cursor.description]
                found[name] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return store_rows.shape(found)


def file_dump(path):
    """The file's tables but tokens."""
    with closing(sqlite3.connect(path)) as con:
        return public(store_rows.dump(con))


def public(found):
    return {name: rows for name, rows in found.items() if name not in SECRETS}
