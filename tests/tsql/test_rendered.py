"""Everything that is rendered for SQL Server parses with Microsoft's own parser. Nothing of it is executed here."""

import dataclasses
import re
from pathlib import Path

import forests
import moments
import nasty
import oracle
import product
import pytest
from forests import NOW, Recipe, Row, Session
from opencode_lifecycle.sql import side_effects, store
from opencode_lifecycle.sql.cascade import lines
from opencode_lifecycle.sql.cascade import plan_file as script
from opencode_lifecycle.sql.engines import server as servers
from opencode_lifecycle.sql.retention import selection
from opencode_lifecycle.sql.verbs import templates as sample
from tsql.tsql_parser import errors

OWN = Path(sample.__file__).parents[1] / "engines" / "tsql"


@pytest.mark.parametrize("layout", ["v1", "v2", "mixed"])
def test_every_template_parses(layout):
    rendered = [(f"{name} {layout}", sample.text(name, "tsql", layout)) for name in sample.names()
                if sample._speaks_of(name, sample.catalog(layout))]
    assert len(rendered) > 50
    assert errors(rendered) == []


APART = ("functions.sql", "types.sql", "side_effects.sql", "into_side_effects.sql", "procedure.sql")
FILLED = {":a": "N'{}'", ":p": "'$.a'", ":v": "N'x'"}  # what stands in the slots of a function that is spelled


def test_every_statement_of_its_own_folder_parses():
    found = [(path.name, re.sub(r"(?<!:):[apv]\b", lambda slot: FILLED[slot[0]],
                                path.read_text().replace("target", servers.quoted("tsql", "part"))))
             for path in sorted(OWN.glob("*.sql")) if path.name not in APART]
    found += [(f"side_effects.sql {into}", statement.sql) for into in (False, True)
              for statement in side_effects.statements("tsql", ["part", "it's"], ["kv"], into)]
    assert len(found) > 5
    assert errors(found) == []


@pytest.mark.parametrize("schema", ["1.18.33", "v2.0-mixed-simulated", "v2-preview-0.0.0-next-16350"])
def test_a_whole_plan_parses(tmp_path, schema):
    ids = [f"ses_{number}" for number in range(len(nasty.TITLES))] + ["ses_o'b", "ses_\\", "ses_é"]
    titles = [*nasty.TITLES, "a", "b", "c"]
    recipe = Recipe([Session(id, title=title, home="both") for id, title in zip(ids, titles, strict=True)],
                    rows=[Row("event", {"id": f"evt_{n}", "aggregate_id": id, "seq": n, "data": "{}"})
                          for n, id in enumerate(ids)])
    path = forests.build(recipe, tmp_path / "s.db", schema)
    asked = oracle.Policy(max_age_ms=30 * moments.DAY)
    with store.opened(str(path)) as place, product.told(asked):
        question = product.question_of(asked, NOW)
        selection.decide(place, question)
        chosen = selection.selection(place, question.sentence, NOW, question.values)
        plan = script.compose(dataclasses.replace(place, engine="tsql"), chosen, "none", False)
        if place.catalog.has("event"):
            values = {"batch": 1, "slice": 1, "through": 5}
            cut = lines.speller("cascade/batch", "tsql")(values)[:-1]
            plan = dataclasses.replace(plan, turns=(script.Turn(cut, **values), *plan.turns))
        pieces: list[str] = []
        plan.write(place.catalog, pieces.append)
    text = "".join(pieces)
    assert text.count("INSERT INTO #lc_planned") == len(ids)
    assert errors(("plan.sql", text)) == []
