"""What the product says of a store, held against the oracle: verdicts, reasons, units in their order, sums."""

from dataclasses import replace

import forests
import oracle
import product
import store_rows
from case_rows import V1
from forests import NOW
from judged import expected, unowned
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.retention import selection
from sqlite_utils.utils import sqlite3  # as the product has it: two copies let go of each other's locks


def agree(folder, recipe, asked, schema=V1):
    """Verdicts, reasons, units in their order and all sums are the oracle's."""
    path = forests.build(recipe, folder / "s.db", schema)
    con = sqlite3.connect(path)
    fixed = asked.unowned
    asked = replace(asked, unowned=fixed + unowned(con, asked))
    verdicts = oracle.judge(con, asked, NOW)
    rows = store_rows.read_store(con)
    wanted = expected(con, asked)
    con.close()
    with store.opened(str(path)) as place, product.told(asked, fixed):
        question = product.question_of(asked, NOW)
        plain = selection.nothing_goes(place, question)
        selection.decide(place, question)
        chosen = selection.selection(place, question.sentence, NOW, question.values, own=question.sections)
        found = judged(place)
    assert found == wanted
    assert not (plain and chosen.units)
    going = sorted(
        (v for v in verdicts if v.verdict == "remove"), key=lambda v: (v.active, store_rows.id_order(v.root))
    )
    assert [unit_of(unit) for unit in chosen.units] == [
        (v.root, v.reason, sorted(v.sessions), v.active, v.bytes, v.rows) for v in going
    ]
    assert all(unit.sessions[0].id == unit.root.root_id for unit in chosen.units)
    kept = [v for v in verdicts if v.verdict == "keep"]
    children = [v for v in going if v.unit == "child"]
    assert chosen.keep == {
        "trees": len(kept),
        "sessions": sum(len(v.sessions) for v in kept) - sum(len(v.sessions) for v in children),
        "bytes": sum(v.bytes for v in kept) - sum(v.bytes for v in children),
    }
    removed = oracle.removed_ids(verdicts)
    assert (chosen.children, chosen.sessions) == (len(children), sum(len(v.sessions) for v in going))
    assert (chosen.rows, chosen.bytes) == totals(rows, removed)
    if not asked.max_size:
        assert chosen.protected == protected(kept)
    return verdicts


def judged(place):
    members, units = {}, {}
    for id, root in product.rows(place, "members"):
        members.setdefault(root, []).append(id)
    for id, root in product.rows(place, "children"):
        units.setdefault(root, []).append(id)
    trees = {
        root: (verdict, reason, tuple(sorted(members[root], key=repr)))
        for root, verdict, reason in product.rows(place, "verdicts")
    }
    return trees | {
        ("child", root): ("remove", "child-age", tuple(sorted(ids, key=repr))) for root, ids in units.items()
    }


def unit_of(unit):
    return (
        unit.root.id,
        unit.root.reason,
        sorted(s.id for s in unit.sessions),
        max(s.active for s in unit.sessions),
        unit.bytes,
        unit.rows,
    )


def totals(store, removed):
    rows, octets, owners = {}, {}, store_rows.sessions_of_messages(store)
    for table in store_rows.OWNED:
        for row in store.get(table, ()):
            if store_rows.owner(table, row, owners) in removed:
                rows[table] = rows.get(table, 0) + 1
                weight = sum(store_rows.octets(row.get(column)) for column in store_rows.data_columns(table))
                octets[table] = octets.get(table, 0) + weight
    return rows, octets


def protected(kept):
    found = {}
    for verdict in kept:
        if verdict.protections and verdict.limits:
            found[verdict.reason] = found.get(verdict.reason, 0) + 1
    return found
