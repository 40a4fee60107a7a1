"""What a deletion or an update of ours would set in motion beside the rows that it names: its side effects.

Each engine's `side_effects.sql` lists them: foreign keys at any depth, tables that inherit, triggers, rules, row
security, tables without transactions, functions that stand in front of the system's. The same list is taken again by
the plan's script before its first batch, so that a shell stops over what came later.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

from .compiler.render import literal
from .compiler.statements import Statement, engine_sql
from .refusal import UNSUPPORTED, Refusal
from .words import printable

# What no flag makes right: half of a tree would go, or stay, or somebody else's code would run in our name.
FINAL = frozenset({"policy", "engine", "function"})
OF_DELETIONS = frozenset({"key"})
SHOWN = 5


class SideEffect(NamedTuple):
    """`kind`: key, heir, trigger, rule, policy, engine, function; `name`: the table that refers, or the trigger;
    `place`: the table that it hangs on; `through`: columns of a key as `own=other`; `said`: what it does, and when."""

    kind: str
    name: str
    place: str
    through: str = ""
    said: str = ""

    def sentence(self) -> str:
        name, place, said = printable(self.name), printable(self.place), printable(self.said)
        return {
            "key": f"Table {name} refers to {place} ({said}): its rows would change, go, or stop the run",
            "heir": f"Table {name} inherits from {place}: its rows would change or go",
            "trigger": f"Trigger {name} on {place} ({said}) would run",
            "rule": f"Rule {name} on {place} would run in the place of a statement",
            "policy": f"Row security shows this user a part of the rows of {place} only: trees would be torn",
            "engine": f"Table {place} is of the engine {said}, which takes nothing back: trees would be torn",
            "function": f"{name}({printable(self.through)}) stands in front of the system's own of that name, and "
                        "would run in its place",
        }[self.kind]

    def help(self) -> str:
        return {"policy": "use a role that sees all rows (the tables' owner, or one with BYPASSRLS)",
                "engine": f"give {printable(self.place)} the engine InnoDB first",
                "function": "drop it, or keep the store in a schema of its own"}[self.kind]


def statements(dialect: str, ours: Collection[str], beside: Collection[str] = (),
               into: bool = False) -> list[Statement]:
    """The statements that list side effects: keys and all else of `ours` (tables that we delete from) and of what
    refers to them, all but keys of the tables `beside`; `into` writes them to the script's work table."""
    target = engine_sql(dialect, "into_side_effects")[0].sql if into else ""
    found = []
    for statement in engine_sql(dialect, "side_effects"):
        sql = statement.sql.replace("'ours'", _listed(dialect, ours)).replace("'beside'", _listed(dialect, beside))
        found.append(Statement(sql.replace(":into", target).lstrip(), statement.comment))
    return found


def _listed(dialect: str, names: Collection[str]) -> str:
    return ", ".join(literal(name, dialect) for name in sorted(names) or [""])


def refuse(found: Collection[SideEffect], ignored: Collection[str]) -> None:
    """Raise `Refusal` 78 for what would be set in motion and is not among the names to go on with."""
    left = [one for one in found if one.kind in FINAL or one.name not in ignored]
    final = next((one for one in left if one.kind in FINAL), None)
    if final:
        raise Refusal(f"{final.sentence()}; nothing is changed. Do this: {final.help()}.", UNSUPPORTED)
    if left:
        names = list(dict.fromkeys(printable(one.name, 300) for one in left))
        sentences = list(dict.fromkeys(one.sentence() for one in left))
        more = f"; and {len(sentences) - SHOWN} more" if len(sentences) > SHOWN else ""
        raise Refusal(f"{'; '.join(sentences[:SHOWN])}{more}. That is in no plan and no export, so nothing is changed; "
                      f"drop it, or go on knowingly with --ignore-table={','.join(names)}.", UNSUPPORTED)


def refuse_planted(found: Collection[SideEffect]) -> None:
    """The same for functions and operators that would be called by whatever we send, reading included."""
    refuse([one for one in found if one.kind == "function"], ())


def facts(found: Collection[SideEffect]) -> Iterator[str]:
    """What a plan's digest says of it."""
    for one in sorted(found):
        yield "\t".join(one)
