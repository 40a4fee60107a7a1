"""Damage to exports, plans and originals: octets, values, and contents whose seals are made right again."""

import hashlib
import json
import re
from collections import Counter

import zstandard
from opencode_lifecycle.sql.cascade import plan_file as script
from opencode_lifecycle.sql.reclamation import originals_file as valuefile

TOKEN = re.compile(rb'"(?:[^"\\\n]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null')
WRONG = (b"null", b"[]", b"{}", b"[1]", b'{"a":[]}', b"-1", b"0", b"1.5", b"1" + b"0" * 30, b"1" * 5_000, b'"abc"',
         b"true", b"NaN", b"Infinity", b"[" * 5_000, b"[" * 500 + b"]" * 500, b'"\\ud800"', b'"\\u0000"', b'""',
         b"\xff", b"2147483647", b"9223372036854775808", b'{"base64":"!"}', b'{"base64":5}', b'{"base64":"YQ"}')
TABLES = ("credential", "account", "permission", "migration", "project", "session", "message", "part", "todo", "event",
          "event_sequence", "sqlite_master", "kv", "session_message", "session_v2", "lc_queue", "none")
NAMES = ("id", "session_id", "message_id", "project_id", "aggregate_id", "data", "seq", "position", "row", "octets",
         "time_created", "title", "none", "commands", "parent_id", "rows", "unit", "session", "format", "base64")
OTHERS = ("ses_0001_a", "msg_ses_0001_a", "prt_ses_0001_a_0", "ses_0000_b", "msg_ses_0000_b", "global", "")
OWNED = {"session": "id", "message": "session_id", "part": "session_id", "todo": "session_id",
         "event": "aggregate_id", "event_sequence": "aggregate_id"}


# --- damage --------------------------------------------------------------------------------------


def flipped(dice, text):
    at = dice.randrange(len(text))
    return text[:at] + bytes([text[at] ^ 1 << dice.randrange(8)]) + text[at + 1:]


def cut(dice, text):
    return text[:dice.randrange(len(text))]


def lines_moved(dice, text):
    lines = text.split(b"\n")
    one, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    how = dice.randrange(4)
    if how == 0:
        lines[one], lines[other] = lines[other], lines[one]
    elif how == 1:
        del lines[one]
    elif how == 2:
        lines.insert(other, lines[one])
    else:
        lines.insert(other, lines.pop(one))
    return b"\n".join(lines)


def replaced(dice, text, pattern, choose):
    """One of the places of a pattern, in a line of which every line is as likely as any other, is something else."""
    lines = text.split(b"\n")
    for _ in range(20):
        at = dice.randrange(len(lines))
        found = list(pattern.finditer(lines[at]))
        if found:
            one = dice.choice(found)
            lines[at] = lines[at][:one.start()] + choose(one[0]) + lines[at][one.end():]
            break
    return b"\n".join(lines)


def mistyped(dice, text):
    return replaced(dice, text, TOKEN, lambda _: dice.choice(WRONG))


def renamed(dice, text):
    names = dice.choice((TABLES, NAMES, OTHERS))
    return replaced(dice, text, re.compile(rb'"(?:[^"\\\n]|\\.)*"'), lambda _: json.dumps(dice.choice(names)).encode())


def of_another(dice, text):
    """An id of the file's own becomes that of another row, here or everywhere."""
    found = re.findall(rb"(?:ses|msg|prt)_[0-9a-z_]+", text)
    if not found:
        return mistyped(dice, text)
    own, other = dice.choice(found), dice.choice(OTHERS).encode()
    if dice.randrange(2):
        return text.replace(own, other)
    return replaced(dice, text, re.compile(re.escape(own)), lambda _: other)


DAMAGE = (flipped, cut, lines_moved, mistyped, mistyped, mistyped, renamed, renamed, of_another)


def damaged(dice, text):
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        text = dice.choice(DAMAGE)(dice, text) or b" "
    return text


def packed(dice, path, text):
    """Written plain or packed, and now and then damaged after that."""
    if dice.randrange(4) == 0:
        text = zstandard.ZstdCompressor(level=1, write_checksum=bool(dice.randrange(2))).compress(text)
        if dice.randrange(4) == 0:
            text = dice.choice((flipped, cut))(dice, text)
    path.write_bytes(text)


# --- seals that are right again ------------------------------------------------------------------


def sealed_export(text):
    """Every element with the rows that it holds and the digest that belongs to it."""
    out, digest, counts, table = [], hashlib.sha256(), Counter(), None
    for line in text.split(b"\n"):
        if header := re.fullmatch(rb'("(?:[^"\\]|\\.)*"):\[', line):
            table = header[1]
        if line.startswith(b'{"row":') and table:
            counts[table] += 1
        for name, start in (("message", b'{"info":{"lifecycle"'), ("part", b'{"lifecycle":{"row"')):
            if line.startswith(start):
                counts[b'"%s"' % name.encode()] += 1
        if seal := re.fullmatch(rb'(?s)("seal":.*"digest":")[^"]*("\}\},?)', line):
            rows = b",".join(b"%s:%d" % one for one in counts.items() if one[1])
            head = re.sub(rb'"rows":\{[^{}]*\}', lambda _: b'"rows":{' + rows + b"}", seal[1], count=1)  # noqa: B023
            digest.update(head)
            out.append(head + digest.hexdigest().encode() + seal[2])
            digest, counts, table = hashlib.sha256(seal[2] + b"\n"), Counter(), None
        else:
            digest.update(line + b"\n")
            out.append(line)
    return b"\n".join(out)


def sealed_plan(text):
    """A plan with the marks of its list and the digest that belongs to it."""
    digest, out = hashlib.sha256(), []
    lines = text.split(b"\n")
    listed = [line for line in lines if re.match(rb"INSERT INTO lc_(planned|slice) ", line)]
    marks, most = [hashlib.sha256(one).hexdigest()[:8].encode() for one in listed], script.MARKS_A_LINE
    for line in lines:
        if line.startswith(script.MARKS.encode()):
            line, marks = script.MARKS.encode() + b" ".join(marks[:most]), marks[most:]
        if line.startswith(b"-- Digest: "):
            line = b"-- Digest: " + digest.hexdigest().encode()
        elif line not in listed:
            digest.update(line + b"\n")
        out.append(line)
    return b"\n".join(out)


def values_of(path):
    """The head of an originals file, and of each value its facts and octets."""
    lines = zstandard.ZstdDecompressor().decompressobj().decompress(path.read_bytes())
    head, _, rest = lines.partition(b"\n")
    found = []
    while not rest.startswith(valuefile.END):
        line, _, rest = rest.partition(b"\n")
        size = json.loads(line)["octets"]
        found.append((line, rest[:size]))
        rest = rest[size + 1:]
    return head, found


def originals_text(head, values, seal=True):
    """An originals file unpacked; with `seal` all digests and lengths are right."""
    chain, out = hashlib.sha256(), [head + b"\n"]
    for line, value in values:
        if seal:
            line = re.sub(rb'"digest":"[^"]*"', b'"digest":"%s"' % hashlib.sha256(value).hexdigest().encode(), line)
            line = re.sub(rb'"octets":\d+', b'"octets":%d' % len(value), line)
        chain.update(line + b"\n")
        out.append(line + b"\n" + value + b"\n")
    return b"".join(out) + b'{"values":%d,"digest":"%s"}\n' % (len(values), chain.hexdigest().encode())


def damaged_originals(dice, head, values):
    if dice.randrange(5) == 0:
        return damaged(dice, originals_text(head, values))
    values = list(values)
    for _ in range(dice.choice((1, 1, 2, 4))):
        at = dice.randrange(len(values))
        line, value = values[at]
        how = dice.randrange(7)
        if how < 3:
            values[at] = dice.choice((mistyped, renamed, of_another))(dice, line).replace(b"\n", b" "), value
        elif how < 5:
            values[at] = line, dice.choice(DAMAGE)(dice, value or b" ")
        elif how == 5:
            values.insert(dice.randrange(len(values)), values.pop(at))
        elif len(values) > 1:
            values[at:at + 1] = dice.choice(([], [values[at]] * 2))
    return originals_text(head, values, bool(dice.randrange(8)))
