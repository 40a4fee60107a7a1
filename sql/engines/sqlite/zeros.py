"""Zeros as a text that takes no memory: to be put into a row, and written over in slices.

SQLite knows a BLOB of zeros that is nowhere, and no such text: `CAST(ZEROBLOB(n) AS TEXT)` is in memory beside the
record that is made of it. What a function in Python gives is copied. So SQLite's own interface is asked for a function
that gives a mapping which nobody writes to: Linux keeps a single page of it.
"""

from __future__ import annotations

import ctypes
import mmap
import sys
from typing import Any

from .library import FileConnection, own_module, sqlite3

NAME = b"lc_zeros"
UTF8 = 1
OPENED = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)
CALLED = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(ctypes.c_void_p))


class Zeros:
    """The function `lc_zeros` of a connection; `made` is whether it is there."""

    def __init__(self, connection: FileConnection):
        self._mappings: list[mmap.mmap] = []
        self._call = CALLED(self._answer)  # kept for as long as the connection may call it
        self.made = False
        try:
            self._library = ctypes.CDLL(getattr(own_module, "__file__", None))
            self._flags = mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS
            handle = _handle(self._library, connection)
            self.made = handle is not None and self._library.sqlite3_create_function_v2(
                ctypes.c_void_p(handle), NAME, 1, UTF8, None, self._call, None, None, None) == 0
        except (OSError, AttributeError):  # no interface that is in reach, or no such mappings
            pass

    def _answer(self, context: int, _: int, values: Any) -> None:
        library = self._library
        library.sqlite3_value_int64.restype = ctypes.c_int64
        octets: int = library.sqlite3_value_int64(ctypes.c_void_p(values[0]))
        try:
            mapping = mmap.mmap(-1, octets + 1, flags=self._flags)
        except (OSError, ValueError, OverflowError):
            library.sqlite3_result_error_nomem(ctypes.c_void_p(context))
            return
        self._mappings.append(mapping)
        start = ctypes.addressof(ctypes.c_char.from_buffer(mapping))
        library.sqlite3_result_text64(ctypes.c_void_p(context), ctypes.c_void_p(start), ctypes.c_uint64(octets), None,
                                      ctypes.c_ubyte(UTF8))

    def let_go(self) -> None:
        """Once the statement is done that asked for zeros."""
        self._mappings.clear()


def of(connection: FileConnection) -> Zeros:
    """The function of a connection, made when it is first needed."""
    if connection.zeros is None:
        connection.zeros = Zeros(connection)
    found: Zeros = connection.zeros
    return found


def _handle(library: ctypes.CDLL, connection: FileConnection) -> int | None:
    """SQLite's own handle of a connection; None where it cannot be known for certain.

    The module keeps it in its object, at a place that is first shown to be right: another connection is opened, of
    which SQLite itself tells the handle.
    """
    if sys.implementation.name != "cpython":
        return None
    told: list[int] = []

    def opened(handle: int, *_: int) -> int:
        told.append(handle)
        return 0

    call = OPENED(opened)
    library.sqlite3_auto_extension(call)
    try:
        probe = sqlite3.connect(":memory:")
    finally:
        library.sqlite3_cancel_auto_extension(call)
    known = told == [_kept(probe)]
    probe.close()
    return _kept(connection) if known else None


def _kept(connection: Any) -> int | None:
    """What a connection's object begins with."""
    return ctypes.c_void_p.from_address(id(connection) + object.__basicsize__).value
