"""Changes to what a tree is, when it was active, and what it weighs."""

# ruff: noqa: E501  a line of a template is as long as it is
from mutant import of

TREES = [
    *of(
        "retention/tree.sql",
        (
            "b.moment > :restored_since",
            "b.moment >= :restored_since",
            "a restored tree is held a millisecond longer",
        ),
        ("w.id = s.id", "1 = 0", "what a pattern of the policy names is not protected"),
        ("w.id = s.id", "1 = 1", "what no pattern names is protected with what one does"),
        (
            "CASE WHEN s.id = r.root_id THEN s.project_id END",
            "s.project_id",
            "a tree's project is its largest",
        ),
        ("MAX(s.active)", "MIN(s.active)", "a tree is as old as its oldest session"),
        (
            "SUM(s.bytes + (s.tally + s.log_rows) * :row_cost)",
            "SUM(s.bytes + s.tally * :row_cost)",
            "event rows cost nothing",
        ),
        (
            "SUM(s.bytes + (s.tally + s.log_rows) * :row_cost)",
            "MAX(s.bytes + (s.tally + s.log_rows) * :row_cost)",
            "a tree is as large as its largest session",
        ),
        ("MAX(s.unsafe)", "MIN(s.unsafe)", "one unsafe id does not hold its tree"),
        ("MAX(s.unclear)", "MIN(s.unclear)", "one unclear time does not hold its tree"),
        ("MAX(h.running)", "MIN(h.running)", "one running session does not hold its tree"),
        ("MAX(s.shared)", "MIN(s.shared)", "one shared session does not hold its tree"),
        ("MAX(h.pinned)", "MIN(h.pinned)", "one pinned session does not hold its tree"),
    ),
    *of(
        "retention/running.sql",
        (">= :week_ago", "> :week_ago", "a row exactly a week old is not recent"),
        ("HAVING MAX(s.newest)", "HAVING MIN(s.newest)", "an old session of a tree makes it stale"),
        (
            "json_extract(m.data, '$.role') = 'assistant'",
            "json_extract(m.data, '$.role') = 'user'",
            "a user's message counts as an open turn",
        ),
        ("      AND json_has(m.data, '$.time.completed') = 0\n", "", "a completed turn is running"),
        ("      AND json_has(m.data, '$.error') = 0 THEN", "      THEN", "a failed turn is running"),
        ("  AND m.type = 'assistant'\n", "", "a user's message of 2.x counts as an open turn"),
        (
            "CASE WHEN json_has(m.data, '$.time.completed') = 0 AND json_has",
            "CASE WHEN json_has",
            "a completed turn of 2.x is running",
        ),
        (
            "m.session_id = r.id AND p.message_id = m.id",
            "m.session_id = r.id AND p.session_id = r.id",
            "a part belongs to the session it names itself",
        ),
        (
            "    WHEN EXISTS (SELECT 1 FROM message AS m WHERE m.id = p.message_id) THEN 0\n",
            "",
            "a part runs for two sessions",
        ),
        (
            "MAX(s.active) < :active_since",
            "MAX(s.active) > :active_since",
            "a plan does not look whether what is too old is running",
        ),
        (
            "    OR EXISTS (SELECT 1 FROM lc_section AS c)\n",
            "",
            "a plan does not look whether what a project's own limits take is running",
        ),
        (
            "OR :by_created = 1 OR",
            "OR",
            "a plan does not look whether what was made long ago is running",
        ),
        (
            "COALESCE(:max_sessions, :max_size,",
            "COALESCE(:max_size,",
            "a plan does not look whether what is beyond the count is running",
        ),
        (
            ":max_size, :max_tree_size,",
            ":max_tree_size,",
            "a plan does not look whether what does not fit is running",
        ),
        (
            ":max_tree_size, :child_since)",
            ":child_since)",
            "a plan does not look whether what is too large is running",
        ),
        (", :child_since)", ")", "a plan does not look whether a tree with old children is running"),
        ("t.time_compacting IS NOT NULL", "1 = 0", "a compaction is not running"),
        ("<< mark >> = t.<< mark >>", "<< mark >> <> t.<< mark >>", "what 2.x has claimed is not running"),
    ),
    *of(
        "retention/named.sql",
        (
            "\n  AND NOT EXISTS (SELECT 1 FROM session_v2 AS twin WHERE twin.id = s.id)",
            "\n  AND 1 = 0",
            "patterns are not held against sessions of the first layout where there are two",
        ),
        ('"project_id") >>, << column(table, "directory")', '"directory") >>, << column(table, "project_id")', "a folder is taken for a project"),
    ),
    *of(
        "retention/_busy_signs.sql",
        ('  ("claimed", "session_v2", "id", "time_suspended"),\n', "", "a claim is no sign"),
        ('  ("inbox", "session_inbox", "session_id", none),\n', "", "a full inbox is no sign"),
        ('  ("pending", "session_pending", "session_id", none),\n', "", "pending work is no sign"),
    ),
    *of(
        "retention/session.sql",
        (
            "\n  AND NOT EXISTS (SELECT 1 FROM session_v2 AS twin WHERE twin.id = s.id)",
            "\n  AND 1 = 0",
            "sessions of the first layout alone are no sessions where there are two layouts",
        ),
        (
            "name IN ('session', 'session_v2', 'message', 'session_message')",
            "name IN ('session', 'session_v2')",
            "messages are no activity",
        ),
        (
            "name IN ('session', 'session_v2', 'message', 'session_message')",
            "name IN ('session', 'session_v2', 'message', 'session_message', 'part')",
            "parts are activity",
        ),
        (
            "name IN ('session', 'session_v2', 'message', 'session_message')",
            "name IN ('session', 'message', 'session_message')",
            "a 2.x session's own time is no activity",
        ),
        ("    MAX(newest) AS newest,", "    MIN(newest) AS newest,", "the oldest row stands for the newest"),
        ("CASE WHEN u.unclear > 0", "CASE WHEN u.unclear > 1", "a single unclear time is overlooked"),
    ),
    *of(
        "retention/usage.sql",
        (
            "SUM(CASE WHEN clean_time(t.time_updated) IS NULL THEN 1 ELSE 0 END)",
            "0",
            "no time is ever unclear",
        ),
        (
            "JOIN << table.name >> AS t ON t.<< table.via.column >> = owner.id",
            "JOIN << table.name >> AS t ON t.<< table.key >> = owner.session_id",
            "parts are counted by the session they name, once for each of its messages",
        ),
        (
            "  AND NOT EXISTS (SELECT 1 FROM << table.via.table >> AS owner WHERE owner.id = t.<< table.via.column >>)\n",
            "",
            "parts count for two sessions",
        ),
        (
            " WHERE u.name = '<< table.name >>')\n  AND",
            ")\n  AND",
            "parts whose message is gone do not count where the other tables have more rows",
        ),
    ),
    *of(
        "retention/_sources.sql",
        (
            "COALESCE(<< table >>_row.share_url, '') <> ''",
            "<< table >>_row.share_url IS NOT NULL",
            "an empty share url counts as shared",
        ),
        (
            "  WHEN EXISTS (SELECT 1 FROM session_share AS share WHERE share.session_id = << key >>) THEN 1\n",
            "",
            "a row in session_share does not count as shared",
        ),
        (
            "CASE WHEN session_v2_row.id IS NULL THEN session_row.",
            "CASE WHEN session_row.id IS NOT NULL THEN session_row.",
            "of two layouts the 1.x row tells the facts",
        ),
        (
            '<< " OR" if not loop.last >><% endfor %> THEN',
            '<< " AND" if not loop.last >><% endfor %> THEN',
            "archived means archived in both layouts",
        ),
        (
            "  WHEN is_unsafe(<< key >>) = 1 THEN 1\n",
            "",
            "an id that is not what it seems is safe",
        ),
        ('("parent_id", "project_id")', '("parent_id",)', "a project that is not what it seems is safe"),
        ('("parent_id", "project_id")', '("project_id",)', "a parent that is not what it seems is safe"),
        (
            "COALESCE(octet_length(<< alias >>.<< column >>), 0)",
            "COALESCE(octet_length(<< alias >>.<< column >>), 1)",
            "an empty column has an octet",
        ),
    ),
    *of(
        "retention/climb.sql",
        ("SELECT c.id, a.up, a.top,", "SELECT c.id, NULL, a.top,", "the climb ends after two steps"),
        (
            "a.up, a.top, CASE WHEN a.low < c.low",
            "a.up, a.top, CASE WHEN a.low > c.low",
            "a cycle is rooted at its largest id",
        ),
        (
            "SELECT c.up, MAX(c.fresh)",
            "SELECT c.up, MIN(c.fresh)",
            "the oldest child speaks for its siblings",
        ),
        ("AND r.fresh > lc_climb.fresh", "AND r.fresh < lc_climb.fresh", "a child makes its parent older"),
        (
            "UPDATE lc_climb\nSET fresh = r.fresh\nFROM lc_reach AS r\nWHERE r.id = lc_climb.id AND r.fresh > lc_climb.fresh;",
            "",
            "no session hears of the sessions below it",
        ),
    ),
    *of(
        "retention/climb_roots.sql",
        (
            "COALESCE(p.id, s.id), s.id",
            "COALESCE(s.parent_id, s.id), s.id",
            "an orphan's root is a session that is gone",
        ),
        (
            "LEFT JOIN lc_link AS p ON p.id = s.parent_id",
            "LEFT JOIN lc_link AS p ON p.id = s.id",
            "every session is below itself",
        ),
    ),
    *of(
        "retention/root.sql",
        (
            "CASE WHEN c.up IS NULL THEN c.top ELSE a.low END",
            "CASE WHEN c.up IS NULL THEN c.top ELSE c.low END",
            "a tail below a cycle may be the cycle's root",
        ),
        ("CASE WHEN c.up IS NULL THEN c.top ELSE a.low END", "c.top", "a cycle has no one root"),
    ),
]

SUMS = [
    *of("retention/unit_order.sql", ("MAX(s.active)", "0", "units go in the order of their ids")),
    *of(
        "retention/listing.sql",
        ("ORDER BY t.active, u.root_id,", "ORDER BY t.active DESC, u.root_id,", "the newest unit goes first"),
        ("THEN 0 ELSE 1 END, u.id", "THEN 1 ELSE 0 END, u.id", "a unit's topmost session is listed last"),
    ),
    *of(
        "retention/going.sql",
        ("u.id = u.root_id AND ", "", "each session of a child subtree is counted as one"),
        ("AND u.reason = 'child-age'", "AND 1 = 1", "whole trees are counted as child subtrees"),
        ("COUNT(*) AS sessions", "SUM(CASE WHEN u.id = u.root_id THEN 1 ELSE 0 END) AS sessions", "only roots are counted"),
    ),
    *of("retention/totals.sql", ("SUM(g.bytes)", "MAX(g.bytes)", "the totals name the largest session only")),
    *of(
        "retention/kept.sql",
        ("WHERE u.id IS NULL", "WHERE 1 = 1", "what goes is counted as kept"),
        ("r.id = r.root_id", "1 = 1", "each session that stays is counted as a tree"),
    ),
    *of(
        "retention/count_protected.sql",
        (
            "WHERE v.protection IS NOT NULL AND v.over_age",
            "WHERE v.over_age",
            "trees that nothing protects are counted as protected",
        ),
        ("> 0\n", ">= 0\n", "trees that no limit names are counted"),
    ),
    *of(
        "retention/archivable.sql",
        ("u.id = u.root_id AND ", "", "children are archived as well"),
        ("THEN 0 ELSE 1 END <> :flag", "THEN 0 ELSE 1 END = :flag", "what is archived already is offered"),
        ('<< " OR" if not', '<< " AND" if not', "a flag in one of two rows counts as set"),
    ),
    *of(
        "retention/flags.sql",
        (
            "SELECT u.id FROM lc_unit AS u WHERE u.id = u.root_id",
            "SELECT u.id FROM lc_unit AS u",
            "the flag of children is set",
        ),
        (
            "\n  AND CASE WHEN x.time_archived IS NULL THEN 0 ELSE 1 END <> :flag",
            "",
            "an older flag is overwritten",
        ),
    ),
    *of(
        "engines/sqlite/functions.sql",
        (":a >= 1000000000000 THEN :a", ":a > 1000000000000 THEN :a", "the first clear time is unclear"),
        ("TYPEOF(:a) = 'integer' AND", "TYPEOF(:a) <> 'null' AND", "a text is a time"),
        ("CHAR(1) || '-' || CHAR(31)", "CHAR(11) || '-' || CHAR(31)", "a newline in an id is safe"),
    ),
]
