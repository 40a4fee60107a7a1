"""A server that works takes nothing meanwhile: it is waited for, whatever stands in front of it."""

import command
import pytest
from broken_off import PRUNE
from by_url import is_postgres, run_sql
from opencode_lifecycle.sql import store as stores
from opencode_lifecycle.sql.engines import engine_module
from size import sized

SECONDS = sized(3, 3, 75)  # the kernel may give up a minute of data that nobody takes
NAMES = ("id", "data")
SLEEPER = {
    "postgres": ("CREATE FUNCTION sleeper() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep({}); "
                 "RETURN NEW; END'",
                 "CREATE TRIGGER sleeps BEFORE INSERT ON rows_here FOR EACH ROW WHEN (NEW.id = 1) "
                 "EXECUTE FUNCTION sleeper()"),
    "mysql": ("CREATE TRIGGER sleeps BEFORE INSERT ON rows_here FOR EACH ROW "
              "SET NEW.data = IF(NEW.id = 1 AND SLEEP({}), '', NEW.data)",),
}


def test_a_row_that_takes_the_server_longer_than_the_kernel_waits_is_waited_for(url):
    kind = "postgres" if is_postgres(url) else "mysql"
    run_sql(url, "CREATE TABLE rows_here (id BIGINT PRIMARY KEY, data TEXT)" if kind == "postgres" else
            "CREATE TABLE rows_here (id BIGINT PRIMARY KEY, data LONGTEXT)",
            *(statement.format(SECONDS) for statement in SLEEPER[kind]))
    rows = [(number, "x" * 4_000_000) for number in range(1, 11)]  # more than lies between us and the server
    with stores.reached(*stores.server(f"{url}?answer_timeout=1")) as place:
        place.engine_run("begin")
        place.engine_ready("unhurried")
        assert place.on.write(place.connection, "rows_here", NAMES, iter(rows)) == len(rows)
        place.engine_run("commit")
    assert run_sql(url, "SELECT COUNT(*) FROM rows_here") == [(len(rows),)]


LIMITS = {"postgres": "SELECT current_setting('statement_timeout')",
          "mysql": "SELECT IF(@@max_statement_time = 0, '0', @@max_statement_time)"}
COMING = {"mirror": ("mirror", "--to=PLACE", "--store=HOT"), "evict": (*PRUNE, "--export-to=PLACE", "--store=HOT"),
          "restore": ("restore", "FILE", "--store=PLACE", "--yes", "--no-pin")}


@pytest.mark.parametrize("name", COMING)
def test_no_statement_that_brings_rows_is_limited_in_time(url, tmp_path, monkeypatch, name):
    hot, file, seen = command.planted(tmp_path / "opencode.db", trees=3, parts=2, pad=60), tmp_path / "e.json", {}
    command.invoked("export", f"--store={hot}", f"--output={file}", inside=True)
    if name == "restore":
        command.invoked("migrate", f"--to={url}", inside=True)
    kind = "postgres" if is_postgres(url) else "mysql"
    on, limits = engine_module(kind), LIMITS[kind]
    usual = on.write

    def write(connection, table, *rest):
        connection.buffer_rest()
        ((limit,),) = list(on.rows(connection, limits))
        if not table.startswith(("lc_", "lifecycle_")):
            seen.setdefault(limit, set()).add(table)
        return usual(connection, table, *rest)

    monkeypatch.setattr(on, "write", write)
    places = {"PLACE": url, "HOT": str(hot), "FILE": str(file)}
    words = [next((word.replace(mark, place) for mark, place in places.items() if mark in word), word)
             for word in COMING[name]]
    command.invoked(*words, inside=True)
    assert list(seen) == ["0"] and seen["0"] >= {"session", "part", "event"}
