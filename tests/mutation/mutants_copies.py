"""Changes to what a mirror brings, and to what it leaves in the copy."""

# ruff: noqa: E501  a line of a template is as long as it is
from mutant import of

COPIES = [
    *of(
        "transfer/mirror_newer.sql",
        ("MAX(t.newest) > COALESCE", "MAX(t.newest) >= COALESCE", "what is as new counts as newer"),
        ("MAX(t.newest)", "MIN(t.newest)", "the oldest row says how new a session is"),
        ("COALESCE(MAX(c.newest), 0)", "MAX(c.newest)", "a source without a time overwrites a copy that has one"),
    ),
    *of(
        "transfer/mirror_there.sql",
        (" ON owner.session_id = c.id", " ON owner.id = c.id", "parts say nothing of how new a session is"),
        ("t.<< table.key >> = c.id\nWHERE", "t.id = c.id\nWHERE", "parts without a message say nothing"),
        ("t.<< table.key >> = c.id\nGROUP", "t.<< table.key >> = ''\nGROUP", "sessions and messages say nothing"),
    ),
    *of(
        "transfer/mirror_richer.sql",
        ("clean_time(t.time_updated) = n.newest AND ", "", "what was written since stays as it was"),
        (" AND octet_length(t.data) > n.octets", "", "what is the same on both sides counts as richer"),
        (" AND n.seq = t.seq\nWHERE n.name IS NULL", " AND n.seq = -1\nWHERE n.name IS NULL", "a log that began anew is twofold"),
        ("AND n.seq < lc_richer.seq", "AND n.seq < -1", "the log of a session made anew keeps its old events"),
        ("\n  AND NOT EXISTS (SELECT 1 FROM << table.via.table >> AS owner", "\n  AND EXISTS (SELECT 1 FROM << table.via.table >> AS owner", "what the client deleted stays"),
        ("WHERE n.name = 'session_v2'", "WHERE n.name = 'session'", "rows of 1.x go with those of the source"),
        ("'message', 'part', 'todo')", "'message')", "sessions that the source has count as left behind"),
    ),
    *of(
        "transfer/mirror_source.sql",
        ("if owned.updated else", "if owned.log else", "no row has a time"),
    ),
    *of("transfer/_mirror.sql",
        ("> :huge THEN 1", "> :huge THEN 0", "a long text of a file is left out"),
        ("<< value >>) > :huge THEN 1", "<< value >>) > :huge + 1 THEN 1", "a text an octet longer than that is, too"),
        ("k.name = '<< table.name >>'", "k.name = ''", "what stays is read back as if it had come"),
        ("e.id = << session >>", "e.id = ''", "rows of 1.x are cleared")),
    *of("transfer/into_folder.sql",
        (":below = 1", ":below = 2", "folders inside a project are all one"),
        (":folder || '/' || :path", ":folder", "a folder inside is not gone into"),
        ("WHEN :path IS NULL THEN NULL ELSE", "WHEN :path IS NULL THEN '' ELSE", "what no client said of a path is said"),
        ("SUBSTR(w.directory, :start)", "SUBSTR(w.directory, :start + 1)", "a path lacks its first letter")),
    *of("transfer/mirror_diffs.sql",
        ("t.summary_diffs IS NULL AND ", "", "diffs that the source has count as kept"),
        ("clean_time(t.time_updated) = w.newest AND ", "", "a revert that was written since is put back")),
]
