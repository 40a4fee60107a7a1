"""Living inside OpenCode's client: our plugin's files, and the entry of each in a file of the user's.

What was written is remembered by its digest, so that a removal takes exactly that, and leaves what was changed since.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import files
from ..refusal import BAD_VALUE, FAILED, Refusal
from ..words import printable
from . import jsonc

HERE = Path(__file__).parent / "client"
FILES = ("once.js", "facts.js", "tui.js", "server.js", "package.json")
RECORD = "installed.json"
HEAD = "// Written by opencode-lifecycle; the client reads it beside tui.json. `install --remove` takes it out again.\n"
TUI, SERVER = "tui.js", "server.js"
NAMES = {TUI: ("tui.jsonc",), SERVER: ("opencode.jsonc", "opencode.json")}
LARGEST = 1 << 20  # octets of a file of the client's that is read here

Options = dict[str, Any]


@dataclass
class Installation:
    """What an installation or a removal did: files that changed, files that stay as they were, what is left and why."""

    folder: Path
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def facts(self) -> dict[str, Any]:
        return {"folder": str(self.folder), "changed": self.changed, "same": self.same, "left": self.left}


def folder() -> Path:
    """Where the plugin's files lie."""
    return files.place("data", "client")


def client_config() -> Path:
    """The client's folder of configuration: by XDG rules on every system."""
    named = os.environ.get("XDG_CONFIG_HOME")
    return (Path(named) if named else Path.home() / ".config") / "opencode"


def install(options: Options, server: bool) -> Installation:
    """Write the plugin's files and list the plugin in the client's configuration; `server` lists the other one too.

    Nothing is written twice. Raises `Refusal`: 64 for a file of the client's that cannot be read as JSON with
    comments, 1 for a file of ours that was changed by hand, or one that cannot be written.
    """
    done, place = Installation(folder()), files.home("data", "client")
    known = _record()
    names = (TUI, SERVER) if server else (TUI,)
    entries = {name: _entry(name, options) for name in names}
    targets = {name: _target(name) for name in names}
    for name in names:  # every refusal comes before the first change
        _listed(_read(targets[name]), name, entries[name], targets[name])
    for name in FILES:
        _write_ours(place / name, (HERE / name).read_bytes(), known["files"], done)
    _keep(known)
    for name in names:
        _list(name, entries[name], targets[name], known, done)
    return done


def remove() -> Installation:
    """Take out what `install` wrote: entries, files that hold what was written, and the folder. Raises `Refusal`."""
    done, known = Installation(folder()), _record()
    found = {name: path for name in NAMES for path in _where(name, known)}
    for name, path in found.items():
        _unlist(name, path, known, done)
    for name in (*FILES, *(name for name in known["files"] if name not in FILES)):
        path = done.folder / name
        if not os.path.lexists(path):
            continue
        if _digest(path.read_bytes()) in (known["files"].get(name), _shipped(name)):
            path.unlink()
            done.changed.append(str(path))
        else:
            done.left.append(f"{printable(path, 500)} was changed since it was installed")
    (done.folder / RECORD).unlink(missing_ok=True)
    if done.folder.is_dir() and not any(done.folder.iterdir()):
        done.folder.rmdir()
    return done


# --- our own files ---------------------------------------------------------------------------------------------------


def _write_ours(path: Path, content: bytes, known: dict[str, str], done: Installation) -> None:
    there = path.read_bytes() if path.exists() else None
    if there == content:
        done.same.append(str(path))
    elif there is not None and _digest(there) != known.get(path.name):
        raise Refusal(f"{printable(path, 500)} is not what was installed; move it away and run it again.", FAILED)
    else:
        files.put(path, content)
        done.changed.append(str(path))
    known[path.name] = _digest(content)


def _record() -> dict[str, Any]:
    """Digests of our files by name; by the name of each entry, the file that has it and what was made for it."""
    try:
        found = json.loads((folder() / RECORD).read_bytes())
        return {"files": dict(found["files"]), "entries": dict(found["entries"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {"files": {}, "entries": {}}


def _keep(known: dict[str, Any]) -> None:
    files.put(folder() / RECORD, (json.dumps(known, indent=2) + "\n").encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _shipped(name: str) -> str | None:
    return _digest((HERE / name).read_bytes()) if name in FILES else None


# --- the client's files ----------------------------------------------------------------------------------------------


def _entry(name: str, options: Options) -> str:
    return f"[{json.dumps(str(folder() / name))}, {json.dumps(options)}]"


def _target(name: str) -> Path:
    """The file that takes the entry: the first that is there, else the first."""
    paths = [client_config() / one for one in NAMES[name]]
    return next((path for path in paths if os.path.lexists(path)), paths[0])


def _where(name: str, known: dict[str, Any]) -> list[Path]:
    """Every file that may hold an entry: the one that was written, and those of the client's folder."""
    kept = known["entries"].get(name, {}).get("file")
    paths = [Path(kept)] if kept else []
    paths += [client_config() / one for one in NAMES[name]]
    return [path for path in dict.fromkeys(paths) if _holds(path, name)][:1]


def _holds(path: Path, name: str) -> bool:
    """Whether a file lists ours; where it cannot be read as JSON with comments, whether it names it as we write it."""
    try:
        text = path.read_text("utf-8") if path.is_file() else ""
        place = jsonc.read(text).member("plugin") if text.strip() else None
        return place is not None and _ours(place, name) is not None
    except OSError:
        return False
    except ValueError:  # not UTF-8 either, or no JSON: the removal says so
        return json.dumps(str(folder() / name)).encode() in path.read_bytes()


def _read(path: Path) -> str | None:
    """The text of a file of the client's, line ends and all; None where there is none."""
    if not path.exists():
        return None
    try:
        with files.regular(path) as file:
            text = file.read(LARGEST + 1).decode()
    except (OSError, ValueError) as error:
        why = files.cause(error) if isinstance(error, OSError) else "it is not UTF-8"
        raise Refusal(f"{printable(path, 500)} cannot be read: {why}.", FAILED) from None
    if len(text) > LARGEST:
        raise Refusal(f"{printable(path, 500)} is too large for a configuration of the client.", BAD_VALUE)
    return text


def _listed(text: str | None, name: str, entry: str, path: Path) -> tuple[str, str]:
    """The text with the entry in it, and what was made for it: the file, the key `plugin`, the entry, or nothing."""
    if text is None or not text.strip():
        return (HEAD if name == TUI else "") + f'{{\n  "plugin": [{entry}]\n}}\n', "file"
    with_entry = _edited(text, entry, path, lambda root: _put(text, root, name, entry))
    if with_entry == text:
        return text, ""
    held = _edited(text, entry, path, lambda root: root.member("plugin"))
    return with_entry, "entry" if held is not None else "key"


def _put(text: str, root: jsonc.Node, name: str, entry: str) -> str:
    place = root.member("plugin")
    if place is None:
        return jsonc.put(text, root, f'"plugin": [{entry}]')
    ours = _ours(place, name)
    if ours is None:
        return jsonc.put(text, place, entry)
    return text if ours.value == json.loads(entry) else jsonc.replace(text, ours, entry)


def _ours(place: jsonc.Node, name: str) -> jsonc.Node | None:
    path = str(folder() / name)
    return next((one for one in place.children if one.value == path
                 or (isinstance(one.value, list) and one.value[:1] == [path])), None)


def _edited(text: str, entry: str, path: Path, change: Callable[[jsonc.Node], Any]) -> Any:
    """What `change` makes of the text's object. Raises `Refusal` 64 with the entry, to be written in by hand."""
    try:
        root = jsonc.read(text)
        place = root.member("plugin")
        if not isinstance(root.value, dict) or not (place is None or isinstance(place.value, list)):
            raise ValueError("its `plugin` is no list" if isinstance(root.value, dict) else "it is no object")
        return change(root)
    except ValueError as error:
        raise Refusal(f"{printable(path, 500)} cannot be edited ({error}) and stays as it is; mend it, or have this in "
                      f"its list `plugin`: {entry}.", BAD_VALUE) from None


def _list(name: str, entry: str, path: Path, known: dict[str, Any], done: Installation) -> None:
    """Write the entry into the client's file, and remember it first."""
    before = _read(path)
    text, made = _listed(before, name, entry, path)
    if text == before:
        done.same.append(str(path))
        return
    kept = known["entries"].get(name, {})
    if kept.get("file") != str(path) or made != "entry":
        kept = {"file": str(path), "made": made}
    if made == "file" or (kept["made"] == "file" and kept.get("digest") == _digest((before or "").encode())):
        kept["digest"] = _digest(text.encode())
    known["entries"][name] = kept
    _keep(known)
    _write_theirs(path, text)
    done.changed.append(str(path))


def _unlist(name: str, path: Path, known: dict[str, Any], done: Installation) -> None:
    """Cut the entry out of the client's file, or remove the file if it is as we made it."""
    text, kept = _read(path), known["entries"].get(name, {})
    if text is None:
        return
    if kept.get("file") == str(path) and kept.get("digest") == _digest(text.encode()) and not path.is_symlink():
        path.unlink()
    else:
        entry = json.dumps(str(folder() / name))
        _write_theirs(path, _edited(text, f"nothing that begins with {entry}", path,
                                    lambda root: _cut(text, root, name, kept.get("made") in ("key", "file"))))
    done.changed.append(str(path))


def _cut(text: str, root: jsonc.Node, name: str, with_key: bool) -> str:
    place = root.member("plugin")
    ours = _ours(place, name) if place else None
    if place is None or ours is None:
        return text
    whole = with_key and len(place.children) == 1 and not re.search(r"//|/\*", text[place.body:ours.start])
    return jsonc.cut(text, root, place) if whole else jsonc.cut(text, place, ours)


def _write_theirs(path: Path, text: str) -> None:
    """Put a text in the place of a file of the user's: whole, by its link, with the mode that it had."""
    real = path.resolve()
    try:
        real.parent.mkdir(parents=True, exist_ok=True)
        mode = real.stat().st_mode & 0o777 if real.exists() else 0o644
        files.put(real, text.encode(), mode)
    except OSError as error:
        raise Refusal(f"{printable(path, 500)} cannot be written: {files.cause(error)}.", FAILED) from None
