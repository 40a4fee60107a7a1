"""Original values of rows that a reclamation changes: written and read back before, brought back by `undo`.

The file is one JSON object a line, compressed with zstandard: a head, one line per value, and an end with the
number of values and the digest of all. Octets that are no UTF-8 stand as the lone surrogates of `surrogateescape`.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import zstandard

from . import reclaim
from .apply import cause, let_go, refuse_migration
from .reclaim import BATCH_BYTES, BATCH_ROWS, EDITS, Forecast
from .refusal import BAD_VALUE, FAILED, UNFINISHED, Refusal
from .store import Store
from .words import printable

FORMAT = "opencode-lifecycle originals"
VERSION = 1
LEVEL = 3


@dataclass(frozen=True)
class Original:
    """A value as it was: which kind changed it, and in which column of which row."""

    kind: str
    table: str
    column: str
    id: str | bytes
    value: str


@dataclass
class Returned:
    """What `undo` did: rows that have their original value again, and rows that had changed since."""

    rows: dict[str, int]
    changed: int = 0


def folder() -> Path:
    """Where exports of ours are: 0700."""
    home = os.environ.get("XDG_DATA_HOME")
    base = Path(home) if home else Path.home() / ".local" / "share"
    return base / "opencode-lifecycle" / "exports"


def place_of(export: str | None, moment: int) -> Path:
    """The file to write: the one asked for, or a new one among our exports; refuses to write over another."""
    if export:
        path = Path(export).expanduser()
    else:
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        stamp = datetime.fromtimestamp(moment / 1000, UTC).strftime("%Y%m%d-%H%M%S-%f")[:19]
        path = folder() / f"reclaim-{stamp}.jsonl.zst"
    if path.exists():
        raise Refusal(f"--export={path}: the file exists already; name a new one.", BAD_VALUE)
    return path


def write(store: Store, plan: Forecast, path: Path) -> int:
    """Write the values that the forecast's batches will change, flush and read them back; the number of them.

    Raises `Refusal` 1 when the file cannot be written or does not read as written; nothing was changed then.
    """
    part = path.with_name(path.name + ".part")
    try:
        digest, number = _write(store, plan, part)
        if _verified(part) != (digest, number):
            raise Refusal(f"The export {path} does not read as it was written; nothing was changed.", FAILED)
        part.replace(path)
        _settle(path.parent)
    except OSError as error:
        raise Refusal(f"The export {path} cannot be written ({error.strerror}); nothing was changed.",
                      FAILED) from None
    finally:
        part.unlink(missing_ok=True)
    return number


def _write(store: Store, plan: Forecast, path: Path) -> tuple[str, int]:
    digest, number = hashlib.sha256(), 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    packer = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
    with os.fdopen(handle, "wb") as raw, packer.stream_writer(raw, closefd=False) as out:
        head = {"format": FORMAT, "version": VERSION, "store": store.name, "layout": store.catalog.layout,
                "kinds": list(plan.wish.kinds)}
        out.write(_line(head))
        for original in _originals(store, plan):
            line = _line(vars(original) | {"digest": _digest(original.value)})
            digest.update(line)
            out.write(line)
            number += 1
        out.write(_line({"values": number, "digest": digest.hexdigest()}))
        out.flush(zstandard.FLUSH_FRAME)
        raw.flush()
        os.fsync(raw.fileno())
    return digest.hexdigest(), number


def _originals(store: Store, plan: Forecast) -> Iterator[Original]:
    lists = dict.fromkeys((b.kind, b.table, b.column) for b in plan.batches if b.kind in reclaim.LOSSY)
    for kind, table, column in lists:
        values = {"kind": kind, "name": table, "field": column}
        for id, value in store.rows("reclamation/originals", values, table=table, field=column):
            yield Original(kind, table, column, id, value)


def _line(facts: dict) -> bytes:
    """Facts as a line; an id that is no text stands as base64."""
    if isinstance(facts.get("id"), bytes):
        facts = facts | {"id": {"base64": base64.b64encode(facts["id"]).decode()}}
    return json.dumps(facts, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "surrogateescape")).hexdigest()


def _settle(folder: Path) -> None:
    """The name of a new file is safe once its folder is flushed."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_one(path: Path) -> bool:
    """Whether a file holds original values, by its first line."""
    try:
        return json.loads(next(_lines(path))).get("format") == FORMAT
    except (OSError, StopIteration, ValueError, AttributeError, Refusal):
        return False


def _lines(path: Path) -> Iterator[bytes]:
    """Lines of the file, one in memory at a time; raises `Refusal` 1 where it cannot be decompressed."""
    reader = zstandard.ZstdDecompressor()
    with path.open("rb") as raw, reader.stream_reader(raw, read_across_frames=True) as data:
        rest = bytearray()
        while chunk := _chunk(data, path):
            start = 0
            while (end := chunk.find(b"\n", start)) >= 0:
                rest += chunk[start:end]
                yield bytes(rest)
                rest.clear()
                start = end + 1
            rest += chunk[start:]


def _chunk(data, path: Path) -> bytes:
    try:
        return data.read(1 << 20)
    except zstandard.ZstdError:
        raise _damaged(path) from None


def _damaged(path: Path) -> Refusal:
    return Refusal(f"The export {printable(path, 500)} is cut short or damaged.", FAILED)


def _verified(path: Path) -> tuple[str, int]:
    """The digest and number of values, each held against its own digest; raises `Refusal` 1 if one differs."""
    digest, number = hashlib.sha256(), 0
    for line in _values(path):
        digest.update(line + b"\n")
        _original(line, path)
        number += 1
    return digest.hexdigest(), number


def _values(path: Path) -> Iterator[bytes]:
    """The lines between head and end; raises `Refusal` 1 for a file without an end that fits."""
    digest, number, last = hashlib.sha256(), 0, None
    lines = _lines(path)
    next(lines, None)
    for line in lines:
        if last is not None:
            digest.update(last + b"\n")
            number += 1
            yield last
        last = line
    end = json.loads(last) if last and last.startswith(b'{"values":') else None
    if end != {"values": number, "digest": digest.hexdigest()}:
        raise _damaged(path)


def _original(line: bytes, path: Path) -> Original:
    found = json.loads(line)
    if _digest(found["value"]) != found.pop("digest"):
        raise Refusal(f"The value of {printable(found['id'])} in {printable(path, 500)} is damaged.", FAILED)
    if isinstance(found["id"], dict):
        found["id"] = base64.b64decode(found["id"]["base64"])
    return Original(**found)


def bring_back(store: Store, path: Path) -> Returned:
    """Put every original value back where its row still holds what the reclamation made of it.

    The file is verified whole before the first change. Raises `Refusal` 1 for a damaged file, 3 when it stopped
    with work left: running it again finishes.
    """
    if not path.is_file():
        raise Refusal(f"There is no export at {path}.", BAD_VALUE)
    _verified(path)
    store.run("reclamation/work")
    done = Returned({})
    try:
        for group in _groups(path):
            _put_back(store, group, done)
    except store.on.Error as error:
        let_go(store)
        if not done.rows:
            raise
        raise Refusal(f"Stopped with work left: {cause(store, error)}. Run it again to finish.",
                      UNFINISHED) from None
    return done


def _groups(path: Path) -> Iterator[list[Original]]:
    """Values of one column, as many as a short transaction takes."""
    group: list[Original] = []
    size = 0
    for line in _values(path):
        original = _original(line, path)
        other = group and (original.kind, original.table, original.column) != \
            (group[0].kind, group[0].table, group[0].column)
        if group and (other or len(group) == BATCH_ROWS or size + len(line) > BATCH_BYTES):
            yield group
            group, size = [], 0
        group.append(original)
        size += len(line)
        del line, original  # a row may be as large as all others together
    if group:
        yield group


def _put_back(store: Store, group: list[Original], done: Returned) -> None:
    kind, table, column = group[0].kind, group[0].table, group[0].column
    change = EDITS.get((kind, table, column))
    if change is None or not store.catalog.has(table, column):
        raise Refusal(f"The export holds values of {printable(table)}.{printable(column)}, and this store has no such "
                      "column to put them in.", FAILED)
    number = len(group)
    store.engine_run("begin")
    refuse_migration(store)
    store.run("reclamation/undo_none")
    store.on.write(store.connection, "lc_original", ("id", "value"), _handed_over(group))
    rows = store.run("reclamation/undo", table=table, field=column, edit=change.rule)
    store.engine_run("commit")
    done.rows[table] = done.rows.get(table, 0) + rows
    done.changed += number - rows


def _handed_over(group: list[Original]) -> Iterator[tuple[str | bytes, str]]:
    """Values of a group, each let go of once it is written."""
    while group:
        one = group.pop()
        yield one.id, one.value
