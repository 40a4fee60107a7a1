"""A small world of real sessions, and what the tests do to a copy of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from client import Client, NotFound, Server
from mock_model import Model

DAY = 86_400_000

AGES = ("old", "new")

RESUME = "Resume"

TREE = """
WITH RECURSIVE tree(id) AS (
  SELECT id FROM session WHERE id = ?
  UNION SELECT session.id FROM session JOIN tree ON session.parent_id = tree.id
) SELECT id FROM tree
"""

AGED = (("session", "id"), ("message", "session_id"), ("session_message", "session_id"))

TOOLS = "[[write {0}.txt some text]] [[read {0}.txt]] [[bash seq 1 40]] [[todo look; think; write]]"
CHILDREN = (
    "[[task look into it [[bash echo child]] [[todo ask; wait]]"
    " [[task look deeper [[bash echo deep]] [[todo dig]]]] [[say the child is done]]]] [[say all is done]]"
)


@dataclass(frozen=True)
class World:
    """Sessions by name ("old tools"), in the store of a client that no test touches.

    `told` is the conversation that the model is sent when a session is resumed there.
    """

    client: Client
    model: Model
    ids: dict[str, str]
    told: dict[str, list[dict]]
    known: dict[str, bytes] = field(default_factory=dict)

    def exported(self, sessions: Iterable[str]) -> dict[str, bytes]:
        """What `opencode export` says here; each session is asked for once."""
        wanted = set(sessions)
        self.known.update(exports(self.client, wanted - self.known.keys()))
        return {session: self.known[session] for session in wanted}

    def trees(self, *starts: str) -> set[str]:
        """All ids of the trees with these names, or of those whose names start so."""
        roots = [root for name, root in self.ids.items() if name.startswith(starts)]
        return {session for root in roots for session in tree(self.client.db, root)}

    @property
    def old(self) -> set[str]:
        return self.trees("old ")

    @property
    def new(self) -> set[str]:
        return self.trees("new ")


def build(server: Server) -> dict[str, str]:
    """Two of each kind: one to be aged, one to stay."""
    ids = {}
    for age in AGES:
        for make in (tools, family, compacted, archived, plain, runner):
            name = f"{age} {make.__name__}"
            ids[name] = make(server, name)
        # Both forks come from the old session: the new one must outlive its origin.
        ids[f"{age} fork"] = server.fork(ids["old tools"])
    return ids


def tools(server: Server, name: str) -> str:
    session = server.create(name)
    server.prompt(session, f"Try {name}. {TOOLS.format(name.replace(' ', '-'))}")
    server.prompt(session, "And now?")
    return session


def family(server: Server, name: str) -> str:
    session = server.create(name)
    server.prompt(session, f"Delegate {name}. {CHILDREN}")
    return session


def compacted(server: Server, name: str) -> str:
    session = server.create(name)
    server.prompt(session, f"Count. [[bash seq 1 20]] [[say counted for {name}]]")
    server.compact(session)
    server.prompt(session, "Go on.")
    return session


def archived(server: Server, name: str) -> str:
    session = plain(server, name)
    server.archive(session, server.get(f"/session/{session}")["time"]["updated"])
    return session


def plain(server: Server, name: str) -> str:
    session = server.create(name)
    server.prompt(session, f"Hello from {name}.")
    return session


def runner(server: Server, name: str) -> str:
    session = server.start_runner()
    server.prompt_runner(session, f"Run {name}. [[bash echo again]] [[say ran {name}]]")
    return session


def resume(server: Server, model: Model, session: str, name: str) -> list[dict]:
    """Prompt a session further; returns the conversation that the model was sent."""
    ask = server.prompt_runner if name.endswith("runner") else server.prompt
    assert ask(session, RESUME) == f"Answer to {RESUME}"
    return model.sent(RESUME)


def rows(store: Path, query: str, values: Iterable = ()) -> list[tuple]:
    with closing(sqlite3.connect(store)) as db:
        return db.execute(query, tuple(values)).fetchall()


def every_session(store: Path) -> set[str]:
    return {session for (session,) in rows(store, "SELECT id FROM session")}


def roots(store: Path) -> set[str]:
    return {session for (session,) in rows(store, "SELECT id FROM session WHERE parent_id IS NULL")}


def tree(store: Path, root: str) -> list[str]:
    """A session and all below it, the root first."""
    return [session for (session,) in rows(store, TREE, [root])]


def age(store: Path, sessions: Iterable[str], days: int = 60) -> None:
    """Make sessions and their messages look untouched for so many days more."""
    with closing(sqlite3.connect(store)) as db, db:
        for table, key in AGED:
            change = f"UPDATE {table} SET time_updated = time_updated - ? WHERE {key} = ?"
            db.executemany(change, [(days * DAY, session) for session in sessions])


def free_pages(store: Path) -> None:
    """Leave free pages in the file, by the rows that no command of the client reads."""
    with closing(sqlite3.connect(store)) as db, db:
        db.execute("DELETE FROM event")


def bytes_on_disk(store: Path) -> int:
    """The store and its log; the third file has no content of its own."""
    files = (store, store.with_name(store.name + "-wal"))
    return sum(file.stat().st_size for file in files if file.exists())


def exports(client: Client, sessions: Iterable[str]) -> dict[str, bytes]:
    """One client process per export: two at a time."""
    wanted = sorted(sessions)
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(wanted, pool.map(client.export, wanted), strict=True))


def unknown(call, *args: str) -> bool:
    """Whether the client says that there is no such session."""
    try:
        call(*args)
    except NotFound:
        return True
    return False
