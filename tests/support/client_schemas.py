"""The schemas of the client, and what the product sees in each."""

import re

from opencode_lifecycle.sql.engines.sqlite import driver as sqlite
from places import SCHEMAS

FILES = sorted(SCHEMAS.glob("*.sql"))


def catalog_of(schema):
    connection = sqlite.sqlite3.connect(":memory:")
    text = re.sub(r"CREATE TABLE sqlite_sequence\(.*\);", "", schema.read_text())
    connection.executescript(text)
    return sqlite.catalog(connection)
