"""Generated tables of a user's or a plugin's: they refer to the client's, to each other, or to neither; triggers."""

from dataclasses import dataclass

from hypothesis import strategies as st

CLIENTS = ("session", "message", "part", "event")
ACTIONS = ("CASCADE", "SET NULL", "SET DEFAULT", "RESTRICT", "NO ACTION")
EVENTS = ("DELETE", "UPDATE", "INSERT")
DEPTH = 4


@dataclass(frozen=True)
class Extra:
    """An unknown table: what it refers to (a table, or None), and what happens on deletion and on update."""

    name: str
    parent: str | None
    deleted: str = "CASCADE"
    updated: str = "NO ACTION"


@dataclass(frozen=True)
class Pull:
    """A trigger on a table, at an event."""

    name: str
    place: str
    event: str


@dataclass(frozen=True)
class World:
    extras: tuple[Extra, ...]
    pulls: tuple[Pull, ...]

    @property
    def reaching(self):
        """Tables whose rows hang on the client's, at any depth."""
        found = set()
        for extra in self.extras:  # a parent stands before what refers to it
            if extra.parent in CLIENTS or extra.parent in found:
                found.add(extra.name)
        return found

    @property
    def moved(self):
        """Everything that must be named: those tables, and triggers on them or on the client's."""
        return self.reaching | {pull.name for pull in self.pulls if pull.place in {*CLIENTS, *self.reaching}}

    @property
    def islands(self):
        return {extra.name for extra in self.extras} - self.reaching


@st.composite
def worlds(draw, actions=ACTIONS):
    extras, names = [], []
    for number in range(draw(st.integers(0, DEPTH))):
        parent = draw(st.sampled_from([None, *CLIENTS, *names[-1:], *names]))
        extras.append(Extra(f"x{number}", parent, draw(st.sampled_from(actions)), draw(st.sampled_from(actions))))
        names.append(f"x{number}")
    places = st.sampled_from([*CLIENTS, *names])
    pulls = draw(st.lists(st.tuples(places, st.sampled_from(EVENTS)), max_size=2))
    return World(tuple(extras), tuple(Pull(f"pull{n}", *pull) for n, pull in enumerate(pulls)))


def key_of(parent):
    return "id" if parent in CLIENTS else "ref"


def table(extra, kind="TEXT", quote='"{}"'.format):
    """Statements that make it and give it a row for each of its parent's."""
    refers = f"REFERENCES {quote(extra.parent)} ({key_of(extra.parent)})" if extra.parent else ""
    key = f", FOREIGN KEY (ref) {refers} ON DELETE {extra.deleted} ON UPDATE {extra.updated}" if extra.parent else ""
    yield f"CREATE TABLE {extra.name} (ref {kind}, note {kind}, UNIQUE (ref){key})"
    if extra.parent:
        yield f"INSERT INTO {extra.name} SELECT {key_of(extra.parent)}, 'mine' FROM {quote(extra.parent)}"
    else:
        yield f"INSERT INTO {extra.name} VALUES ('one', 'mine'), ('two', 'mine')"


def trigger(pull, quote='"{}"'.format):
    """SQLite and MariaDB; it writes down that it ran."""
    return (f"CREATE TRIGGER {pull.name} BEFORE {pull.event} ON {quote(pull.place)} FOR EACH ROW BEGIN "
            f"INSERT INTO pulled VALUES ('{pull.name}'); END")


def trigger_of_postgres(pull):
    yield (f"CREATE OR REPLACE FUNCTION f_{pull.name}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN "
           f"INSERT INTO pulled VALUES ('{pull.name}'); RETURN COALESCE(OLD, NEW); END$$")
    yield (f'CREATE TRIGGER {pull.name} BEFORE {pull.event} ON "{pull.place}" FOR EACH ROW '
           f"EXECUTE FUNCTION f_{pull.name}()")
