"""What the real client makes of sessions that come out of an export."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from client import Client, repository
from lifecycle import must
from world import World, age, every_session, exports, rows, tree


def test_an_element_cut_out_of_an_export_imports_into_a_fresh_client(
    client: Client, world: World, tmp_path: Path
) -> None:
    file = tmp_path / "all.json"
    must(client, "export", f"--output={file}")
    wanted = world.ids["new tools"]
    (one,) = [element for element in json.loads(file.read_text()) if element["info"]["id"] == wanted]
    assert one["seal"]["importable"]
    (tmp_path / "one.json").write_text(json.dumps(one))
    fresh = Client(client.binary, tmp_path / "fresh", repository(tmp_path / "elsewhere", world.model.url))
    fresh.import_(tmp_path / "one.json")
    told = json.loads(fresh.export(wanted))
    known = json.loads(world.exported([wanted])[wanted])
    assert told["messages"] == known["messages"]
    moved = ("projectID", "directory", "path")
    assert {k: v for k, v in told["info"].items() if k not in moved} == {
        k: v for k, v in known["info"].items() if k not in moved
    }


def test_the_info_of_every_element_is_what_the_client_says(client: Client, world: World, tmp_path: Path) -> None:
    file = tmp_path / "all.json.gz"
    must(client, "export", f"--output={file}")
    found = {one["info"]["id"]: one for one in json.loads(gzip.decompress(file.read_bytes()))}
    assert set(found) == every_session(client.db)
    for session, text in world.exported(world.trees("new tools", "new family", "new compacted")).items():
        said = json.loads(text)
        assert found[session]["info"] == said["info"]
        mine = [
            {
                "info": without(message["info"]),
                "parts": [without(part) for part in message["parts"]],
            }
            for message in found[session]["messages"]
        ]
        assert mine == said["messages"]


def test_a_file_of_the_clients_export_restores_to_what_it_was(client: Client, world: World, tmp_path: Path) -> None:
    session = world.ids["old tools"]
    before = client.export(session)
    (tmp_path / "one.json").write_bytes(before)
    client.delete(session)
    must(client, "restore", str(tmp_path / "one.json"))
    assert json.loads(client.export(session)) == json.loads(before)


def test_one_restored_tree_of_many_is_the_clients_again(client: Client, world: World) -> None:
    age(client.db, world.old)
    root = world.ids["old family"]
    family = tree(client.db, root)
    known = exports(client, family[:2])
    made = json.loads(must(client, "prune", "--days=30", "--yes", "--json").out)["applied"]["export"]
    must(client, "restore", made, f"--session={family[1]}")
    assert every_session(client.db) == world.new | set(family)
    assert exports(client, family[:2]) == known
    assert rows(client.db, "PRAGMA foreign_key_check") == []
    assert client.run("Go on.", root).text


def without(found: dict) -> dict:
    return {key: value for key, value in found.items() if key != "lifecycle"}
