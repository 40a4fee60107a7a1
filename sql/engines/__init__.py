"""One folder an engine: its own SQL, and the driver that runs it. What every driver defines stands here, once."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from ..catalog import Catalog

# By dialect, the folder whose driver speaks it; by the scheme of a URL, that folder.
ENGINES = {"sqlite": "sqlite", "postgres": "postgres", "mysql": "mysql", "mysql8": "mysql", "tsql": "tsql"}
SCHEMES = {"sqlite": "sqlite", "file": "sqlite", "postgresql": "postgres", "postgres": "postgres", "mysql": "mysql",
           "mariadb": "mysql", "mssql": "tsql", "sqlserver": "tsql"}


@functools.cache
def engine_module(engine: str) -> Engine:
    """The driver of an engine, imported when it is needed; raises `Refusal` 78 where its package is not installed."""
    return importlib.import_module(f".{ENGINES[engine]}.driver", __package__)


class TextLimits(NamedTuple):
    """What an engine takes of one text: octets as a literal, levels of JSON; 0 is no limit."""

    octets: int = 0
    levels: int = 0


class Slices(Protocol):
    """A huge text or BLOB of a row: `len` tells its octets, and iterating over it gives them, a few at a time. It
    holds for as long as the row stays as it is."""

    @property
    def is_text(self) -> bool:
        """Whether it is a text, as against a BLOB."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[bytes]: ...

    def part(self, start: int, end: int) -> Slices:
        """Without so many octets at its beginning and its end."""


class Engine(Protocol):
    """A driver: the module `engines/NAME/driver.py`. Its functions are given a connection that `connect` made.

    What the engine itself raises is an `Error`; `explained` makes sentences of it. An engine that cannot do a thing
    defines it all the same: what asks or watches answers "no", what would change the store raises `Refusal` 78.
    """

    Error: type[Exception]
    Conflict: type[Exception]  # of Error: a row that is there already, or that a rule of its table refuses

    # --- a connection ---

    def connect(self, where: str, write: bool) -> Any:
        """Open the store at a path or URL; never makes one. No transaction is open, and none opens by itself.

        Raises `Refusal`: 64 for a URL that cannot be read, 69 for no store there, 78 for one that cannot be used.
        """

    def close(self, connection: Any) -> None:
        """Close a connection; one that is lost already does no harm."""

    def dialect(self, connection: Any) -> str:
        """Which of `ENGINES` its SQL is written in: a driver may speak to two (MariaDB, MySQL)."""

    def is_modern(self) -> bool:
        """Whether the library is so new that `functions_modern.sql` holds (SQLite 3.43)."""

    def keeps_procedures(self, connection: Any) -> bool:
        """Whether a procedure of the connection's own can hold what every batch of a plan does; without, each batch
        is written in full."""

    def display(self, where: str) -> str:
        """Where a store is, in words for people: without user, password and query."""

    def path(self, where: str) -> Path | None:
        """The store's file; None on a server."""

    def alive(self, connection: Any) -> bool:
        """Whether statements can still be sent."""

    def in_transaction(self, connection: Any) -> bool:
        """Whether a transaction is open, a failed one among them."""

    def collided(self, connection: Any, error: Exception) -> bool:
        """Whether an `Error` says that a transaction lost to another one, and was taken back: it may be done anew."""

    def resume(self, connection: Any, error: Exception) -> bool:
        """After an `Error` that says that the connection is lost: speak to another host of the URL, as `connect` did,
        with what `only_run` held; work tables are gone. False, and nothing done, for any other error, and where the
        URL names one host."""

    def interrupted(self, connection: Any, late: Callable[[], bool], operations: int) -> AbstractContextManager[None]:
        """Inside, `late` is asked every so many operations whether the statement at hand is broken off with an
        `Error`; never asked on a server, which has timeouts of its own."""

    def only_run(self, connection: Any, name: str) -> AbstractContextManager[None]:
        """Hold a server's store against a second run of ours for as long as the block lasts; `name` is told in
        sentences. Of a file it is only seen to that no other name leads to it: `Store.only_run` holds that one.

        Raises `Refusal`: 75 while another run holds it, 78 where nothing can be changed, 1 for a file of two names.
        """

    def explained(self, where: str) -> AbstractContextManager[None]:
        """Inside, an `Error` that circumstances explain becomes a `Refusal`: 69, 75, 78 or 1; others pass."""

    def damaged(self, error: Exception) -> bool:
        """Whether an `Error` says that pages of the store are not what they should be."""

    # --- what is in the store ---

    def catalog(self, connection: Any) -> Catalog:
        """The tables with their columns, what refers to them, and what a deletion would set in motion."""

    def definitions(self, connection: Any) -> Iterator[tuple[str, str, str, int, str | None, int]]:
        """Table, column, type as the engine calls it, required (0, 1), default, place in the primary key (from 1)."""

    def indexes(self, connection: Any) -> set[str]:
        """The names of all indexes."""

    def changes(self, connection: Any) -> int | None:
        """A number that is another one once some other connection has committed; None where the engine tells none."""

    def limits(self, connection: Any) -> TextLimits:
        """What it takes of one text."""

    # --- statements and rows ---

    def execute(self, connection: Any, sql: str) -> int:
        """Run one statement; the rows it touched, 0 for those that touch none."""

    def execute_all(self, connection: Any, statements: Iterable[str]) -> None:
        """Run many statements of which nothing is asked back, in as few trips as the engine allows."""

    def rows(self, connection: Any, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows of one query as they come. On a server another statement may be run before the last is read."""

    def octets(self, connection: Any) -> AbstractContextManager[None]:
        """Inside, texts that are read may come as bytearray, which tells them from BLOBs (bytes): they do in SQLite,
        which takes texts that are no UTF-8; from a server they come as str."""

    def sliceable(self, connection: Any) -> bool:
        """Whether `slices` gives the values of a table's rows, and their length is told without reading them."""

    def slices(self, connection: Any, table: str, column: str, id: object) -> Slices | None:
        """A value to be read a slice at a time, of the row with this id; None where not one row has it, and on a
        server."""

    def overwrite(self, connection: Any, table: str, column: str, id: object, value: object) -> bool:
        """Put a huge value, a slice at a time, into the row with this id, inside the transaction at hand. False where
        that cannot be done; the transaction is of no use then."""

    def write(self, connection: Any, table: str, columns: Sequence[str], found: Iterable[Sequence[object]]) -> int:
        """Insert rows, inside the transaction at hand; texts as str or bytearray. The number of rows.

        Raises `Conflict` (an `Error`), and `Refusal` 78 where nothing can be written.
        """

    def slow_writes(self, connection: Any) -> str:
        """Why rows are written more slowly than they could be, and what helps; '' where nothing stands in the way."""

    # --- size and space, in bytes ---

    def file_facts(self, connection: Any, where: Path | None) -> dict[str, Any]:
        """`bytes` of the file or tables, `wal_bytes`, `used_bytes`, `free_bytes` inside, `auto_vacuum`; more by
        engine: `page_size` and `journal` of a file, `tables` of a server."""

    def size_facts(self, connection: Any, where: Path | None, known: Catalog) -> dict[str, int]:
        """What the size of a tree is reckoned with: `row_cost`, what a row takes beside its texts, and `fixed_size`,
        what an empty store takes. From the schema alone, so that a verdict never moves."""

    def vacuum(self, connection: Any, table: str, full: bool) -> None:
        """Give back the space of one table of a server; `full` writes it anew and locks it meanwhile. Raises `Refusal`
        1 where the server did not, 78 for a file."""

    def drop(self, connection: Any, table: str) -> None:
        """Drop a table of a server. Raises `Refusal` 78 for a file, and for an engine that is only read."""

    def analyze(self, connection: Any, table: str) -> None:
        """Have a server count a table anew for its planner. Raises `Refusal` 78 for a file, which is the client's."""

    def rewrite(self, connection: Any, where: Path, *names: str) -> Any:
        """Run statements of the engine's folder that write the whole file anew; the connection in place of the given
        one, which is closed. Raises `Refusal` 78 on a server."""

    def run_to_end(self, connection: Any, name: str, **values: int) -> None:
        """Run a statement of the engine's folder to its end although it gives no rows. Raises `Refusal` 78 on a
        server."""
