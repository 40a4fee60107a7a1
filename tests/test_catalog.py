"""Every table of every client is known, and a table that nobody knows is a stranger."""

import pytest
from client_schemas import FILES, catalog_of
from opencode_lifecycle.sql import catalog
from opencode_lifecycle.sql.engines.sqlite import driver as sqlite
from opencode_lifecycle.sql.refusal import Refusal

LAYOUTS = {
    "2.0.26-mixed": "mixed",
    "2.0.25-partial": "v2",
    "v2.0-mixed-simulated": "mixed",
}  # the preview of 2.0 kept the names of 1.x


@pytest.mark.parametrize("schema", FILES, ids=lambda path: path.stem)
def test_every_table_of_every_client_is_in_the_manifest(schema):
    known = catalog.manifest()
    named = {*known["sessions"], *known["others"]["tables"], *known["secrets"]["tables"]}
    found = catalog_of(schema)
    assert set(found.columns) - named == set()
    assert found.strangers == ()


@pytest.mark.parametrize("schema", FILES, ids=lambda path: path.stem)
def test_every_schema_gets_its_layout(schema):
    found = catalog_of(schema)
    assert found.layout == LAYOUTS.get(schema.stem, "v1")
    owned = [table.name for table in found.owned]
    assert owned == [name for name in catalog.manifest()["sessions"] if name in found.columns]
    assert set(found.roots) <= set(owned) and found.roots


@pytest.mark.parametrize("column", ["session_id TEXT", "aggregate_id TEXT", "s TEXT REFERENCES session(id)"])
def test_a_table_with_a_session_key_that_nobody_knows_is_a_stranger(column):
    connection = sqlite.sqlite3.connect(":memory:")
    connection.executescript(f"CREATE TABLE session (id TEXT PRIMARY KEY); CREATE TABLE news ({column});")
    found = sqlite.catalog(connection)
    assert found.strangers == ("news",)
    with pytest.raises(Refusal, match="--ignore-table=news"):
        found.refuse_strangers()
    found.refuse_strangers(["news"])
