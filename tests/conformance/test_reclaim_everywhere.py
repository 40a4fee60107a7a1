"""One reclamation for all engines: the same stores are left with the same content, and undo brings all of it back."""

import json
import os
from contextlib import closing
from itertools import accumulate

import by_url
import drawn
import forests
import moments
import nasty
import pytest
import reclaim_oracle
import wear
import worlds
from forests import NOW
from hypothesis import given, note, settings
from hypothesis import strategies as st
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.reclamation import execute, originals
from opencode_lifecycle.sql.reclamation import forecast as reclaim
from opencode_lifecycle.sql.reclamation.kinds import KINDS as EVERY_KIND
from reclaimed import to_reclaim
from size import FULL

WEEK = 7 * moments.DAY
ALL = tuple(kind for kind in EVERY_KIND if kind != "files")
BY_ID = ("part", "message", "session", "session_v2", "session_message", "event")  # the others are not edited
UNLIKE = {text for _, text in nasty.BY_ENGINE}
FEW = settings(max_examples=400 if FULL or os.environ.get("HYPOTHESIS_PROFILE") else 8)


@FEW
@given(recipe=drawn.forests(portable=True), seed=st.integers(0, 2**30), schema=drawn.schemas(),
       kinds=st.sets(st.sampled_from(ALL), min_size=1), all_events=st.booleans())
def test_a_server_is_left_with_what_a_file_is_left_with_and_undo_brings_all_back(
        tmp_path_factory, shared_url, recipe, seed, schema, kinds, all_events):
    kinds = tuple(kind for kind in ALL if kind in kinds)
    all_events &= "leftovers" not in kinds  # a log keeps its session; once it is gone, the next run takes that, too
    note(f"{schema} {kinds}")
    folder = tmp_path_factory.mktemp("s")
    path = forests.build(wear.worn(recipe, seed, portable=True), folder / "s.db", schema)
    worlds.empty(shared_url)
    assert not worlds.load(path, shared_url).left
    if recipe.sessions or recipe.chain.depth:
        same_everywhere(path, shared_url, kinds, all_events, folder)


@pytest.mark.parametrize("kinds", [*((kind,) for kind in ALL), ALL], ids="+".join)
def test_every_kind_leaves_every_nasty_row_of_a_server_as_it_leaves_a_files(tmp_path, url, kinds):
    texts = [(name, text.decode()) for name, text in nasty.PORTABLE if text.decode() not in UNLIKE]
    path = forests.build(wear.nasty_recipe(texts), tmp_path / "s.db", "1.18.33")
    assert not worlds.load(path, url).left
    same_everywhere(path, url, kinds, False, tmp_path)


def same_everywhere(path, url, kinds, all_events, folder):
    """Reclaim the file and its copy on the server, and undo it there."""
    before, request = server_rows(url), to_reclaim(kinds, NOW, WEEK, all_events)
    reclaimed(path, request, None)
    expected = {table: by_id(rows.values()) for table, rows in reclaim_oracle.read(path).items()}
    reclaimed(url, request, folder / "originals.zst")
    found = server_rows(url)
    assert differences(url, before, expected, found) == []
    assert others(worlds.dump(url)) == others(worlds.file_dump(path))
    with store.opened(url) as place:
        assert originals.bring_back(place, folder / "originals.zst").changed == 0
    assert server_rows(url) == before


def reclaimed(where, request, export):
    """Forecast and run, which agree, and then nothing is left to do."""
    with store.opened(str(where)) as place:
        plan = reclaim.forecast(place, request, place.catalog.strangers)
        if export:
            originals.write(place, plan, export)
        done = execute.run(place, plan, export, "", lambda _: None)
    assert not done.left
    assert done.gains == {kind: gain for kind, gain in plan.gains.items() if gain["rows"]}
    with store.opened(str(where)) as place:
        assert reclaim.forecast(place, request, place.catalog.strangers).batches == ()


def server_rows(url):
    """Rows by id, of the tables that hold content."""
    found = {}
    with closing(by_url.connect(url)) as connection, connection.cursor() as cursor:
        for table in set(worlds.tables(url)) & set(BY_ID):
            cursor.execute(f"SELECT * FROM {worlds.quote(url, table)}")
            names = [column[0] for column in cursor.description]
            found[table] = by_id(dict(zip(names, row, strict=True)) for row in cursor.fetchall())
    return found


def by_id(rows):
    return {row.get("id"): row for row in rows}


def others(shapes):
    return {table: rows for table, rows in shapes.items() if table not in BY_ID}


def differences(url, before, expected, found):
    """Where the server's rows are not the file's; what the engine cannot edit must be as it was."""
    wrong = []
    for table, rows in found.items():
        wrong += [(table, id, "gone or new") for id in rows.keys() ^ expected[table].keys()
                  if not (is_odd if id in rows else is_read_loosely)(url, before[table][id]["data"])]
        for id in rows.keys() & expected[table].keys():
            for column, value in rows[id].items():
                original = before[table][id][column]
                if isinstance(original, str) and is_odd(url, original):
                    same = value == original or is_read_loosely(url, original)
                elif expected[table][id][column] == original:
                    same = value == original
                else:
                    same = meaning(value) == meaning(expected[table][id][column])
                if not same:
                    wrong.append((table, id, column, original, expected[table][id][column], value))
    return wrong


def meaning(text):
    """A value as JavaScript sees it: numbers are floats."""
    try:
        return json.loads(text, parse_int=float)
    except (TypeError, ValueError):
        return text


def is_odd(url, text):
    """What the engine takes for no JSON, or cannot write back. MariaDB: half of a surrogate pair, and what is nested
    in 32 levels."""
    if by_url.is_postgres(url):
        return is_read_loosely(url, text)
    return half_a_pair(text) or depth(text) > 31 or is_read_loosely(url, text)


def is_read_loosely(url, text):
    """What an engine may make something else of. MariaDB reads an escape that JSON has not as one that it has."""
    return text in UNLIKE or not by_url.is_postgres(url) and "\\x" in text


def half_a_pair(text):
    try:
        json.dumps(json.loads(text), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    except ValueError:
        pass
    return False


def depth(text):
    """Levels of brackets: enough, where no text holds any that are not closed."""
    return max(accumulate((letter in "[{") - (letter in "]}") for letter in text), default=0)
