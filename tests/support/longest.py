"""The files that take longest come first, so that none of them runs at the end, alone on one processor.

A worker of xdist takes a file at a time (`--dist loadfile`), and by itself xdist begins with those of many tests, which
are the quick ones. The order is a rough one; a file that is not named comes after those that are.

The files of the client go to one worker together, before all others: what they share, a world of sessions of the real
client, takes most of a minute to build, and they wait for the client more than they compute.
"""

from places import ROOT
from xdist.scheduler import LoadFileScheduling

FILES = (
    "client/test_client", "client/test_client_pace", "verbs/test_nothing_is_lost", "transfer/test_fuzz_files",
    "mutation/test_mutation", "conformance/test_conformance", "conformance/test_stopped",
    "conformance/test_shell_faults", "unattended/test_year", "conformance/test_enforce_everywhere",
    "conformance/test_reclaim_everywhere", "conformance/test_side_effects_servers", "conformance/test_server_faults",
    "unattended/test_reported", "unattended/test_enforce",
    "verbs/test_pace_verbs", "cascade/test_kill", "benchmark/test_benchmark", "benchmark/test_team",
    "reclamation/test_reclaim_kill", "client/test_exports", "client/test_client_reclaim",
    "client/test_client_attachments", "test_pace", "cascade/test_huge_tree", "cascade/test_side_effects",
    "transfer/test_export_before_removal", "retention/test_selection", "engines/test_private_servers",
    "cascade/test_plan_in_the_shell", "conformance/test_server_privileges", "conformance/test_pinned_everywhere",
    "conformance/test_encodings_everywhere", "test_space", "transfer/test_restore", "transfer/test_mirror_richer",
    "verbs/test_odd_values", "reclamation/test_reclaim", "verbs/test_bad_input", "docs/test_readme",
    "reclamation/test_attachments", "schema/test_odd_stores", "docs/test_packaging", "cascade/test_pinned",
    "cascade/test_full_disk", "transfer/test_undo",
)  # fmt: skip
PLACES = {ROOT / "tests" / f"{name}.py": place for place, name in enumerate(FILES)}


def first(items):
    """Sort the tests in place: by the place of their file, and else as they were."""
    items.sort(key=lambda item: PLACES.get(item.path, len(PLACES)))


class Files(LoadFileScheduling):
    """A file at a time; the client's together."""

    def _split_scope(self, nodeid):
        file = super()._split_scope(nodeid)
        return "client" if "client/" in file else file
