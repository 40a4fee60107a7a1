"""The export format: a JSON array of sessions, each of which the client can import, and from each of which every row
can be had again as it was stored.

    [
    {"lifecycle":{"format":1, ..., "rows":{"session":[ROW, ...], "todo":[ROW, ...], ...}},
    "info":{...},
    "messages":[{"info":ITEM,"parts":[ITEM, ...]}, ...],
    "seal":{"rows":{"part":9, ...},"importable":true,"lost":[],"digest":"..."}},
    ...
    ]

A ROW is `{"row":{...},"octets":{...},"json":{...}}`: `row` has the plain values, a column that is NULL as null, a
column that the store does not have not at all. A JSON text stands in `json` once, as it is, after a line break;
`octets` says how long it is, so that a reader takes it without looking into it. What is no JSON where JSON belongs,
no UTF-8, a BLOB, or holds a NUL stands there as `{"base64":"...","type":"text"}`.
An ITEM, a message or a part, is its own JSON object with `lifecycle` (its ROW) before its members and the client's
keys after them; `merged` says how long the members are.
"""

from __future__ import annotations

import base64
import codecs
import functools
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from json.encoder import encode_basestring as quote
from operator import itemgetter
from types import NoneType
from typing import Any

from ..catalog import Owned
from .huge import BASE64, MARK, HugeValue, apart

FORMAT = 1
LONGEST = 1 << 31         # octets that no text reaches in any engine; half of it in SQLite, twice that as base64
PLAIN = 1 << 16           # a longer text stands apart from the row
MEMBERS = re.compile(rb'\{[ \t\r\n]*"')
ITEM = b'{"lifecycle":'
DECODED = 1 << 14       # octets looked at at once
CHUNK = 3 << 20           # octets turned into base64 at once; a multiple of three
MARKS = {int: "%d", bytearray: '"%b"', NoneType: "null"}     # in a format, by the type of a value
STORED = frozenset((int, str, float, NoneType))  # types that JSON says as they are
UNMARKED = bytes(range(0x20, 0x7F)).translate(None, b'"\\')
Value = Any  # of a cell: int, float, str, bytes, bytearray or None; each place looks which
dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def encoder(table: Owned, merging: bool = False,
            unsound: Callable[[], object] = lambda: None) -> Callable[..., list[Any]]:
    """A function that turns a table's row into the pieces of a ROW.

    It calls `unsound` for each row that the client could not import.
    The row's last values say whether each JSON column holds JSON. With `merging` the pieces are an ITEM: the JSON
    object in `data` becomes its members, and the client's own keys, the second argument, count because they come last.
    """
    usual = functools.lru_cache(256)(lambda kinds: _usual(table, kinds, merging))
    closely = _closely(table, merging)

    def encode(row: Sequence[Value], keys: bytes = b"") -> list[Any]:
        shape = usual(tuple(map(type, row)))
        pieces = shape(row, keys) if shape else None
        if pieces:
            return pieces
        pieces, sound = closely(row, keys)
        if not sound:
            unsound()
        return pieces

    return encode


Shape = Callable[[Sequence[Value], bytes], list[Any] | None]


def _usual(table: Owned, kinds: tuple[type, ...], merging: bool) -> Shape | None:
    """For rows of these types: a function that fills in one format, and gives None for a row to be looked at closely.

    Nearly all rows are numbers, NULL, short plain texts and at most one JSON text. None for types that are not.
    """
    there = [at for at in range(len(table.columns)) if kinds[at] is not NoneType]
    apart = [at for at in there if table.columns[at] in table.bytes]
    beside = [at for at in there if at not in apart]
    usual = len(apart) < 2 <= len(beside) and all(kinds[at] is bytearray for at in apart)
    if not usual or any(kinds[at] not in MARKS for at in beside):
        return None
    if merging and [table.columns[at] for at in apart] != ["data"]:
        return None
    shown = {at: quote(column).replace("%", "%%") for at, column in enumerate(table.columns)}
    row = ",".join(f"{shown[at]}:{MARKS[kinds[at]]}" for at in shown if at not in apart)
    pick, blank = itemgetter(*beside), tuple(0 if kinds[at] is int else b"" for at in beside)
    if not apart:
        return _all_beside(f'{{"row":{{{row}}}}}'.encode(), pick, blank)
    said = len(table.columns) + table.bytes.index(table.columns[apart[0]])
    if merging:
        return _as_members(f'{{"lifecycle":{{"row":{{{row}}},"merged":%d}},\n'.encode(), pick, blank, apart[0], said)
    name = shown[apart[0]]
    form = f'{{"row":{{{row}}},"octets":{{{name}:%d}},"json":{{{name}:\n'.encode()
    return _one_apart(form, pick, blank, apart[0], said)


def _all_beside(form: bytes, pick: Callable[..., Any], blank: tuple[Any, ...]) -> Shape:
    marked = _marked(form % blank)

    def fill(row: Sequence[Value], keys: bytes) -> list[Any] | None:
        head = form % pick(row)
        return [head] if _fits(head, marked) else None

    return fill


def _one_apart(form: bytes, pick: Callable[..., Any], blank: tuple[Any, ...], at: int, said: int) -> Shape:
    marked = _marked(form % (*blank, 0))

    def fill(row: Sequence[Value], keys: bytes) -> list[Any] | None:
        text = row[at]
        head = form % (*pick(row), len(text))
        if row[said] == 1 and _fits(head, marked) and _clean(text) and not text.startswith(BASE64):
            return [head, text, b"\n}}"]
        return None

    return fill


def _as_members(form: bytes, pick: Callable[..., Any], blank: tuple[Any, ...], at: int, said: int) -> Shape:
    marked = _marked(form % (*blank, 0))

    def fill(row: Sequence[Value], keys: bytes) -> list[Any] | None:
        text = row[at]
        head = form % (*pick(row), len(text) - 2)
        if row[said] == 1 and _fits(head, marked) and _mergeable(text) and _clean(text):
            return [head, memoryview(text)[1:-1], b"\n,", keys, b"}"]
        return None

    return fill


def _marked(head: bytes) -> bytes:
    """What of a head does not stand for itself inside a JSON text: its own quotes and line breaks, if all is plain."""
    return head.translate(None, UNMARKED)


def _fits(head: bytes, marked: bytes) -> bool:
    """Whether the texts put into a format are plain, short, and none begins as JSON that would stand apart does."""
    return (head.translate(None, UNMARKED) == marked and len(head) < PLAIN
            and b':"{' not in head and b':"[' not in head)


def _closely(table: Owned, merging: bool) -> Callable[[Sequence[Value], bytes], tuple[list[Any], bool]]:
    """What `encoder` gives, for any row."""
    names = [quote(column) for column in table.columns]
    sound_at = {table.columns.index(column): len(names) + at for at, column in enumerate(table.bytes)}
    data = table.columns.index("data") if merging and "data" in table.columns else -1

    def encode(row: Sequence[Value], keys: bytes) -> tuple[list[Any], bool]:
        plain, spans, merged, sound = [], [], None, True
        for at, name in enumerate(names):
            value = row[at]
            kind = type(value)
            if kind is int or kind is bool:
                plain.append(f"{name}:{value:d}")
            elif value is None:
                plain.append(f"{name}:null")
            elif kind is bytearray and at not in sound_at and (said := _short(value)):
                plain.append(name + ":" + said)
            elif kind is float:
                plain.append(f"{name}:{_real(value)}")
            else:
                text: Any = bytearray(value.encode("utf-8", "surrogateescape")) if kind is str else value
                said = row[sound_at[at]] if at in sound_at else None
                if at == data and said == 1 and _mergeable(text) and _clean(text):
                    merged = text.octets.part(1, 1) if kind is HugeValue else memoryview(text)[1:-1]
                    continue
                shown, span, fine = _text(text, at in sound_at, said)
                sound = sound and fine
                if span is None:
                    plain.append(f"{name}:{shown}")
                else:
                    spans.append((name, span))
        if data >= 0 and merged is None:
            sound = False
        head = '{"row":{' + ",".join(plain) + "}"
        if spans:
            head += ',"octets":{' + ",".join(f"{n}:{sum(map(len, s))}" for n, s in spans) + "}"
        if merged is not None:
            head += f',"merged":{len(merged)}'
        row = [head.encode(), *_apart(spans)]
        return (_item(row, merged, keys) if merging else row), sound

    return encode


def _apart(spans: list[tuple[str, list[Any]]]) -> list[Any]:
    """The end of a ROW: the texts that stand apart."""
    if not spans:
        return [b"}"]
    found, opening = [], ',"json":{'
    for name, span in spans:
        found += [f"{opening}{name}:\n".encode(), *span, b"\n"]
        opening = ","
    return [*found, b"}}"]


def _item(row: list[Any], merged: Any, keys: bytes) -> list[Any]:
    if merged is None:
        return [ITEM, *row, b",", keys, b"}"]
    return [ITEM, *row, b",\n", merged, b"\n,", keys, b"}"]


def _short(text: bytearray) -> str | None:
    """A short plain text in quotes, by far the most frequent value; None for what needs a closer look."""
    if len(text) > 256 or not text.isascii() or text.startswith((b"{", b"[")) or 0 in text:
        return None
    return quote(text.decode())


def _real(value: float) -> str:
    return repr(value) if math.isfinite(value) else f'{{"real":"{value}"}}'


def _text(value: Any, is_json: bool, said: int | None) -> tuple[str, list[Any] | None, bool]:
    """A text or BLOB: how it stands in the row, or the pieces that stand apart; and whether it is sound."""
    if type(value) is HugeValue:
        return "", *apart(value, is_json)
    if type(value) is bytes:
        return "", _base64(value, "blob"), False
    if not _clean(value):
        return "", _base64(value, "text"), False
    if is_json or value[:1] in (b"{", b"["):
        valid = said == 1 if said is not None else is_valid(value)
        if valid and not value.startswith(BASE64):
            return "", [value], True
        if is_json:
            return "", _base64(value, "text"), valid
    if len(value) > PLAIN:
        return "", _base64(value, "text"), True
    return quote(value.decode()), None, True


def _mergeable(text: Any) -> bool:
    """An object with members and nothing around it."""
    if type(text) is HugeValue:
        return text.is_text and text.tail == b"}" and bool(MEMBERS.match(text.head))
    return type(text) is bytearray and text.endswith(b"}") and bool(MEMBERS.match(text))


def _clean(text: Any) -> bool:
    """UTF-8 without NUL."""
    if type(text) is HugeValue:
        return text.clean
    if text.isascii():
        return 0 not in text
    if 0 in text:
        return False
    view, at = memoryview(text), 0
    try:
        while at < len(view):  # a few at a time: what they become stays in the processor
            at += codecs.utf_8_decode(view[at:at + DECODED], "strict", at + DECODED >= len(view))[1]
    except UnicodeDecodeError:
        return False
    return True


def _base64(value: bytes | bytearray, kind: str) -> list[Any]:
    view = memoryview(value)
    coded = [base64.b64encode(view[start:start + CHUNK]) for start in range(0, len(view), CHUNK)]
    return [BASE64, *coded, MARK % kind.encode()]


def _refuse(constant: str) -> None:
    raise ValueError(constant)


_strict = json.JSONDecoder(parse_constant=_refuse).decode


def is_valid(text: bytes | bytearray) -> bool:
    """Whether a text is JSON by its grammar."""
    try:
        _strict(text.decode())
    except (ValueError, RecursionError):
        return False
    return True


def plain(row: dict[str, Any]) -> dict[str, Value]:
    """The plain values of a ROW as they are stored."""
    if STORED.issuperset(map(type, row.values())):
        return row
    return {name: _plain(value) if type(value) in (dict, list, bool) else value for name, value in row.items()}


def _plain(value: object) -> float:
    if type(value) is not dict or list(value) != ["real"] or value["real"] not in ("inf", "-inf"):
        raise ValueError("no value of a column")
    return float(value["real"])


def info(row: Mapping[str, Value]) -> str:
    """What the client calls a session's info, from its row (session or session_v2)."""
    get = row.get
    times = {"created": get("time_created"), "updated": get("time_updated"),
             "compacting": get("time_compacting"), "archived": get("time_archived")}
    counts = [get(f"summary_{name}") for name in ("additions", "deletions", "files")]
    summary = None
    if any(count is not None for count in counts):
        summary = dict(zip(("additions", "deletions", "files"), (count or 0 for count in counts), strict=True))
        summary |= {"diffs": _parsed(get("summary_diffs"))}
    cost = {} if "cost" not in row else {
        "cost": get("cost") or 0,
        "tokens": {"input": get("tokens_input") or 0, "output": get("tokens_output") or 0,
                   "reasoning": get("tokens_reasoning") or 0,
                   "cache": {"read": get("tokens_cache_read") or 0, "write": get("tokens_cache_write") or 0}}}
    found = {
        "id": get("id"), "slug": get("slug"), "projectID": get("project_id"), "workspaceID": get("workspace_id"),
        "directory": get("directory"), "path": get("path"), "parentID": get("parent_id"), "title": get("title"),
        "agent": get("agent"), "model": _parsed(get("model")), "version": get("version"),
        "summary": summary, **cost, "share": {"url": get("share_url")} if get("share_url") else None,
        "metadata": _parsed(get("metadata")), "revert": _parsed(get("revert")),
        "permission": _parsed(get("permission")), "time": times,
    }
    return dumps(_known(found))


def _known(found: object) -> object:
    """Without what is not there: the client refuses null where a key may be missing. Texts become UTF-8."""
    if isinstance(found, dict):
        return {key: _known(value) for key, value in found.items() if value is not None}
    return found.decode("utf-8", "replace") if isinstance(found, (bytes, bytearray)) else found


def _parsed(text: Value) -> object:
    try:
        return json.loads(text) if text else None
    except (ValueError, TypeError, RecursionError):
        return None


MERGED = re.compile(r',"merged":(\d{1,10})')


def take_apart(head: str, start: int) -> tuple[dict[str, Any], dict[str, Any], int | None, str]:
    """Of a ROW's first line from `start`: its values, the lengths of its texts, of its members, and the rest.

    Raises `ValueError` for what is no ROW.
    """
    opening = '{"row":'
    if not head.startswith(opening, start):
        raise ValueError("a row is expected")
    row, at = _raw(head, start + len(opening))
    octets: dict[str, Any] = {}
    if head.startswith(',"octets":', at):
        octets, at = _raw(head, at + 10)
    merged = MERGED.match(head, at)
    if merged:
        at = merged.end()
    return row, octets, int(merged[1]) if merged else None, head[at:]


def _once(pairs: list[tuple[str, object]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key comes twice")
    return found


_decoder = json.JSONDecoder(parse_constant=_refuse, object_pairs_hook=_once)
_raw: Callable[[str, int], tuple[dict[str, Any], int]] = _decoder.raw_decode
strictly = _decoder.decode  # JSON by its grammar, no key twice; `ValueError` and `RecursionError` for anything else


def spans(octets: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Names and lengths, checked: `ValueError` for a length that no row has."""
    for name, size in octets.items():
        if type(size) is not int or not 0 <= size < LONGEST:
            raise ValueError("a length that no text has")
        yield name, size
