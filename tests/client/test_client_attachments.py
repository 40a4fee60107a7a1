"""What the real client makes of sessions whose attachments lie in our folder."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from client import Client, copied
from lifecycle import must
from opencode_lifecycle.sql.reclamation import standin
from world import World, resume, roots, rows, unknown

LOOK = "Look at this."


def picture(seed: int) -> bytes:
    """A PNG of 64 by 64 pixels in which nothing repeats."""
    noise = random.Random(seed)
    lines = b"".join(b"\0" + noise.randbytes(64 * 3) for _ in range(64))
    header = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    chunks = (b"IHDR" + header, b"IDAT" + zlib.compress(lines), b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk)) for chunk in chunks)


def link(mime: str, content: bytes) -> str:
    return f"data:{mime};base64,{base64.b64encode(content).decode()}"


DOCUMENT = b"%PDF-1.4\n% " + bytes(range(97, 123)) * 400 + b"\n%%EOF\n"
SHOWN = {"prompt": picture(1), "tool": picture(2), "runner": picture(3)}


@pytest.fixture(scope="module")
def shown(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, dict[str, str]]]:
    """A picture and a document that came with a prompt, a picture that a tool read, and one for the second runner."""
    (world.client.work / "shown.png").write_bytes(SHOWN["tool"])
    with copied(world.client, tmp_path_factory.mktemp("shown") / "user") as client:
        with client.serve() as server:
            ids = {"shown": server.create("shown"), "shown runner": server.start_runner()}
            files = [{"type": "file", "mime": mime, "filename": name, "url": link(mime, content)}
                     for name, mime, content in (("a.png", "image/png", SHOWN["prompt"]),
                                                 ("b.pdf", "application/pdf", DOCUMENT))]
            text = {"type": "text", "text": f"{LOOK} [[read shown.png]] [[say seen]]"}
            reply = server.post(f"/session/{ids['shown']}/message", {"parts": [text, *files]})
            assert not reply["info"].get("error")
            files = [{"uri": link("image/png", SHOWN["runner"]), "name": "c.png"}]
            server.post(f"/api/session/{ids['shown runner']}/prompt", {"prompt": {"text": LOOK, "files": files}})
            server.prompt_runner(ids["shown runner"], "And this? [[say seen]]")
        yield client, ids


def move(client: Client) -> dict:
    done = must(client, "reclaim", "--only=attachments", "--older-than=0h", "--yes", "--json")
    return json.loads(done.out)["applied"]


def sent(told: list[dict]) -> str:
    return json.dumps(told)


def carried(text: str, content: bytes) -> tuple[bool, bool]:
    """Whether a request holds a picture itself, and whether it holds what stands for it."""
    stand = standin.stand_in("image/png", hashlib.sha256(content).hexdigest())
    return base64.b64encode(content).decode() in text, base64.b64encode(stand).decode() in text


def test_the_model_is_sent_what_stands_for_each_attachment_and_the_sessions_work_on(
        world: World, shown, tmp_path: Path) -> None:
    source, ids = shown
    with copied(source, tmp_path / "twin") as twin, twin.serve() as server:
        before = {name: sent(resume(server, world.model, ids[name], name)) for name in ids}
    with copied(source, tmp_path / "user") as client:
        assert move(client)["rows"] == {"part": 3, "session_message": 1}
        assert {one["id"] for one in client.sessions()} >= {ids["shown"]} and ids["shown"] in roots(client.db)
        assert json.loads(client.export(ids["shown"]))["info"]["id"] == ids["shown"]
        with client.serve() as server:
            assert server.get(f"/session/{ids['shown']}/message")
            assert server.get(f"/api/session/{ids['shown runner']}/message")
            after = {name: sent(resume(server, world.model, ids[name], name)) for name in ids}
            copy = server.fork(ids["shown"])
            assert server.prompt(copy, "And the copy? [[say it works]]") == "it works"
            forked = sent(world.model.sent("And the copy?"))
            server.ask("DELETE", f"/session/{ids['shown']}")
            assert unknown(server.get, f"/session/{ids['shown']}")
        assert rows(client.db, "PRAGMA integrity_check") == [("ok",)]
        # What the fork holds comes back, too.
        must(client, "restore", "--attachments", f"--session={copy}")
        found = [json.loads(data) for (data,) in rows(client.db, "SELECT data FROM part WHERE session_id = ?", [copy])]
        assert link("image/png", SHOWN["prompt"]) in [one.get("url") for one in found]
    for name, content in SHOWN.items():
        at = "shown runner" if name == "runner" else "shown"
        assert carried(before[at], content) == (True, False)
        assert carried(after[at], content) == (False, True)
        assert name == "runner" or carried(forked, content) == (False, True)
    assert not world.model.failures


def test_everything_is_as_before_once_the_attachments_are_back(world: World, shown, tmp_path: Path) -> None:
    source, ids = shown
    with copied(source, tmp_path / "user") as client:
        before = content(client)
        move(client)
        assert content(client) != before
        must(client, "restore", "--attachments")
        assert content(client) == before
        with copied(source, tmp_path / "twin") as twin, twin.serve() as server, client.serve() as other:
            for name, session in ids.items():
                assert resume(server, world.model, session, name) == resume(other, world.model, session, name)


def content(client: Client) -> list:
    return rows(client.db, "SELECT id, time_updated, data FROM part UNION ALL"
                           " SELECT id, time_updated, data FROM session_message ORDER BY 1")


def test_an_attached_server_goes_on_while_attachments_move(world: World, shown, tmp_path: Path) -> None:
    source, ids = shown
    with copied(source, tmp_path / "user") as client, client.serve() as server:
        assert server.get(f"/session/{ids['shown']}/message")
        move(client)
        told = sent(resume(server, world.model, ids["shown"], "shown"))
    assert carried(told, SHOWN["prompt"]) == (False, True)
