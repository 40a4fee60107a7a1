"""Attachments outside the store: files that were base64 inside rows lie in a folder of ours, each once, by SHA-256.

SQL says which rows and which texts in them (`reclamation/find_attachments`, `attached`); `attachment_files` writes and
reads the files. Of a row nothing but base64 changes, so that it is put together again to the last octet.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from typing import Any

from ..compiler.render import Value
from ..files import flush
from ..pace import TooLong, insist
from ..refusal import FAILED, Refusal
from ..store import Store, text_of
from . import standin
from .attachment_files import Base64Range, as_base64, decoded, digest_of, folder, keep
from .batches import batches
from .kinds import KINDS

TABLES = {edit.table: edit.template for edit in KINDS["attachments"].edits}
STRETCH = 32 * 10**6      # octets of rows that are read at once
ROWS = 4_000
BACK = 4 * 10**6          # octets of rows that a batch puts back
DIGEST = "0" * 64
LARGEST = 4_096           # characters of base64: no stand-in has more
Row = tuple[Any, ...]     # ids, text and what else each function says


@dataclass(frozen=True)
class Piece:
    """What comes in the place of other base64, and the SHA-256 of the file that leaves it or comes back."""

    span: Base64Range
    digest: str
    text: bytes | bytearray


@dataclass
class AttachmentsRestored:
    """What was put back: rows by table, files, octets of rows; digests of files that are missing or were changed; what
    stopped it half way."""

    rows: dict[str, int] = field(default_factory=dict)
    attachments: int = 0
    bytes: int = 0
    missing: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    stopped: str = ""


# --- out of the store ------------------------------------------------------------------------------------------------


def find(store: Store, values: Mapping[str, Value], sliced: bool) -> Counter[str]:
    """Fill the work list of the kind: each row that holds what can be moved, and the octets that this frees. How many
    attachments stay, by reason."""
    store.engine_ready("ready_attached")
    store.run("reclamation/find_attachments", values, sliced=sliced)
    stays: Counter[str] = Counter()
    for table in _there(store):
        for first, last in _stretches(store, table):
            gains = []
            for number, _, text, files in _rows(store, table, first, last):
                gain = sum(p.span.end - p.span.start - len(p.text) for p in _leaving(text, files, stays))
                if gain:
                    gains.append((table, number, gain))
            store.on.write(store.connection, "lc_weighed", ("name", "number", "bytes"), gains)
    store.run("reclamation/weighed")
    return stays


def move_out(store: Store, table: str, first: int, last: int) -> None:
    """Write the files of these rows, flush them and their folders, and leave the rows as they become to the statement
    that changes them. Raises `Refusal` 1 where a file cannot be written; no row was changed then."""
    rows, folders = [], set()
    try:
        for _, id, text, files in _rows(store, table, first, last):
            pieces = list(_leaving(text, files, Counter()))
            for piece in pieces:
                folders.add(keep(text, piece.span, piece.digest))
            if pieces:
                rows.append((id, _with(store, text, pieces)))
        for one in folders:
            flush(one)
    except OSError as error:
        raise Refusal(f"An attachment cannot be written to {folder()} ({error.strerror}); the rows that hold it were "
                      "not changed.", FAILED) from None
    _hand_over(store, rows)


def become(store: Store, table: str) -> None:
    """Leave those rows as they are now that are what moving attachments made of the original values at hand."""
    store.engine_ready("ready_attached")
    now = {text_of(key): (id, text, _standing(text, files))
           for key, id, text, files in _read(store, "reclamation/attached_now", {}, table)}
    made = []
    with store.octets():
        for id, original in store.rows("reclamation/original_values"):
            row = now.get(text_of(id))
            if row and _made_of(original.encode() if isinstance(original, str) else original, *row[1:]):
                made.append((row[0], _with(store, row[1], [])))
    _hand_over(store, made)


def _standing(text: bytes, files: str) -> list[tuple[Base64Range, str]]:
    """Where in a row something stands for an attachment, and for which."""
    spans = [span for span in _spans(text, files, Counter()) if span.end - span.start <= LARGEST]
    return [(span, digest) for span in spans if (digest := _spoken_of(text, span))]


def _made_of(original: bytes, text: bytes, standing: list[tuple[Base64Range, str]]) -> bool:
    """Whether a text is the original but for stand-ins in the places of the files that they speak of."""
    at = origin = 0
    for span, digest in standing:
        if original[origin: origin + span.start - at] != text[at: span.start]:
            return False
        origin += span.start - at
        end = original.find(b'"', origin)
        if digest_of(original, Base64Range(origin, end, span.mime)) not in (digest, digest_of(text, span)):
            return False
        at, origin = span.end, end
    return original[origin:] == text[at:]


def _leaving(text: bytes, files: str | None, stays: Counter[str]) -> Iterator[Piece]:
    """What is moved out of a row, in the order of places: all that is larger than what comes in its place."""
    for span in _spans(text, files, stays):
        stand = standin.stand_in(span.mime, DIGEST)
        if stand is None:
            stays[f"nothing can stand for {span.mime}"] += 1
        elif span.end - span.start > (len(stand) + 2) // 3 * 4:
            digest = digest_of(text, span)
            stand = standin.stand_in(span.mime, digest) if digest else None
            if digest and stand:
                yield Piece(span, digest, base64.b64encode(stand))
            else:
                stays["not plain base64"] += 1


def _spans(text: bytes, files: str | None, stays: Counter[str]) -> Iterator[Base64Range]:
    """Where in a row's text the listed files stand, in order: each between two quotes, as often as it is listed."""
    try:
        wanted = Counter(tuple(one) for one in json.loads(files or "[]"))
    except ValueError:  # MariaDB cuts a list of thousands
        stays["more in one row than can be listed"] += 1
        return iter(())
    found: list[Base64Range] = []
    for (mime, head, size), times in wanted.items():
        starts = list(_starts(text, head.encode("utf-8", "replace"), size))
        named, _, bare = head.partition(",") if mime is None else ("", "", head)
        if len(starts) != times or mime is None and not bare:
            stays["written in another way, or twice in its row"] += times
        elif mime is not None or named.endswith(";base64"):
            kind = (mime if mime is not None else named[5:].partition(";")[0]).lower()
            before = len(head) - len(bare)
            found += [Base64Range(start + before, start + size, kind) for start in starts]
    return iter(sorted(found, key=lambda span: span.start))


def _starts(text: bytes, head: bytes, size: int) -> Iterator[int]:
    """Where a text of that head and size begins; the next quote ends it, which base64 and its URL cannot hold."""
    at = text.find(b'"' + head)
    while at >= 0:
        if text.find(b'"', at + 1, at + 2 + size) == at + 1 + size:
            yield at + 1
        at = text.find(b'"' + head, at + 1)


# --- back into the store ---------------------------------------------------------------------------------------------


def put_back(store: Store, session: str | None, dry_run: bool) -> AttachmentsRestored:
    """Put every file that the folder holds back into its row, of one session or of all; no time stamp moves.

    Each file is held against its SHA-256; one that is missing or was changed is reported, and what stands for it
    stays. Raises `Refusal` 75 while the client moves its sessions.
    """
    store.engine_ready("ready_attached")
    for name in ("work", "work_attachments"):
        store.run(f"reclamation/{name}")
    store.run("reclamation/find_moved", {"session": session})
    done = AttachmentsRestored()
    with nullcontext() if dry_run else store.telling(done):
        for table in _there(store):
            for batch in _coming_back(store, table, done):
                _change(store, table, batch, done, dry_run)
    return done


def _coming_back(store: Store, table: str, done: AttachmentsRestored) -> Iterator[list[Row]]:
    """Number, id and text of rows as they were, as many as a short transaction takes; how much longer each is."""
    batch: list[Row] = []
    size = 0
    for first, last in _stretches(store, table):
        for number, id, text, files in _rows(store, table, first, last):
            pieces = list(_returning(text, files, done))
            grown = sum(len(p.text) - (p.span.end - p.span.start) for p in pieces)
            if batch and (size + len(text) + grown > BACK or len(batch) == ROWS):
                yield batch
                batch, size = [], 0
            if pieces:
                batch.append((number, id, _with(store, text, pieces), grown))
                done.attachments += len(pieces)
                size += len(text) + grown
            del pieces, text  # a row may be as large as all others together
    if batch:
        yield batch


def _returning(text: bytes, files: str, done: AttachmentsRestored) -> Iterator[Piece]:
    """What comes back into a row: the file that each stand-in in it speaks of."""
    for span, digest in _standing(text, files):
        try:
            coded = as_base64(digest)
        except FileNotFoundError:
            done.missing.add(digest)
        except OSError:  # it was changed, or is a folder, a pipe, a link in a circle: no other file waits for it
            done.changed.add(digest)
        else:
            yield Piece(span, digest, coded)
            del coded  # one may be as large as all others together


def _spoken_of(text: bytes, span: Base64Range) -> str | None:
    try:
        return standin.digest_of(span.mime, b"".join(decoded(text, span)))
    except binascii.Error:
        return None


def _change(store: Store, table: str, batch: list[Row], done: AttachmentsRestored, dry_run: bool) -> None:
    """One batch, one transaction; rows that changed since they were read stay."""
    rows = len(batch)
    grown = sum(one[3] for one in batch)
    if not dry_run:
        first, last = batch[0][0], batch[-1][0]
        _hand_over(store, _emptied(batch))
        rows = _in_pieces(store, table, first, last)
    done.rows[table] = done.rows.get(table, 0) + rows
    done.bytes += grown


def _in_pieces(store: Store, table: str, first: int, last: int) -> int:
    """Rows handed over go back in one transaction, or in as many as keep no client waiting; how many did."""
    def change() -> int:
        store.refuse_migration()
        store.run("reclamation/choose_attached", {"first": first, "last": last}, table=table)
        return store.run(TABLES[table])

    if first == last:
        return insist(lambda: store.transacted(change))
    with suppress(TooLong):
        return store.transacted(change)
    middle = (first + last) // 2
    return _in_pieces(store, table, first, middle) + _in_pieces(store, table, middle + 1, last)


# --- rows ------------------------------------------------------------------------------------------------------------


def _there(store: Store) -> Iterator[str]:
    return (table for table in TABLES if store.catalog.has(table, "data"))


def _stretches(store: Store, table: str) -> Iterator[tuple[int, int]]:
    """The rows that were found in ranges that can be read at once."""
    sizes = list(store.rows("reclamation/sizes_attached", {"name": table}))  # other statements come in between
    return ((one[0][0], one[-1][0]) for one in batches(sizes, STRETCH, ROWS))


def _rows(store: Store, table: str, first: int, last: int) -> Iterator[Row]:
    """Number, id, text and list of files of rows that are still what was found; only those with files."""
    return _read(store, "reclamation/attached", {"first": first, "last": last}, table)


def _read(store: Store, template: str, values: Mapping[str, Value], table: str) -> Iterator[Row]:
    """Key, id, text as octets and list of files of a stretch of rows, or of one that is longer."""
    files = {key: found for key, _, found in store.rows(template, values, table=table, content=False)
             if found and found != "[]"}
    if not files:
        return
    with store.octets():
        rows = [row for row in store.rows(template, values, table=table, content=True) if text_of(row[0]) in files]
    rows.reverse()
    while rows:
        key, id, text = rows.pop()
        yield key, id, text.encode() if isinstance(text, str) else text, files[text_of(key)]
        del text  # a row may be as large as all others together


def _with(store: Store, text: bytes, pieces: list[Piece]) -> str | bytearray:
    """A row's text with these pieces in their places, as its engine is handed a text."""
    whole, at = bytearray(), 0
    for piece in pieces:
        whole += memoryview(text)[at: piece.span.start]
        whole += piece.text
        at = piece.span.end
    whole += memoryview(text)[at:]
    return whole if store.path else whole.decode()


def _emptied(batch: list[Row]) -> Iterator[Row]:
    """Id and text of each row, which is let go of once it is handed over."""
    while batch:
        _, id, text, _ = batch.pop()
        yield id, text
        del text


def _hand_over(store: Store, rows: Iterable[Row]) -> None:
    store.run("reclamation/moved_none")
    store.on.write(store.connection, "lc_moved", ("id", "value"), rows)
