"""Where a plan can be broken off: between any two of its statements, and inside of its procedures."""

import contextlib
import dataclasses
import re
from unittest import mock

from opencode_lifecycle.sql.cascade import plan_file

BATCH = 2  # the one at which a procedure is broken: one batch is done by then, and one is not
FAULT = "broken here"
FAULTS = {  # on a server an error that our runner knows: the disk is full
    "sqlite": f"SELECT RAISE(FAIL, '{FAULT}') FROM lc_batch WHERE number = {BATCH};",
    "postgres": f"IF (SELECT MAX(b.number) FROM lc_batch AS b) = {BATCH} THEN "
                f"RAISE EXCEPTION '{FAULT}' USING ERRCODE = '53100'; END IF;",
    "mysql": f"IF (SELECT MAX(b.number) FROM lc_batch AS b) = {BATCH} THEN SIGNAL SQLSTATE '45000' "
             f"SET MYSQL_ERRNO = 1114, MESSAGE_TEXT = '{FAULT}'; END IF;",
}
OPENING = re.compile(r"^(?:CREATE [^\n]*(?:TRIGGER|PROCEDURE)|PREPARE )[\s\S]*?BEGIN(?: NOT ATOMIC)?$", re.MULTILINE)
NAME = re.compile(r"\blc_(?:guard|remove|remove_log)\b")


def pieces(plan, catalog):
    """A plan's text, statement by statement: (text, whether it is one). A batch's line is taken apart."""
    steps = list(plan.steps(catalog))
    batches = list(plan.transactions(catalog))
    lines = {" ".join(one.text for one in together) for together in plan._lines_of(iter(batches))}
    for step in steps:
        if step.text in lines:
            yield from ((sql + ";\n", True) for one in batches if one.text in step.text
                        for sql in (*one.guard, *one.removal, *one.end))
        else:
            yield step.text + "\n", bool(step.sql)


def broken(text, statement):
    """The same text with one statement more, at each place inside of its procedures in turn."""
    for place in places(text):
        yield text[:place] + f"\n  {statement}" + text[place:]


def places(text):
    """Where inside of its procedures a statement ends, or the first begins."""
    for opening in OPENING.finditer(text):
        end = re.compile(r"^END", re.MULTILINE).search(text, opening.end()).start()
        yield opening.end()
        yield from (found.end() for found in re.compile(r";$", re.MULTILINE).finditer(text, opening.end(), end))


@contextlib.contextmanager
def carried_out(text):
    """Inside, our runner makes the procedures as they stand in this text, whatever a rendering says."""
    changed = {}
    for opening in OPENING.finditer(text):
        end = re.compile(r"^END(?:;$|\"|\n\$gc\$)", re.MULTILINE).search(text, opening.end())
        changed[NAME.search(opening[0])[0]] = text[opening.start():end.end()].removesuffix(";")
    prepared = plan_file.Script.preparation

    def preparation(plan, catalog, modern=False):
        for step in prepared(plan, catalog):
            found = OPENING.search(step.sql or "")
            yield dataclasses.replace(step, sql=changed[NAME.search(found[0])[0]]) if found else step

    with mock.patch.object(plan_file.Script, "preparation", preparation):
        yield
