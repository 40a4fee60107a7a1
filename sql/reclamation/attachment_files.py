"""The folder in which attachments lie, each once by its SHA-256, and the base64 that they are inside rows.

Only what comes out of base64 exactly as it went in is ever taken for an attachment.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..files import flush, home, place, regular, unflushed
from ..refusal import Refusal

CHUNK = 3 << 20           # octets encoded at once: a multiple of three
TEXT = CHUNK // 3 * 4


@dataclass(frozen=True)
class Base64Range:
    """Base64 inside a row's text, and the media type of what it holds."""

    start: int
    end: int
    mime: str


def folder() -> Path:
    """Where files are kept: `ab/abcd...`, 0600 in folders of 0700."""
    return place("data", "attachments")


def path_of(digest: str) -> Path:
    """The file of an attachment, by the SHA-256 of its content."""
    return folder() / digest[:2] / digest


def digest_of(text: bytes, span: Base64Range) -> str | None:
    """The SHA-256 of what stands there; None for base64 that would not come out the same again."""
    found = hashlib.sha256()
    try:
        for piece in decoded(text, span):
            found.update(piece)
    except binascii.Error:
        return None
    return found.hexdigest()


def decoded(text: bytes, span: Base64Range) -> Iterator[bytes]:
    """The file that stands there, piece by piece; raises `binascii.Error` for any other base64 than the canonical."""
    view = memoryview(text)
    for start in range(span.start, span.end, TEXT):
        coded = view[start: min(start + TEXT, span.end)]
        content = base64.b64decode(coded, validate=True)
        whole = len(content) == CHUNK or start + TEXT >= span.end
        if not whole or base64.b64encode(content) != coded:
            raise binascii.Error
        yield content


def keep(text: bytes, span: Base64Range, digest: str) -> Path:
    """Have the file of that digest whole on the disk: one that is there is flushed, one that was cut short is written
    anew. Its folder, which is still to be flushed. Raises `OSError` or `Refusal` where it cannot be written."""
    path = path_of(digest)
    if _hash(path) == digest:
        flush(path)
    else:
        _write(text, span, path)
    return path.parent


def _write(text: bytes, span: Base64Range, path: Path) -> None:
    home("data", "attachments", path.parent.name)
    if os.path.lexists(path):  # cut short or changed: kept, as there may be no other
        path.rename(path.with_name(f"{path.name}.{secrets.token_hex(4)}.damaged"))
    try:
        with unflushed(path, "The attachment") as file:
            for content in decoded(text, span):
                file.write(content)
    except Refusal:
        if _hash(path) != path.name:  # else the run of another store was quicker, and has the same
            raise
        flush(path)


def _hash(path: Path) -> str | None:
    """The SHA-256 of a file; None where there is none that can be read."""
    try:
        with regular(path) as file:
            found = hashlib.sha256()
            while content := file.read(CHUNK):
                found.update(content)
    except OSError:
        return None
    return found.hexdigest()


def as_base64(digest: str) -> bytearray:
    """A file as base64, once it is known to be what it was. Raises `FileNotFoundError` where it is missing, another
    `OSError` where it was changed, or where something else has its name."""
    found, coded = hashlib.sha256(), bytearray()
    with regular(path_of(digest)) as file:
        while content := file.read(CHUNK):
            found.update(content)
            coded += base64.b64encode(content)
    if found.hexdigest() != digest:
        raise OSError(f"{path_of(digest)} is not what it was")
    return coded
