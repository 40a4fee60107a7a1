"""Changes to what a mirror takes for changed, newer, vanished, or another origin's."""

# ruff: noqa: E501  a line of a template is as long as it is
from mutant import of

MIRROR = [
    *of(
        "transfer/copy_state.sql",
        ("n.rooted = 0 AND NOT (", "n.rooted = 7 AND NOT (", "what a deleted session left behind takes its rows from the copy"),
        ("c.fingerprint <> n.fingerprint OR ", "", "what changed is not brought"),
        (" OR c.root_id <> n.root_id", " OR 1 = 1", "everything is brought each time"),
        ("n.rooted = 1 AND << row.missing", "n.rooted = 7 AND << row.missing", "what was lost there does not come again"),
        ("n.newest >= c.seen - 2000", "n.newest < 0", "a time as new as the look tells two states apart"),
        ("c.origin = :origin AND ", "", "what another origin brought counts as brought"),
    ),
    *of(
        "transfer/copy_stronger.sql",
        ("OR f.newest > m.newest THEN 2", "OR f.newest > m.newest THEN 0", "an older tree takes the place of a newer one"),
        ("f.newest < m.newest THEN 0", "f.newest < m.newest THEN 2", "a newer tree stays out"),
        ("WHEN f.tally = m.tally AND f.bytes = m.bytes THEN 1", "WHEN f.tally = m.tally AND f.bytes = m.bytes THEN 0", "of two as large and as new the last one stands"),
        ("f.tally > m.tally OR f.tally = m.tally AND f.bytes > m.bytes", "1 = 1", "of two as new the larger one stays out"),
    ),
    *of(
        "transfer/copy_foreign.sql",
        ("WHERE o.origin <> :origin\n", "WHERE o.origin = :origin\n", "what another origin brought is not seen"),
    ),
    *of("transfer/copy_alone.sql", ("o.kept = 1 AND o.vanished IS NULL", "o.kept = 1", "what vanished counts as held by its origin")),
    *of("transfer/copy_beyond.sql", ("WHERE n.name IS NULL\nGROUP BY owner.session_id", "WHERE n.name = ''\nGROUP BY owner.session_id", "parts that nobody else has are overwritten")),
    *of("transfer/copy_record.sql", ("<> b.digest", "= b.digest", "who lost is not told")),
    *of("transfer/copy_vanish.sql", (" AND vanished IS NULL", "", "since when a session is gone is written anew each time")),
    *of("transfer/copy_vanished.sql", ("c.vanished IS NULL AND ", "", "what vanished is told each time")),
    *of("transfer/copy_back.sql", ("vanished = NULL", "vanished = vanished", "what is back counts as gone")),
]
