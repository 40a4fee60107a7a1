"""Printed statements, kept from run to run: to parse, check, lower and print takes longer than most verbs do.

A file a shape of store, in our cache folder. Its name is a digest of what tells all that the statements are made from:
this package's own code and SQL, the libraries that read and print it, the dialect, and the tables of the store. A file
that is damaged, or that cannot be read or written, is as if it were not there.
"""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import functools
import hashlib
import importlib.util
import json
import os
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .. import files
from ..refusal import Refusal
from . import dialects
from .statements import Statement

SUFFIXES = (".py", ".sql", ".toml", ".txt")
LIBRARIES = ("jinja2", "sqlglot")
SHAPES = 8                # of stores, that a process holds at once
UNUSED = 30 * 86_400      # seconds after which a file that no run asked for is removed


def printed(name: str, dialect: str, structure: Mapping[str, object], modern: bool,
            pretty: bool = True) -> list[Statement]:
    """What `portable.printed` makes of a template: kept, or made now and kept."""
    store, rest = structure.get("store"), {key: value for key, value in structure.items() if key != "store"}
    shelf = _shelf(_digest(code(), dialect, modern, _shape(store)))
    key = _digest(name, pretty, _plain(rest))
    if key not in shelf.statements:
        from .portable import printed as made  # only here: it takes a while to load

        shelf.statements[key] = made(name, dialect, structure, modern, pretty)
        shelf.grown = True
    return shelf.statements[key]


@dataclasses.dataclass
class Shelf:
    """The statements of one shape of store, by key, and their file; `grown`: there are more than the file has."""

    file: Path | None
    statements: dict[str, list[Statement]]
    grown: bool = False


_shelves: dict[str, Shelf] = {}


def _shelf(digest: str) -> Shelf:
    """Where statements for one shape of store are; a process that sees many holds a few."""
    if digest not in _shelves:
        if len(_shelves) == SHAPES:
            _shelves.pop(next(iter(_shelves)))
        _shelves[digest] = _read(digest)
    return _shelves[digest]


@functools.cache
def code() -> str:
    """A digest of the state of all files that statements are made from, whatever the store.

    There are hundreds, so none is read: whoever writes to a file, or puts another in its place, changes its length, its
    times or its number, and the time of a change is the system's own, which nobody sets.
    """
    states = [(one.path, one.stat()) for one in _files(str(dialects.HERE))]
    states += [(name, Path(str(spec.origin)).stat()) for name in LIBRARIES if (spec := importlib.util.find_spec(name))]
    told = sorted((name, one.st_size, one.st_mtime_ns, one.st_ctime_ns, one.st_ino) for name, one in states)
    return hashlib.blake2b(repr((sys.version_info[:2], told)).encode()).hexdigest()


def _files(folder: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(folder) as found:
        for one in found:
            if one.is_dir():
                yield from _files(one.path)
            elif one.name.endswith(SUFFIXES):
                yield one


_last: list[tuple[object, str]] = []


def _shape(store: object) -> str:
    """A digest of a store's tables. The last one is remembered: a verb asks a hundred times for the same, which does
    not change once it is read."""
    if not _last or _last[0][0] is not store:
        _last[:] = [(store, _digest(_plain(store)))]
    return _last[0][1]


def _plain(value: Any) -> Any:
    """A structure in JSON's words; raises `TypeError` for one that has none, which nobody may take for another."""
    if dataclasses.is_dataclass(value):
        return [type(value).__name__, *(_plain(getattr(value, field.name)) for field in dataclasses.fields(value))]
    if isinstance(value, Mapping):
        return [[key, _plain(one)] for key, one in value.items()]
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} cannot be told apart from another of its kind")


def _digest(*facts: object) -> str:
    return hashlib.blake2b(json.dumps(facts).encode(), digest_size=16).hexdigest()


# --- the files -------------------------------------------------------------------------------------------------------


def _read(digest: str) -> Shelf:
    file = None
    with contextlib.suppress(OSError, ValueError, Refusal):
        file = files.place("cache", digest)
        said, _, body = file.read_text().partition("\n")
        if said == _digest(body):
            os.utime(file)
            return Shelf(file, {key: [Statement(*one) for one in statements]
                                for key, statements in json.loads(body).items()})
    return Shelf(file, {})


@atexit.register
def keep() -> None:
    """Write what grew, whole, in the place of the file before; of two runs at once, one keeps what it made."""
    for shelf in _shelves.values():
        if shelf.file and shelf.grown:
            with contextlib.suppress(OSError, ValueError, Refusal):
                _write(shelf.file, shelf.statements)
                shelf.grown = False


def _write(file: Path, statements: dict[str, list[Statement]]) -> None:
    body = json.dumps({key: [(one.sql, one.comment) for one in found] for key, found in statements.items()})
    files.home("cache")
    part = file.with_name(f"{file.name}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(f"{_digest(body)}\n{body}")
    part.replace(file)
    for old in file.parent.iterdir():
        if old.stat().st_mtime < time.time() - UNUSED:
            old.unlink()
