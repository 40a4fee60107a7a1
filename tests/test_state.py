"""Our own state: made by whoever comes first, and used by many at once."""

import multiprocessing

import pytest
from opencode_lifecycle.sql import state

RUNS = 6
OLD = "CREATE TABLE runs (id INTEGER PRIMARY KEY, store TEXT, verb TEXT); " \
      "CREATE TABLE sizes (store TEXT, moment INTEGER, file_bytes INTEGER, PRIMARY KEY (store, moment))"
USES = (lambda: state.finish(state.begin(store="s", verb="prune"), outcome="done"),
        lambda: state.origin("s", "name"),
        lambda: (state.pin("s", "ses_1", 3), state.unpin("s", "ses_1")),
        lambda: (state.brought_back("s", ["ses_1"], 4), state.removed("s")),
        lambda: state.known_as("s", "file", {}, *[lambda row: False] * 3))


def _use(number, gate, said):
    gate.wait()
    try:
        for use in USES[number % len(USES):] + USES[:number % len(USES)]:
            use()
        said.put(None)
    except BaseException as error:
        said.put(repr(error))


@pytest.mark.parametrize("older", [False, True])
def test_runs_that_begin_at_once_all_can_use_our_own_state_which_none_has_made_yet(older):
    context = multiprocessing.get_context("fork")
    for _ in range(8):
        made = state.folder() / "state.db"
        made.unlink(missing_ok=True)
        if older:
            made.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with state.sqlite3.connect(made) as db:
                db.executescript(OLD)
            db.close()
        gate, said = context.Barrier(RUNS), context.SimpleQueue()
        processes = [context.Process(target=_use, args=(number, gate, said)) for number in range(RUNS)]
        for process in processes:
            process.start()
        answers = [said.get() for _ in processes]
        for process in processes:
            process.join()
        assert not any(answers), answers
        assert len(state.runs("s")) == RUNS and len(state.origin("s", "another")) == 4
