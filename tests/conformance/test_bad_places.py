"""Places that what is shipped cannot go to, or come from: each one sentence, and nothing is written anywhere."""

from urllib.parse import urlsplit

import brought
import by_url
import command
import engines_here
import pytest
import worlds
from command import dump, invoke, judge_by
from test_server_privileges import guest  # noqa: F401

SHIP = {"mirror": ("mirror",), "check": ("mirror", "--check"), "migrate": ("migrate",), "evict": (
    "prune", "--days=30", judge_by(), "--yes")}
TO = {"evict": "--export-to"}
OTHERS = ("CREATE TABLE session (id VARCHAR(40) PRIMARY KEY, cart VARCHAR(40))", "CREATE VIEW part AS SELECT 1 AS id")
THIN = ("CREATE TABLE session (id TEXT, parent_id TEXT)", "CREATE TABLE session (name TEXT)",
        "CREATE TABLE conversation (id TEXT)")


@pytest.fixture
def hot(tmp_path):
    (tmp_path / "hot").mkdir()
    return command.planted(tmp_path / "hot" / "opencode.db", trees=2, parts=1, pad=20)


def refused(codes, said, hot, place, names=SHIP):
    """Each verb says no in one sentence, and the store stays as it is."""
    before = dump(hot)
    for name in names:
        ran = invoke(*SHIP[name], f"{TO.get(name, '--to')}={place}", f"--store={hot}", inside=True)
        assert ran.code in codes and "Traceback" not in ran.err, (name, ran)
        assert ran.sentence.endswith(".") and said in ran.sentence and not ran.out.strip().startswith("{"), (name, ran)
        assert "hush" not in ran.err and dump(hot) == before, (name, ran)


def test_a_server_that_is_not_there_or_lets_nobody_in_is_69(hot, url, tmp_path):
    new = brought.empty(tmp_path / "new.db", "1.18.33")
    empty = dump(new)
    who = urlsplit(url).netloc.rsplit("@", 1)[0]
    port = engines_here.free_port()
    for place, said in ((url.replace(f":{urlsplit(url).port}/", f":{port}/"), "does not answer"),
                        (url.replace(who, "tester:hush"), "refused the user"),
                        (by_url.beside(url, "nowhere"), "no such database")):
        refused((69,), said, hot, place)
        ran = invoke("restore", place, f"--store={new}", inside=True)
        assert ran.code == 69 and said in ran.sentence and dump(new) == empty, ran
    assert not worlds.tables(url)


@pytest.mark.parametrize("theirs", OTHERS)
def test_a_table_or_view_of_somebody_elses_is_78(hot, url, theirs):
    by_url.run_sql(url, theirs)
    before = worlds.tables(url)
    refused((78,), "somebody else's", hot, url)
    assert worlds.tables(url) == before


def test_who_may_only_read_or_may_not_note_what_came_is_told_which_privilege_lacks(hot, url, guest):  # noqa: F811
    command.invoked("mirror", f"--to={url}", f"--store={hot}", inside=True)
    with command.opened(hot) as con:
        con.execute("UPDATE session SET title = 'renamed', time_updated = time_updated + 1")
    before = [worlds.dump(url), by_url.run_sql(url, "SELECT * FROM lifecycle_copy ORDER BY 1, 2")]
    theirs, grant = guest
    for more in ("read", "work", "note"):
        grant(more)
        refused((1,), "privilege", hot, theirs, ["mirror", "evict"])
        assert [worlds.dump(url), by_url.run_sql(url, "SELECT * FROM lifecycle_copy ORDER BY 1, 2")] == before


@pytest.mark.parametrize("made", THIN)
def test_a_source_of_unknown_layout_is_refused_before_anything_is_made(tmp_path, url, made):
    thin = tmp_path / "thin.db"
    with command.opened(thin) as con:
        con.execute(made)
        con.execute("INSERT INTO " + made.split()[2] + " DEFAULT VALUES")
    for place in (url, tmp_path / "cold.db"):
        refused((1, 69, 78), "", thin, place)
    assert not worlds.tables(url) and not (tmp_path / "cold.db").exists()
