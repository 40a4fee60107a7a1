"""A person reads a plan: its rule once, then a line a session and a line a batch."""

import dataclasses
from unittest import mock

import forests
import moments
import oracle
import product
import pytest
from forests import NOW, Recipe, Session
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.cascade import plan_file, plan_read, removal
from opencode_lifecycle.sql.compiler.layout import folded
from opencode_lifecycle.sql.engines.mysql import driver as mysql
from opencode_lifecycle.sql.retention import selection

OLD = oracle.Policy(max_age_ms=30 * moments.DAY)
ENGINES = ("sqlite", "postgres", "mysql", "tsql")
SCHEMAS = ("1.18.33", "v2.0-mixed-simulated", "v2-preview-0.0.0-next-16350")


def text_for(path, engine, keeps=True, **limits):
    """A store's plan as it would be for a store of the same tables on another engine."""
    with (
        store.opened(str(path)) as place,
        product.told(OLD),
        mock.patch.multiple(plan_file, **limits),
        mock.patch.object(mysql, "keeps_procedures", lambda _: keeps),
    ):
        question = product.question_of(OLD, NOW)
        removal.decide(place, question)
        chosen = selection.selection(place, question.sentence, NOW, question.values)
        plan = plan_file.compose(dataclasses.replace(place, engine=engine), chosen, "none", False)
        pieces: list[str] = []
        plan.write(place.catalog, pieces.append)
    return "".join(pieces)


def planted(folder, trees, sessions, schema):
    """Old trees, each a root with children, and nothing else."""
    found = [
        Session(f"ses_{tree:04}_{n}", f"ses_{tree:04}_0" if n else None, home="both")
        for tree in range(trees)
        for n in range(sessions)
    ]
    return forests.build(Recipe(found), folder / "s.db", schema)


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize(("trees", "sessions"), [(10, 3), (100, 1), (100, 3)])
@pytest.mark.parametrize("batch", (1, 400))
def test_a_plan_has_at_most_700_lines_and_six_for_five_sessions(tmp_path, schema, trees, sessions, batch, say):
    path, many = planted(tmp_path, trees, sessions, schema), trees * sessions
    told = []
    for engine in ENGINES:
        text = text_for(path, engine, BATCH_SESSIONS=batch)
        lines = text.count("\n")
        data = sum(f"{'#' if engine == 'tsql' else ''}lc_planned (batch, id" in line for line in text.split("\n"))
        told.append(f"{engine} {lines} lines, {1 - data / lines:.0%} no data")
        assert data == many and lines <= 700 + 1.2 * many
    say("; ".join(told))


@pytest.mark.parametrize("engine", ENGINES)
def test_the_rule_stands_once_before_the_list_and_each_batch_is_a_line(tmp_path, engine):
    text = text_for(planted(tmp_path, 12, 1, "1.18.33"), engine, BATCH_SESSIONS=1)
    lines, mark = text.split("\n"), "#" if engine == "tsql" else ""
    batches = [line for line in lines if f"INSERT INTO {mark}lc_batch" in line]
    assert len(batches) == 12 and len({line.replace(f"({n}, 0", "") for n, line in enumerate(batches, 1)}) == 1
    assert all("COMMIT" in line and line.count("lc_guard") == line.count("lc_remove") == 1 for line in batches)
    assert text.count("lc_seen (id, root_id, intact)") == 1
    assert text.index("All others may go") < text.index("lc_planned (batch, id, root_id, parent_id, project_id, shared")


def test_what_keeps_no_procedure_has_each_batch_in_full_and_says_so(tmp_path):
    path = planted(tmp_path, 3, 1, "1.18.33")
    for engine in ("mysql8", "mysql"):
        text = text_for(path, engine, keeps=False, BATCH_SESSIONS=1)
        assert "-- Form:      each batch in full" in text and "PREPARE" not in text
        assert text.count("lc_seen (id, root_id, intact)") == text.count("-- Batch ") == 3
        plan = plan_read.read(text, "plan.sql")
        with store.opened(str(path)) as place:
            plan_read.verify(plan, place.catalog, text, "plan.sql", edited=False)


@pytest.mark.parametrize(
    ("name", "version", "keeps"),
    [
        ("mysql", (10, 6, 2), True),
        ("mysql", (10, 6, 1), False),
        ("mysql", (11, 4, 2), True),
        ("mysql8", (8, 4, 0), False),
    ],
)
def test_mariadb_prepares_compound_statements_since_10_6_2_and_mysql_never_does(name, version, keeps):
    line = mock.Mock(dialect=name, version=version)
    assert mysql.keeps_procedures(line) is keeps


def test_a_text_that_spans_lines_is_laid_out_as_it_was():
    told = "INSERT INTO a (\n  b\n)\nVALUES\n  ('x\n  y')"
    assert folded(told) == told
    assert folded("SELECT\n  a.b,\n  '( x )'\nFROM a") == "SELECT a.b, '( x )' FROM a"
