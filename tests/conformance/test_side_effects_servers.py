"""On a server, too, nothing that a deletion of ours sets in motion goes unseen, and nobody's functions run for us."""

from contextlib import contextmanager
from urllib.parse import quote

import by_url
import command
import drawn_side_effects as effects
import moments
import oracle
import product
import pytest
import worlds
from by_url import run_shell, run_sql
from command import NOW
from drawn_side_effects import Extra, Pull, World
from hypothesis import HealthCheck, given, settings
from opencode_lifecycle.sql import store as stores
from opencode_lifecycle.sql.cascade import removal as prune
from opencode_lifecycle.sql.refusal import STALE_PLAN, UNSUPPORTED, Refusal
from size import sized

EXAMPLES = settings(max_examples=sized(4, 8, 500), deadline=None,
                    suppress_health_check=[HealthCheck.function_scoped_fixture])
OLD = oracle.Policy(max_age_ms=30 * moments.DAY)
TEXT = "VARCHAR(191) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin"


@pytest.fixture(scope="module")
def grove(tmp_path_factory):
    return command.planted(tmp_path_factory.mktemp("side_effects") / "s.db", trees=3, parts=1, pad=10)


@pytest.fixture(scope="module")
def loaded(grove, shared_url):
    """A server with the store, for tests that leave it as it was."""
    worlds.empty(shared_url)
    worlds.load(grove, shared_url)
    yield shared_url
    worlds.empty(shared_url)


def refused(code, *words):
    """A verb's refusal, in this process."""
    return command.refused(code, *words, inside=True).err.strip()


def statements(url, world):
    yield "CREATE TABLE pulled (what VARCHAR(20))"
    postgres = by_url.is_postgres(url)
    quoted = '"{}"'.format if postgres else "`{}`".format
    for extra in world.extras:
        yield from effects.table(extra, "VARCHAR(191)" if postgres else TEXT, quoted)
    for pull in world.pulls:
        yield from effects.trigger_of_postgres(pull) if postgres else [effects.trigger(pull, quoted)]


def takes(world):
    """Without what MariaDB's engine does not take."""
    def known(action):
        return "CASCADE" if action == "SET DEFAULT" else action

    return World(tuple(Extra(e.name, e.parent, known(e.deleted), known(e.updated)) for e in world.extras), world.pulls)


@contextmanager
def built(url, world):
    world = world if by_url.is_postgres(url) else takes(world)
    try:
        run_sql(url, *statements(url, world))
        yield
    finally:
        if by_url.is_postgres(url):
            run_sql(url, *(f'DROP TRIGGER IF EXISTS {pull.name} ON "{pull.place}"' for pull in world.pulls
                           if pull.place in effects.CLIENTS), "SELECT 1")
        else:
            run_sql(url, *(f"DROP TRIGGER IF EXISTS {pull.name}" for pull in world.pulls), "SELECT 1")
        run_sql(url, *(f"DROP TABLE IF EXISTS {extra.name}" for extra in reversed(world.extras)),
                "DROP TABLE IF EXISTS pulled")


def planned(url, ignored=()):
    with stores.opened(url) as place, product.told(OLD):
        _, found = prune.plan(place, product.question_of(OLD, NOW), ignored)
        pieces: list[str] = []
        found.write(place.catalog, pieces.append)
    return "".join(pieces)


def run(url, ignored=()):
    with stores.opened(url) as place, product.told(OLD):
        _, found = prune.plan(place, product.question_of(OLD, NOW), ignored)
        return prune.run(place, found, None, "prune", "", lambda _: None)


def names_in(refusal):
    return set(str(refusal.value).split("--ignore-table=")[1].rstrip(".").split(","))


@EXAMPLES
@given(world=effects.worlds())
def test_whatever_hangs_on_the_clients_tables_is_named(loaded, world):
    with built(loaded, world):
        if world.moved:
            with pytest.raises(Refusal) as refusal:
                planned(loaded)
            assert refusal.value.code == UNSUPPORTED and names_in(refusal) == world.moved
        assert "lc_foreseen" in planned(loaded, world.moved)


@pytest.mark.parametrize("action", ["CASCADE", "SET NULL", "RESTRICT"])
def test_whoever_goes_on_knowingly_changes_the_named_tables_alone(grove, url, action):
    worlds.load(grove, url)
    near, deep = Extra("x0", "part", action), Extra("x1", "x0", "CASCADE", "CASCADE")
    run_sql(url, *statements(url, World((near, deep, Extra("x2", None)), ())))
    before = worlds.dump(url)
    with pytest.raises(Refusal) as refusal:
        run(url, ["x0"])
    assert names_in(refusal) == {"x1"} and worlds.dump(url) == before
    try:
        run(url, ["x0", "x1"])
    except Refusal as refusal:
        assert action == "RESTRICT", refusal
    except Exception as error:
        assert action == "RESTRICT" and "foreign key" in str(error), error
    after = worlds.dump(url)
    assert after["x2"] == before["x2"]
    assert (after == before) == (action == "RESTRICT")


@pytest.mark.parametrize("later", [World((Extra("star", "part"),), ()),
                                   World((Extra("a", "part"), Extra("star", "a")), ()),
                                   World((), (Pull("star", "event", "DELETE"),))], ids=["key", "deep", "trigger"])
def test_what_came_after_the_plan_stops_the_shell_and_apply(loaded, tmp_path, later):
    text = planned(loaded)
    file = tmp_path / "plan.sql"
    file.write_text(text)
    with built(loaded, later):
        before = worlds.dump(loaded)
        done = run_shell(loaded, text)
        assert done.returncode and "must_be_foreseen" in done.stderr and "star" in done.stdout, done
        assert worlds.dump(loaded) == before
        refused(STALE_PLAN, "apply", file, "--yes", "--no-export", f"--store={loaded}")
        assert worlds.dump(loaded) == before


def test_a_table_of_another_schema_or_database_is_named(grove, admin_url, url):
    worlds.load(grove, url)
    if by_url.is_postgres(url):
        run_sql(url, "CREATE SCHEMA other", "CREATE TABLE other.notes (m VARCHAR REFERENCES message (id))")
        name = "other.notes"
        with pytest.raises(Refusal) as refusal:
            planned(url)
    else:
        with by_url.fresh_database(admin_url) as second:
            home, other = (one.rsplit("/", 1)[1].split("?")[0] for one in (url, second))
            run_sql(second, f"CREATE TABLE notes (m {TEXT}, FOREIGN KEY (m) REFERENCES `{home}`.message (id))")
            name = f"{other}.notes"
            with pytest.raises(Refusal) as refusal:
                planned(url)
    assert names_in(refusal) == {name}


def test_a_mirror_writes_into_no_table_with_a_trigger(grove, loaded):
    with built(loaded, World((), (Pull("audit", "project", "INSERT"),))):
        before = worlds.dump(loaded)
        said = refused(UNSUPPORTED, "mirror", f"--store={grove}", f"--to={loaded}")
        assert "Trigger audit on project" in said and worlds.dump(loaded) == before


@pytest.mark.parametrize("kind", ["MyISAM", "Aria", "MEMORY"])
def test_a_table_that_takes_nothing_back_is_not_written(mysql_url, grove, kind):
    worlds.load(grove, mysql_url)
    run_sql(mysql_url, f"ALTER TABLE event_sequence ENGINE={kind}")
    for words in (("prune", "--days=30", "--yes"), ("reclaim", "--only=diffs", "--yes"),
                  ("archive", "--session=ses_0000_a"),
                  ("prune", "--days=30", "--yes", "--ignore-table=event_sequence")):
        said = refused(UNSUPPORTED, *words, f"--now={NOW}", f"--store={mysql_url}")
        assert "event_sequence" in said and kind in said and "InnoDB" in said


def test_what_we_make_takes_statements_back_whatever_the_servers_default_is(mysql_url, mysql_admin_url, grove):
    run_sql(mysql_admin_url, "SET GLOBAL default_storage_engine = Aria")
    try:
        worlds.load(grove, mysql_url)
    finally:
        run_sql(mysql_admin_url, "SET GLOBAL default_storage_engine = InnoDB")
    kinds = run_sql(mysql_url, "SELECT DISTINCT ENGINE FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()")
    assert kinds == [("InnoDB",)]


def test_a_rule_is_named(postgres_url, grove):
    worlds.load(grove, postgres_url)
    run_sql(postgres_url, "CREATE RULE keep_all AS ON DELETE TO part DO INSTEAD NOTHING")
    with pytest.raises(Refusal, match="Rule keep_all on part.*--ignore-table=keep_all"):
        planned(postgres_url)


def test_a_table_that_inherits_is_named(postgres_url, grove):
    worlds.load(grove, postgres_url)
    run_sql(postgres_url, "CREATE SCHEMA other", "CREATE TABLE other.more () INHERITS (message)")
    with pytest.raises(Refusal, match="Table other.more inherits from message.*--ignore-table=other.more"):
        planned(postgres_url)


def test_a_role_that_sees_a_part_of_the_rows_removes_nothing(postgres_url, grove):
    """A prune as such a role would leave half of each tree, and the owner's reclaim would finish the work."""
    worlds.load(grove, postgres_url)
    text = planned(postgres_url)
    name = "half_" + postgres_url.rsplit("_", 1)[1].split("?")[0][:8]
    run_sql(postgres_url, f"CREATE ROLE {name} LOGIN PASSWORD 'pw'", f"GRANT ALL ON SCHEMA public TO {name}",
            f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {name}",
            "CREATE POLICY half ON message USING (id < 'msg_ses_0001')",
            "ALTER TABLE message ENABLE ROW LEVEL SECURITY")
    try:
        before = worlds.dump(postgres_url)
        theirs = as_role(postgres_url, name)
        for words in (("prune", "--days=30", "--yes", "--ignore-table=message"), ("reclaim", "--yes")):
            assert "Row security" in refused(UNSUPPORTED, *words, f"--now={NOW}", f"--store={theirs}")
        done = run_shell(theirs, text)
        assert done.returncode and "must_be_foreseen" in done.stderr and "policy" in done.stdout, done
        assert worlds.dump(postgres_url) == before
        assert run(postgres_url)  # its owner sees all rows
    finally:
        run_sql(postgres_url, f"DROP OWNED BY {name}", f"DROP ROLE {name}")


def as_role(url, name):
    scheme, rest = url.split("://")
    return f"{scheme}://{name}:pw@{rest.split('@', 1)[-1]}"


PLANTED = {
    "operator": [
        "CREATE FUNCTION {s}.same(varchar, varchar) RETURNS boolean LANGUAGE plpgsql AS "
        "$$BEGIN PERFORM nextval('{s}.called'); RETURN true; END$$",
        "CREATE OPERATOR {s}.= (LEFTARG = varchar, RIGHTARG = varchar, FUNCTION = {s}.same)"],
    "lower": ["CREATE FUNCTION {s}.lower(varchar) RETURNS text LANGUAGE plpgsql AS "
              "$$BEGIN PERFORM nextval('{s}.called'); RETURN ''; END$$"],
    "count": ["CREATE FUNCTION {s}.step(bigint, varchar) RETURNS bigint LANGUAGE plpgsql AS "
              "$$BEGIN PERFORM nextval('{s}.called'); RETURN 0; END$$",
              "CREATE AGGREGATE {s}.count(varchar) (SFUNC = {s}.step, STYPE = bigint, INITCOND = '0')"],
    "name": ["CREATE FUNCTION {s}.same(name, name) RETURNS boolean LANGUAGE plpgsql AS "
             "$$BEGIN PERFORM nextval('{s}.called'); RETURN true; END$$",
             "CREATE FUNCTION {s}.current_schema(OUT name) LANGUAGE plpgsql AS "
             "$$BEGIN PERFORM nextval('{s}.called'); END$$",
             "CREATE FUNCTION {s}.concat(text, text) RETURNS text LANGUAGE plpgsql AS "
             "$$BEGIN PERFORM nextval('{s}.called'); END$$",
             "CREATE OPERATOR {s}.<> (LEFTARG = name, RIGHTARG = text, FUNCTION = {s}.named)"],
}
PLANTED["name"].insert(0, PLANTED["name"][0].replace("same(name, name)", "named(name, text)"))


def plant(url, schema, which):
    run_sql(url, f"CREATE SEQUENCE {schema}.called", *(s.format(s=schema) for s in PLANTED[which]))


def called(url, schema):
    ((yes,),) = run_sql(url, f"SELECT is_called FROM {schema}.called")
    return yes


@pytest.mark.parametrize("which", PLANTED)
def test_functions_planted_beside_the_store_are_refused_and_never_called(postgres_url, grove, which):
    worlds.load(grove, postgres_url)
    text = planned(postgres_url)
    plant(postgres_url, "public", which)
    for words in (("stats",), ("prune", "--days=30", "--yes"), ("pins",)):
        said = refused(UNSUPPORTED, *words, f"--store={postgres_url}")
        assert "public." in said and "stands in front of the system's own" in said
    done = run_shell(postgres_url, text)
    assert done.returncode and "must_be_foreseen" in done.stderr, done
    assert not called(postgres_url, "public")


@pytest.mark.parametrize("which", PLANTED)
def test_a_schema_behind_the_stores_is_out_of_reach(postgres_url, grove, which):
    worlds.load(grove, postgres_url)
    run_sql(postgres_url, "CREATE SCHEMA evil", "CREATE TABLE evil.part (id TEXT)")
    plant(postgres_url, "evil", which)
    theirs = postgres_url + "?options=" + quote("-csearch_path=public,evil")
    text = planned(theirs)
    assert run_shell(theirs, text).returncode == 0
    assert run(theirs).outcome.sessions == 0
    assert not called(postgres_url, "evil")


def test_a_schema_in_front_with_tables_of_the_same_names_is_another_store(postgres_url, grove):
    worlds.load(grove, postgres_url)
    text = planned(postgres_url)
    run_sql(postgres_url, "CREATE SCHEMA evil", "CREATE TABLE evil.part (id TEXT, session_id TEXT, message_id TEXT)")
    before = worlds.dump(postgres_url)
    theirs = postgres_url + "?options=" + quote("-csearch_path=evil,public")
    with pytest.raises(Refusal, match="holds no sessions"):
        planned(theirs)
    run_shell(theirs, text)
    assert worlds.dump(postgres_url) == before


def test_a_function_of_an_extension_or_of_ones_own_types_is_no_ones_business(postgres_url, grove):
    worlds.load(grove, postgres_url)
    run_sql(postgres_url, "CREATE TYPE colour AS (r INT)",
            "CREATE FUNCTION lower(colour) RETURNS text LANGUAGE sql AS $$SELECT ''$$",
            "CREATE FUNCTION their_own(text) RETURNS text LANGUAGE sql AS $$SELECT ''$$")
    planned(postgres_url)
