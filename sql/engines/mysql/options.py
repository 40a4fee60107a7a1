"""What a connection is made with: words of the URL, and what the server's own programs read beside it."""

from __future__ import annotations

import configparser
import os
import re
import socket
from pathlib import Path
from typing import Any

from ...refusal import BAD_VALUE, Refusal
from .. import silence
from ..server import Address
from ..silence import Silence
from .answering import MariaAnswering

WAIT = 10                 # seconds for a connection, unless the URL says otherwise
TLS = {"ssl_ca", "ssl_cert", "ssl_key", "ssl_capath", "ssl_cipher"}
HARD = ("read_timeout", "write_timeout")  # seconds of silence after which nobody is asked
TIMES = ("connect_timeout", *HARD, silence.WORD)
# Not TCP_USER_TIMEOUT: the kernel gives up a server, too, that answers and only takes nothing yet, as a busy one does.
ALIVE = {"TCP_KEEPIDLE": 30, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3}
MODES: dict[str, dict[str, Any]] = {
    "disabled": {"ssl_disabled": True}, "preferred": {}, "required": {"ssl": {"check_hostname": False}},
    "verify_ca": {"ssl_verify_cert": True},
    "verify_identity": {"ssl_verify_cert": True, "ssl_verify_identity": True},
}


def opened(to: Address, at: int, patience: float | None = None, **more: Any) -> Any:
    """A connection to a host of the address, which is given up after `patience` seconds of silence, unless the URL says
    otherwise. What that leaves out may stand in `~/.my.cnf`, section `[client]`, and the password in `MYSQL_PWD`, as
    for the server's own programs.

    Raises `Refusal` 64 for options that cannot be read.
    """
    host, port = to.hosts[at]
    given: dict[str, Any] = {"host": host or None, "port": port or 0, "user": to.user or None, "database": to.database,
                             "password": to.password or os.environ.get("MYSQL_PWD", ""), "connect_timeout": WAIT}
    file = Path("~/.my.cnf").expanduser()
    if file.is_file():
        given["read_default_file"] = str(file)
    given |= _options(to)
    asked = given.pop(silence.WORD, silence.SECONDS)
    hard = [given.pop(word) for word in HARD if word in given]
    try:
        # The first words of a server that does not speak are waited for as long as for the connection.
        raw = MariaAnswering(charset="utf8mb4", autocommit=True, local_infile=False,
                        **dict.fromkeys(HARD, given["connect_timeout"]), **given, **more)
        _keep_alive(raw)
        raw.watch(Silence(patience or min(hard, default=asked)))
        return raw
    except (configparser.Error, ValueError):
        raise Refusal(f"{file} is no file of options that can be read; mend it, or move it away.", BAD_VALUE) from None


def beside(to: Address, at: int) -> Any:
    """A second connection to the same host, over which the server is asked what it does: its silence is borne less."""
    return opened(to, at, float(_options(to).get("connect_timeout", WAIT)))


def asks(to: Address) -> bool:
    """Whether the server is asked about a silence."""
    return not any(word in _options(to) for word in HARD)


def _keep_alive(raw: Any) -> None:
    """Notice within a minute that a server's machine is gone, where the system lets us say so."""
    for name, seconds in ALIVE.items():
        if raw._sock.family != getattr(socket, "AF_UNIX", None) and hasattr(socket, name):
            raw._sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), seconds)


def _options(to: Address) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for word, value in to.options.items():
        name = word.replace("-", "_")
        mode = value.lower().replace("-", "_")
        if name in TLS or name == "unix_socket":
            found[name] = value
        elif name in ("ssl_mode", "sslmode") and mode in MODES:
            found |= MODES[mode]
        elif name in TIMES and value.isdigit():
            found[name] = int(value)
        elif name != "charset":
            raise Refusal(f"{_word(word)} in the URL of {to.shown()} is not known, or its value is not; "
                          f"known are unix_socket, ssl-mode, {', '.join(TIMES)}, {', '.join(sorted(TLS))}.", BAD_VALUE)
    return found


def _word(word: str) -> str:
    return word if re.fullmatch(r"[\w-]{1,40}", word) else "A word"
