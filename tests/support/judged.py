"""What the oracle says of a store, in the form in which the product answers."""

from dataclasses import replace

import drawn
import oracle
import session_trees
import store_rows
from forests import NOW

# A project that no row names is refused before anything is judged.
POLICIES = drawn.policies().filter(lambda asked: asked.project != "prj_none")


def expected(con, asked):
    found = {}
    for verdict in oracle.judge(con, asked, NOW):
        key = verdict.root if verdict.unit == "tree" else ("child", verdict.root)
        found[key] = (verdict.verdict, verdict.reason, tuple(sorted(verdict.sessions, key=repr)))
    return found


def unowned(con, asked):
    """What the rows of no session weigh, reckoned row by row."""
    store = store_rows.read_store(con)
    sessions, owners = session_trees.find_sessions(store), store_rows.sessions_of_messages(store)
    weight = 0
    for table in store_rows.OWNED:
        for row in store.get(table, ()):
            if store_rows.owner(table, row, owners) not in sessions:
                weight += asked.row_cost + sum(store_rows.octets(row.get(c)) for c in store_rows.data_columns(table))
    return weight


def weighed(con, asked, choice, short):
    """The policy with its limits where they bite, and with what belongs to no tree in this store."""
    fixed = asked.unowned
    asked = replace(asked, unowned=fixed + unowned(con, asked))
    return drawn.snug(con, asked, NOW, choice, short) if choice else asked, fixed
