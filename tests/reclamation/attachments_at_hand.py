"""Attachments that a test moves out and puts back, and what it looks at."""

import base64

import attached
import moments
from forests import NOW
from opencode_lifecycle.sql import store
from opencode_lifecycle.sql.reclamation import attachment_files, attachments, execute, originals, standin
from opencode_lifecycle.sql.reclamation import forecast as reclaim
from reclaim_oracle import read
from reclaimed import to_reclaim

WEEK = 7 * moments.DAY
KIND = ("attachments",)


def run(path, kinds=KIND, export=None):
    with store.opened(str(path)) as place:
        plan = reclaim.forecast(place, to_reclaim(kinds, NOW, WEEK))
        if export:
            originals.write(place, plan, export)
        return plan, execute.run(place, plan, export, "", lambda _: None)


def put_back(path, session=None, dry_run=False):
    with store.opened(str(path)) as place:
        return attachments.put_back(place, session, dry_run)


def kept():
    return sorted(one for one in attachment_files.folder().rglob("*") if one.is_file())


def texts(path, table="part"):
    return {row["id"]: row["data"] for row in read(path)[table].values()}


def changed(before, after, table):
    """What moved out of a table, held against the rules of the kind: every other octet of the JSON is the same, and
    what stands there says which file lies in the folder."""
    moved = 0
    for id, old in before.items():
        if old == after[id]:
            continue
        (rest, left), (still, standing) = attached.places(table, old), attached.places(table, after[id])
        assert rest == still and len(left) == len(standing)
        for (mime, was), (kind, bare) in zip(left, standing, strict=True):
            assert mime == kind
            if was != bare:
                digest = standin.digest_of(mime, base64.b64decode(bare, validate=True))
                assert attachment_files.path_of(digest).read_bytes() == base64.b64decode(was)
                moved += 1
    return moved
