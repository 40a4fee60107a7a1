"""Every kind of reclamation on every nasty row, twice: nothing changes but the named paths, and nothing fails."""

import forests
import nasty
import pytest
import reclaim_oracle
import wear
from forests import NOW
from reclaimed import ALL, WEEK, run

# Which of two outputs counts is up to the reader; the first is replaced.
UNCLEAR = {"duplicate output"}


def name_of(row):
    """The nasty text that a row was made of."""
    number = str(row.get("id", "")).rpartition("_")[2]
    return wear.EVERY[int(number)][0] if number.isdigit() and len(number) == 3 else ""


@pytest.mark.parametrize("schema", ["1.2.15", "1.18.33", "v2.0-mixed-simulated"])
@pytest.mark.parametrize("kinds", [*((kind,) for kind in ALL), ALL], ids="+".join)
def test_nothing_changes_but_what_the_kind_names_and_the_second_run_changes_nothing(tmp_path, kinds, schema):
    path = forests.build(wear.nasty_recipe(), tmp_path / "s.db", schema)
    before = reclaim_oracle.read(path)
    expected = reclaim_oracle.reclaimed(before, kinds, NOW, WEEK)
    plan, done = run(path, kinds)
    wrong = reclaim_oracle.differences(expected, reclaim_oracle.read(path))
    assert [one for one in wrong if name_of(before[one[0]][one[1]]) not in UNCLEAR] == []
    assert done.gains == {kind: gain for kind, gain in plan.gains.items() if gain["rows"]}
    again, nothing = run(path, kinds)
    assert again.batches == () and nothing.rows == {}
    assert again.broken == plan.broken


PLACES = {"compacted": ("part", "prt_compacted_", "data"), "outputs": ("part", "prt_outputs_", "data"),
          "reasoning": ("part", "prt_reasoning_", "data"), "events": ("event", "evt_1_", "data"),
          "diffs": ("message", "msg_diffs_", "data"), "orphans": ("part", "prt_lost_", "data"),
          "revert": ("session", "ses_", "revert")}


@pytest.mark.parametrize("kind", PLACES)
def test_each_kind_finds_its_work_in_every_nasty_row_that_is_json_and_leaves_the_rest(tmp_path, kind):
    table, prefix, column = PLACES[kind]
    path = forests.build(wear.nasty_recipe(), tmp_path / "s.db", "1.18.33")
    before = found(path, table, prefix, column)
    run(path, ("diffs",) if kind == "revert" else (kind,))
    after = found(path, table, prefix, column)
    touched = {name for name in before if after.get(name) != before[name]}
    sound = {name for name, _ in nasty.RECLAIMABLE} | {"invalid in a reclaimable output"} | UNCLEAR
    if kind == "orphans":
        assert touched == set(before)
    else:
        assert sound <= touched and not touched & {name for name, _ in nasty.NOT_JSON + nasty.BLOBS}


def found(path, table, prefix, column):
    rows = reclaim_oracle.read(path)[table].values()
    return {name_of(row): row[column] for row in rows if row["id"].startswith(prefix) and name_of(row)}


NOT_JSON = {name for name, _ in nasty.NOT_JSON} | {"latin-1", "empty blob", "binary blob"}
BY_VERSION = len(nasty.BY_ENGINE)
LOOKED_AT = {"compacted": ("part", 3), "outputs": ("part", 3), "reasoning": ("part", 3), "events": ("event", 2),
             "diffs": ("message", 1)}


def may_be_marked():
    """Of the parts that are no JSON, those that have the word and do not begin as a thought."""
    texts = [wear.shaped(text, kind) for _, text in nasty.NOT_JSON for kind in ("compacted", "outputs", "reasoning")]
    return sum('"compacted"' in text and not text.startswith('{"type":"reasoning"') for text in texts)


@pytest.mark.parametrize("kind", LOOKED_AT)
def test_every_row_that_is_no_json_is_counted_once_where_a_kind_looks(tmp_path, kind):
    path = forests.build(wear.nasty_recipe(), tmp_path / "s.db", "1.18.33")
    table, times = LOOKED_AT[kind]
    wanted = may_be_marked() if kind == "compacted" else times * len(NOT_JSON)
    plan, _ = run(path, (kind,))
    assert 0 <= plan.broken[table]["rows"] - wanted <= times * BY_VERSION
    together, _ = run(path, (kind, *(one for one in LOOKED_AT if LOOKED_AT[one][0] != table)))
    assert together.broken[table] == plan.broken[table]


def test_a_row_that_goes_for_want_of_an_owner_is_not_said_to_stay(tmp_path):
    path = forests.build(wear.nasty_recipe(), tmp_path / "s.db", "1.18.33")
    plan, _ = run(path, ("orphans", "compacted"))
    again, _ = run(path, ("orphans", "compacted"))
    assert again.broken == plan.broken
