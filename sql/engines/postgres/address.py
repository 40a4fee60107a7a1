"""Where a store of Postgres is: the URL, and what libpq reads beside it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import zip_longest

import psycopg

from ...refusal import BAD_VALUE, Refusal
from ...words import printable
from .. import silence
from ..server import Address, Host
from ..server import address as address_of


def address(where: str) -> Address:
    """The parts of the URL. libpq reads some words of the query in place of parts (host, port, dbname, user), and what
    is not in the URL from the environment (PGHOST and others) and from a service of `pg_service.conf`."""
    plain = re.match(r"\w+(\+\w+)?://[^/?]*/[^?]", where)
    found = address_of(where, "postgresql") if plain else None
    if found is not None and (found.host or "host" in found.options):
        return found if found.host else replace(found, hosts=_hosts(found.options))
    try:
        words = {word: str(value) for word, value in psycopg.conninfo.conninfo_to_dict(for_libpq(where)).items()}
    except psycopg.ProgrammingError:
        words = {}
    words = _surroundings(words.get("service")) | words
    if not words.get("dbname") and (service := words.get("service") or os.environ.get("PGSERVICE")):
        raise Refusal(f"The service {printable(service)} is in no file of services (pg_service.conf), or names no "
                      "database there.", BAD_VALUE)
    if not words.get("dbname"):
        return address_of(where, "postgresql")
    return Address("postgresql", _hosts(words), "", "", words["dbname"], words)


def _hosts(words: Mapping[str, str]) -> tuple[Host, ...]:
    """Host by host, each with its port, from libpq's words; one port may stand for all."""
    hosts, ports = words.get("host", "").split(","), words.get("port", "").split(",")
    ports = ports * len(hosts) if len(ports) == 1 else ports
    return tuple((host, int(port) if port.isdigit() and port != "5432" else None)
                 for host, port in zip_longest(hosts, ports[:len(hosts)], fillvalue=""))


def _surroundings(service: str | None) -> dict[str, str]:
    """What libpq takes from the environment and from a service where the URL says nothing."""
    before = os.environ.get("PGSERVICE")
    try:
        if service:
            os.environ["PGSERVICE"] = service
        found = psycopg.pq.Conninfo.get_defaults()
    except psycopg.Error:
        return {}
    finally:
        if service:
            os.environ.pop("PGSERVICE")
            os.environ |= {"PGSERVICE": before} if before is not None else {}
    words = {option.keyword.decode(): option.val.decode() for option in found if option.val}
    return {word: value for word, value in words.items() if word in ("host", "port", "dbname")}


def for_libpq(where: str) -> str:
    """The URL with the scheme that libpq knows, and without the word that is ours."""
    place, _, query = where.split("://", 1)[1].partition("?")
    words = [word for word in query.split("&") if not word.startswith(f"{silence.WORD}=")]
    return f"postgresql://{place}" + (f"?{'&'.join(words)}" if query and words else "")


def patience(where: str) -> float:
    """The seconds of silence after which the server is asked; raises `Refusal` 64 where the URL's cannot be read."""
    found = re.search(rf"[?&]{silence.WORD}=([^&#]*)", where)
    asked = silence.seconds(found[1]) if found else silence.SECONDS
    if asked is None:
        raise Refusal(f"{silence.WORD} in the URL of {address(where).shown()} is not a number of seconds.", BAD_VALUE)
    return asked
