"""Single changes to the templates, as data: the file, the text before and after, and what is broken then.

The first place in the file where the text before stands is changed.
"""

# ruff: noqa: E501  a line of a template is as long as it is
from typing import NamedTuple


class Mutant(NamedTuple):
    file: str
    before: str
    after: str
    broken: str


def of(file, *changes):
    return [Mutant(file, *change) for change in changes]


VERDICT = of(
    "retention/verdict.sql",
    ("    WHEN p.unsafe = 1 THEN 'unsafe-id'\n", "", "a tree with an unsafe id is not protected"),
    ("    WHEN p.unclear = 1 THEN 'time-unclear'\n", "", "a tree with an unclear time is not protected"),
    ("    WHEN p.active > :now THEN 'future'\n", "", "a tree of the future is not named as such"),
    (
        "p.active > :now THEN 'future'",
        "p.active >= :now THEN 'future'",
        "a tree of this moment is of the future",
    ),
    ("    WHEN p.running = 1 THEN 'running'\n", "", "a running tree is not protected"),
    ("    WHEN p.shared = 1 THEN 'shared'\n", "", "a shared tree is not protected"),
    ("    WHEN p.pinned = 1 THEN 'pinned'\n", "", "a pinned tree is not protected"),
    ("    WHEN p.restored = 1 THEN 'restored'\n", "", "a tree that was brought back is not protected"),
    ("    WHEN p.matched = 1 THEN 'protect'\n", "", "what the policy protects is not protected"),
    ("    WHEN p.active > :grace_since THEN 'grace'\n", "", "there is no time of grace"),
    ("p.active > :grace_since", "p.active >= :grace_since", "grace lasts a millisecond longer"),
    ("    WHEN p.place <= :keep_last THEN 'keep-last'\n", "", "the last trees are not protected"),
    ("p.place <= :keep_last THEN", "p.place < :keep_last THEN", "one tree fewer is among the last"),
    (
        "    WHEN p.place_in_project <= :keep_last_per_project THEN 'keep-last-per-project'\n",
        "    WHEN 1 = 0 THEN ''\n",
        "the last trees of a project are not protected",
    ),
    (
        "p.place_in_project <= :keep",
        "p.place_in_project < :keep",
        "one tree fewer is among the last of its project",
    ),
    (
        "    WHEN p.running = 1 THEN 'running'\n    WHEN p.shared = 1 THEN 'shared'\n",
        "    WHEN p.shared = 1 THEN 'shared'\n    WHEN p.running = 1 THEN 'running'\n",
        "shared is named before running",
    ),
    (
        "    WHEN p.unclear = 1 THEN 'time-unclear'\n    WHEN p.active > :now THEN 'future'\n",
        "    WHEN p.active > :now THEN 'future'\n    WHEN p.unclear = 1 THEN 'time-unclear'\n",
        "future is named before time-unclear",
    ),
    (
        "    WHEN p.restored = 1 THEN 'restored'\n    WHEN p.matched = 1 THEN 'protect'\n",
        "    WHEN p.matched = 1 THEN 'protect'\n    WHEN p.restored = 1 THEN 'restored'\n",
        "protect is named before restored",
    ),
    (
        "ROW_NUMBER() OVER (ORDER BY t.active DESC, t.root_id) AS place,",
        "ROW_NUMBER() OVER (ORDER BY t.active, t.root_id) AS place,",
        "the oldest tree comes first in the order",
    ),
    (
        "ROW_NUMBER() OVER (ORDER BY t.active DESC, t.root_id) AS place,",
        "ROW_NUMBER() OVER (ORDER BY t.active DESC, t.root_id DESC) AS place,",
        "the larger id wins a tie",
    ),
    (
        "PARTITION BY t.project_id ORDER BY t.active DESC",
        "PARTITION BY t.project_id ORDER BY t.active",
        "the oldest tree comes first in its project",
    ),
    ("OVER (PARTITION BY t.project_id ORDER", "OVER (ORDER", "the order in a project is the order of all"),
    (
        "WHERE :project IS NULL OR t.project_id = :project",
        "WHERE :project IS NULL OR t.project_id <> :project",
        "--project takes the trees of all other projects",
    ),
    ("WHERE :project IS NULL OR t.project_id = :project", "WHERE :now > 0", "--project is ignored"),
    ("u.bytes + u.tally * :row_cost", "u.bytes", "rows that belong to no tree cost nothing"),
    (
        "WHERE :project IS NULL AND NOT EXISTS (SELECT",
        "WHERE NOT EXISTS (SELECT",
        "rows that belong to no tree count against one project",
    ),
    (
        "WHERE :project IS NULL AND NOT EXISTS (SELECT",
        "WHERE :project IS NULL AND EXISTS (SELECT",
        "the rows of trees count as rows of none",
    ),
    (
        "WHERE r.protection IS NOT NULL;",
        "WHERE r.protection IS NULL;",
        "unprotected trees count as protected",
    ),
    (
        "SELECT :max_size - CASE WHEN :project IS NULL THEN :fixed_size ELSE 0 END",
        "SELECT :max_size",
        "what an empty store takes is not counted",
    ),
    (
        "CASE WHEN :project IS NULL THEN :fixed_size ELSE 0 END",
        ":fixed_size",
        "what an empty store takes counts against one project",
    ),
    (
        "r.active < :active_since",
        "r.active <= :active_since",
        "a tree that is exactly at the limit of age goes",
    ),
    ("r.active < :active_since", "r.active > :active_since", "the young go instead of the old"),
    ("r.place > :max_sessions", "r.place >= :max_sessions", "one tree more than asked goes"),
    ("r.place > :max_sessions", "r.place_in_project > :max_sessions", "the count is one of each project"),
    ("r.size > :max_tree_size", "r.size >= :max_tree_size", "a tree of exactly the largest size goes"),
    (
        "CASE WHEN r.size > m.room THEN 0 ELSE 1 END",
        "CASE WHEN r.size >= m.room THEN 0 ELSE 1 END",
        "a tree that fills the room exactly does not fit",
    ),
    ("CASE WHEN r.size > m.room THEN 0 ELSE 1 END", "1", "a tree that never fits keeps others out"),
    (
        "SUM(r.size) OVER (ORDER BY r.place ROWS",
        "SUM(r.size) OVER (ORDER BY r.place DESC ROWS",
        "the oldest that fit stay",
    ),
    ("WHERE r.protection IS NULL AND o.over_age = 0", "WHERE o.over_age = 0", "protected trees count twice"),
    (" AND o.over_tree_size = 0", "", "trees that are too large by themselves take room from the others"),
    ("CASE WHEN j.protection IS NULL AND j.over_age", "CASE WHEN j.over_age", "protected trees go"),
    (
        "j.over_age + j.over_count + j.over_size + j.over_tree_size > 0\n    THEN 'remove'",
        "j.over_age + j.over_count + j.over_size + j.over_tree_size > 1\n    THEN 'remove'",
        "a tree must be over two limits to go",
    ),
    (
        "j.over_age + j.over_count + j.over_size + j.over_tree_size > 0\n    THEN 'remove'",
        "j.over_age + j.over_count + j.over_size > 0\n    THEN 'remove'",
        "the limit on a tree's size is ignored",
    ),
    (
        "    WHEN j.over_age = 1 THEN 'age'\n    WHEN j.over_count = 1 THEN 'count'\n",
        "    WHEN j.over_count = 1 THEN 'count'\n    WHEN j.over_age = 1 THEN 'age'\n",
        "count is named before age",
    ),
    ("f.filled > m.room", "f.filled >= m.room", "the tree that fills the room exactly goes"),
    ("o.fits = 0 OR f.filled > m.room", "o.fits = 0", "only trees that never fit go for the file's size"),
    ("o.fits = 0 OR f.filled > m.room", "f.filled > m.room", "a tree that never fits stays"),
)

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
        "retention/_sources.sql",
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
            "WHERE NOT EXISTS (SELECT 1 FROM << table.via.table >> AS owner WHERE owner.id = t.<< table.via.column >>)\n",
            "",
            "parts count for two sessions",
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

CHILDREN = [
    *of(
        "retention/child_seed.sql",
        ("s.id = r.root_id OR ", "", "a root goes as a child of its own"),
        ("ELSE s.active END", "ELSE 0 END", "every child is old"),
    ),
    *of(
        "retention/child.sql",
        ("c.fresh < :child_since", "c.fresh <= :child_since", "a child exactly at the limit goes"),
        ("  AND v.verdict = 'keep'\n", "", "a child of a tree that goes is a unit of its own"),
        ("t.unsafe = 0 AND ", "", "children go from a tree with an unsafe id"),
        ("t.unclear = 0 AND ", "", "children go from a tree with an unclear time"),
        ("t.active <= :now AND ", "", "children go from a tree of the future"),
        ("t.running = 0 AND ", "", "children go from a running tree"),
        ("t.shared = 0 AND ", "", "children go from a shared tree"),
        ("AND t.pinned = 0\n", "\n", "children go from a pinned tree"),
        ("AND t.restored = 0 AND", "AND", "children go from a tree that was brought back"),
        (" AND t.matched = 0", "", "children go from a tree that the policy protects"),
        (
            "SELECT c.id, p.id, COALESCE(p.id, c.id), c.id, 0",
            "SELECT c.id, NULL, c.id, c.id, 0",
            "each old child is a unit of its own",
        ),
    ),
    *of(
        "retention/unit.sql",
        ("WHERE v.verdict = 'remove'", "WHERE v.verdict <> 'remove'", "what should stay goes"),
        ("WHERE w.active <= k.active", "WHERE w.active < k.active", "a child as old as the rest stays"),
        ("WHERE w.active <= k.active", "WHERE 0 < k.active", "a child that carries the age of its tree goes"),
        ("SELECT c.id, c.top, 'child-age'", "SELECT c.id, c.id, 'child-age'", "a child subtree is torn"),
        (
            "SELECT c.top, MAX(s.active)",
            "SELECT c.top, MIN(s.active)",
            "a subtree is as old as its oldest session",
        ),
    ),
]

SUMS = [
    *of("retention/unit_order.sql", ("MAX(s.active)", "0", "units go in the order of their ids")),
    *of(
        "retention/listing.sql",
        ("ORDER BY t.active, u.root_id,", "ORDER BY t.active DESC, u.root_id,", "the newest unit goes first"),
        ("THEN 0 ELSE 1 END, u.id", "THEN 1 ELSE 0 END, u.id", "a unit's topmost session is listed last"),
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

CASCADE = [
    *of(
        "cascade/guard.sql",
        (
            "    WHEN COALESCE(<< row.value(store, \"parent_id\") >>, '') = COALESCE(p.parent_id, '')\n      AND COALESCE",
            "    WHEN COALESCE",
            "a session that got another parent goes",
        ),
        (
            "      AND COALESCE(<< row.value(store, \"project_id\") >>, '') = COALESCE(p.project_id, '')\n",
            "",
            "a session that moved to another project goes",
        ),
        ("      AND << row.facts(store) >> = p.facts\n", "", "a session that was renamed meanwhile goes"),
        ("      AND c.weight = p.weight\n", "", "a session whose rows were written anew goes"),
        ("c.weight = p.weight", "c.weight >= p.weight", "a session whose rows grew goes"),
        ("c.weight = p.weight", "c.weight <= p.weight", "a session whose rows shrank goes"),
        (
            "<% for table in store.owned if not table.log %>",
            "<% for table in store.owned %>",
            "event rows are counted, though they may go ahead",
        ),
        (
            "WHERE k.tally > COALESCE(c.named, 0)",
            "WHERE k.tally > COALESCE(c.named, 0) + 1000",
            "parts without their message are not counted",
        ),
        (
            "LEFT JOIN lc_census AS c ON c.id = k.id AND c.name = '<< table.name >>'",
            "JOIN lc_census AS c ON c.id = k.id AND c.name = '<< table.name >>'",
            "parts of a session without messages are not counted",
        ),
        (
            'THEN 1 ELSE 0 END),\n  SUM(<< row.weight(table, "t") >>)',
            "THEN 1 ELSE 0 END),\n  0",
            "a part weighs nothing",
        ),
        (
            'COUNT(*), COUNT(*), SUM(<< row.weight(table, "t") >>), << newest(table) >>\nFROM lc_more',
            "COUNT(*), COUNT(*), 0, << newest(table) >>\nFROM lc_more",
            "a part without its message weighs nothing",
        ),
        (
            'COUNT(*), COUNT(*), SUM(<< row.weight(table, "t") >>), << newest(table) >>\nFROM lc_planned',
            "COUNT(*), COUNT(*), 0, << newest(table) >>\nFROM lc_planned",
            "a session or message weighs nothing",
        ),
        ("COALESCE(c.newest, 0) <= p.newest", "COALESCE(c.newest, 0) < p.newest", "nothing goes at all"),
        ("WHERE s.intact = 0;", "WHERE s.intact = 2;", "the guard looks and says nothing"),
        (
            "HAVING COUNT(s.id) > 0 AND COUNT(s.id) < COUNT(*)",
            "HAVING COUNT(s.id) > 0 AND COUNT(s.id) > COUNT(*)",
            "what is left of a unit goes although a part of it is gone",
        ),
        (
            "'struck'\nFROM lc_seen AS s\nLEFT JOIN lc_planned AS p ON p.id = s.root_id AND p.root_id = s.root_id\nWHERE p.id IS NULL;",
            "'struck'\nFROM lc_seen AS s\nLEFT JOIN lc_planned AS p ON p.id = s.root_id AND p.root_id = s.root_id\nWHERE p.id = '';",
            "children of a root that was struck out go",
        ),
        (
            "c.id IS NOT NULL AND p.id IS NULL",
            "c.id IS NULL AND p.id IS NULL",
            "a tree with a new child goes",
        ),
        (
            "\n  AND NOT EXISTS (SELECT 1 FROM session_v2 AS twin WHERE twin.id = c.id)",
            "",
            "a child that 2.x has moved elsewhere spares its former tree",
        ),
        (
            "FROM lc_seen AS s\nJOIN lc_kept AS k ON k.id = s.id",
            "FROM lc_seen AS s\nJOIN lc_kept AS k ON k.id = ''",
            "what was pinned meanwhile goes",
        ),
        ("<> 'completed'", "= 'nothing'", "sessions go while the client moves them"),
        (
            "k.key = 'migration.v1-v2'",
            "k.key = 'migration'",
            "the guard looks for the migration in the wrong place",
        ),
        (
            "\nWHERE NOT EXISTS (SELECT 1 FROM lc_objection AS o WHERE o.root_id = s.root_id)",
            "",
            "no objection counts",
        ),
        ("o.root_id = s.root_id)", "o.root_id = s.id)", "an objection holds one session, not its unit"),
    ),
    *of(
        "cascade/delete.sql",
        (
            "WHERE owner.session_id = d.id",
            "WHERE owner.id = d.id",
            "parts are not deleted with their message",
        ),
        (
            "\n  AND NOT EXISTS (SELECT 1 FROM << table.via.table >> AS owner WHERE owner.id = << table.name >>.<< table.via.column >>)",
            "",
            "a part of another session's message goes, since it names this one",
        ),
        (
            "<%- for table in store.owned %>",
            '<%- for table in store.owned if table.name != "todo" %>',
            "the todos of a removed session stay",
        ),
        (
            "<%- for table in store.owned %>",
            "<%- for table in store.owned if not table.log %>",
            "the events of a removed session stay",
        ),
        (
            "<%- for table in store.owned %>",
            '<%- for table in store.owned if table.name != "event_sequence" %>',
            "the event number of a removed session stays",
        ),
        (
            "<%- for table in store.owned %>",
            '<%- for table in store.owned if table.name != "message" %>',
            "the messages of a removed session stay",
        ),
        (
            "<%- for table in store.owned %>",
            '<%- for table in store.owned if table.name != "session_v2" %>',
            "the 2.x copy of a removed session stays",
        ),
        (
            "<%- for table in store.owned %>",
            '<%- for table in store.owned if table.name != "session" %>',
            "the 1.x copy of a removed session stays",
        ),
        (
            "<%- for table in store.owned %>",
            '<%- for table in store.owned if table.name != "session_message" %>',
            "the 2.x messages of a removed session stay",
        ),
    ),
    *of(
        "cascade/delete_log.sql",
        ("seq <= (", "seq < (", "a slice leaves its last event behind"),
        ("SELECT MAX(b.through)", "SELECT MAX(b.through) + 9", "the first slice takes the whole log"),
    ),
    *of(
        "cascade/batch.sql",
        ("VALUES (:batch, :slice, :through)", "VALUES (:batch, :slice, :slice)", "a slice is cut at its own number"),
        ("VALUES (:batch, :slice, :through)", "VALUES (1, :slice, :through)", "every batch is the first"),
    ),
    *of(
        "engines/sqlite/procedure.sql",
        ("WHEN NEW.name = ", "WHEN NEW.name <> ", "the guard follows the deletion"),
    ),
    *of(
        "engines/sqlite/counted.sql",
        ("tally + CHANGES()", "tally + 1", "rows that go are not counted"),
        ("WHERE name = 'target'", "WHERE name <> 'target'", "rows that go count for another table"),
    ),
    *of("cascade/log_bytes.sql", ("ORDER BY e.seq", "ORDER BY e.seq DESC", "a log is cut from its end")),
    *of(
        "cascade/list.sql",
        (":tally, :bytes, :newest", ":tally, :newest, :bytes", "the list pins octets for a time"),
        (":id, :root_id, :parent_id", ":id, :id, :parent_id", "the list names each session its own unit"),
    ),
    *of("cascade/keep.sql", ("VALUES (:id)", "VALUES ('')", "pins do not reach the guard")),
    *of(
        "cascade/known.sql",
        (
            "WHERE NOT (<< row.missing(store) >>)",
            "WHERE (<< row.missing(store) >>)",
            "sessions that are gone are counted",
        ),
    ),
    *of("cascade/migrating.sql", ("<> 'completed'", "= 'completed'", "a finished migration stops a removal")),
    *of("cascade/foresee.sql", ("VALUES (:kind, ", "VALUES ('none', ", "what was gone on with stops the plan")),
    *of(
        "cascade/unforeseen.sql",
        ("SET must_be_foreseen = NULL", "SET must_be_foreseen = 1", "what came since the plan does not stop it"),
        ("    AND f.name = lc_motion.name\n", "", "a table counts as another that refers to the same"),
        ("    AND f.place = lc_motion.place\n", "    AND f.name = lc_motion.name\n", "a key counts as another of its table"),
        ("    AND f.through = lc_motion.through\n", "", "a key of another column counts as the same"),
        ("    AND f.said = lc_motion.said\n", "", "a key that does something else counts as the same"),
    ),
]

RECLAMATION = [
    *of(
        "reclamation/_rules.sql",
        (
            "json_extract(<< data >>, '$.type') = 'tool' THEN\n      CASE WHEN json_extract(<< data >>, '$.state.status') = 'completed'",
            "json_extract(<< data >>, '$.type') <> '' THEN\n      CASE WHEN json_extract(<< data >>, '$.state.status') = 'completed'",
            "what is no tool's result is cleared",
        ),
        (
            "json_extract(<< data >>, '$.state.status') = 'completed'",
            "json_extract(<< data >>, '$.state.status') <> ''",
            "a failed tool's result is cleared",
        ),
        (
            "        AND json_tail(<< data >>, '$.state.time.compacted') >= 13\n",
            "",
            "a result that the client has not cleared is cleared",
        ),
        ("'$.state.time.compacted') >= 13", "'$.state.time.compacted') > 13", "nothing is cleared"),
        (
            "          OR json_has(<< data >>, '$.state.attachments') = 1\n",
            "",
            "attachments of a cleared result stay",
        ),
        (
            "json_empty(<< data >>, '$.summary.diffs')",
            "json_remove(<< data >>, '$.summary.diffs')",
            "a summary without diffs, which the client refuses",
        ),
        (
            "json_remove(<< data >>, '$.diff')",
            "json_remove(<< data >>, '$.diff', '$.messageID')",
            "a revert forgets its message",
        ),
        (
            "clean_time(<< part >>.time_updated) < :week_ago",
            "clean_time(<< part >>.time_updated) <= :week_ago",
            "a part without its message goes a millisecond early",
        ),
        (
            "IN ('pending', 'running') THEN 0 ELSE 1 END",
            "IN ('pending', 'running') THEN 1 ELSE 1 END",
            "an unfinished tool call without its message goes",
        ),
        (
            " AND log.owner_id IS NOT NULL",
            " AND log.owner_id = ''",
            "the log of another machine is shortened",
        ),
    ),
    *of(
        "reclamation/find_orphans.sql",
        ("  AND NOT EXISTS (SELECT 1 FROM lc_session AS s WHERE s.id = u.id)\n", "", "every session is gone"),
        (
            "JOIN << table.via.table >> AS owner ON owner.session_id = g.id\n  JOIN << table.name >> AS t ON t.<< table.via.column >> = owner.id",
            "JOIN << table.via.table >> AS owner ON owner.session_id = g.id\n  JOIN << table.name >> AS t ON t.<< table.key >> = owner.id",
            "parts of messages without a session are not found",
        ),
    ),
    *of(
        "reclamation/_orphans.sql",
        (
            '<< rule.gone(store, row ~ "." ~ owner.key) >>',
            "1 = 1",
            "rows go although their session is there again",
        ),
        (
            '  AND << rule.ours(store, row ~ ".aggregate_id") >>\n',
            "",
            "a log goes although another machine has taken it over",
        ),
        ("COALESCE(octet_length(<< row >>.data), 0) = << list >>.bytes", "1 = 1", "a row goes that was written since"),
        ("<< list >>.tally = (SELECT COUNT(*)", "0 < (SELECT COUNT(*)", "a row goes that came since"),
    ),
    *of("reclamation/choose_orphans.sql",
        ("below.<< table.via.column >> = x.id", "below.<< table.via.column >> = ''", "a message takes a part along"),
        ("below.aggregate_id = x.aggregate_id", "below.aggregate_id = ''", "the number takes events along")),
    *of("reclamation/put_back_orphans.sql", ("WHERE NOT EXISTS", "WHERE EXISTS", "nothing comes back")),
    *of(
        "reclamation/put_back_events.sql",
        ("WHERE NOT EXISTS", "WHERE EXISTS", "nothing comes back"),
        ("u.seq = n.seq", "u.seq = n.seq + 1", "an event comes back beside one of its number"),
        ("q.seq < n.seq", "q.seq > n.seq", "an event comes back where the log will come to"),
        ('(<< rule.known(store, "n.aggregate_id") >>)', "1 = 1", "the log of a session that is gone comes back"),
    ),
    *of(
        "engines/sqlite/functions.sql",
        (
            "'$.state.attachments'\n  ) AS json_spent",
            "'$.state.input'\n  ) AS json_spent",
            "the input goes instead of the attachments",
        ),
        (
            "'$.state.attachments'\n  ) AS json_spent",
            "'$.state.attachments', '$.state.output'\n  ) AS json_spent",
            "a part without output, which the client refuses",
        ),
        ("ELSE '$.state.metadata' END", "ELSE '$.state.output' END", "a cleared result keeps its metadata"),
    ),
    *of(
        "reclamation/logs.sql",
        ('<< rule.ours(store, "u.id") >> AND ', "", "the log of another machine is forecast"),
        (' AND (<< rule.known(store, "u.id") >>)', "", "the log of a session that is gone is shortened"),
        ("CASE WHEN q.seq < u.through THEN q.seq", "CASE WHEN q.seq < 0 THEN q.seq", "events ahead of their log go"),
    ),
    *of(
        "reclamation/find_events.sql",
        ("WHERE o.seq < o.newest", "WHERE o.seq <= o.newest", "the newest event goes as well"),
        ("MAX(n.seq) OVER", "MIN(n.seq) OVER", "the oldest event supersedes the others"),
        (
            "PARTITION BY n.log, n.type, n.entity",
            "PARTITION BY n.log, n.type",
            "an event supersedes those of other parts",
        ),
        (
            "PARTITION BY n.log, n.type, n.entity",
            "PARTITION BY n.type, n.entity",
            "an event supersedes those of other sessions",
        ),
        ("  WHERE n.entity <> ''\n", "", "events about nothing known supersede each other"),
    ),
    *of(
        "stats/note.sql",
        ("if not exact %>", "if exact %>", "a broken event that begins well supersedes those before it"),
    ),
    *of(
        "reclamation/events.sql",
        (
            '\n  AND << rule.ours(store, "event.aggregate_id") >>',
            "",
            "a log goes although another machine took it over",
        ),
    ),
    *of(
        "reclamation/find_diffs.sql",
        (
            "  JOIN lc_session AS s ON s.id = m.session_id\n  WHERE s.active < :idle_since",
            "  JOIN lc_session AS s ON s.id = m.session_id\n  WHERE s.active <= :idle_since",
            "diffs go from a session that is not idle yet",
        ),
        (
            "JOIN lc_session AS s ON s.id = r.id\nWHERE s.active < :idle_since AND s.unclear = 0 AND r.summary_diffs",
            "JOIN lc_session AS s ON s.id = r.id\nWHERE s.active < :idle_since AND r.summary_diffs",
            "diffs go from a session whose time is unclear",
        ),
    ),
    *of(
        "reclamation/choose.sql",
        ("  AND octet_length(x.<< field >>) = t.octets\n", "", "a row that grew meanwhile is changed"),
        (
            "\n  AND COALESCE(clean_time(x.time_updated), 0) = t.stamp",
            "",
            "a row that was touched meanwhile is changed",
        ),
        (
            "<< table >>_row.time_updated >= :idle_since)\n<%- endfor %>\n<%- for table in store.owned",
            "<< table >>_row.time_updated > :idle_since)\n<%- endfor %>\n<%- for table in store.owned",
            "a session that came back to life loses its diffs",
        ),
    ),
    *of(
        "reclamation/diffs_message.sql",
        ("WHERE c.id = message.id", "WHERE c.id = message.session_id", "no message loses its diffs"),
    ),
]

LONGER = [
    *of(
        "reclamation/choose.sql",
        (
            "t.session_id AND << table >>_undo.revert IS NOT NULL",
            "t.session_id AND << table >>_undo.revert = ''",
            "a revert that was begun meanwhile loses what it may bring back",
        ),
        (
            "_row.session_id = t.session_id AND << table.name >>_row.time_updated >=",
            "_row.session_id = t.session_id AND << table.name >>_row.time_updated >",
            "a session that was spoken in meanwhile loses its results",
        ),
    ),
    *of(
        "reclamation/_rules.sql",
        ("set protect = 160000", "set protect = 159999", "one result more than the client protects goes"),
        ("set minimum = 80000", "set minimum = 79999", "a little in all is taken"),
        (
            "        AND COALESCE(json_extract(<< data >>, '$.tool'), '') <> 'skill'\n",
            "",
            "what a skill said goes",
        ),
        (
            "json_set(<< data >>, '$.text', << forgotten >>), '$.metadata')",
            "json_set(<< data >>, '$.text', << forgotten >>), '$.text')",
            "reasoning loses its text and keeps its signature",
        ),
        (
            "json_extract(<< data >>, '$.type') = 'reasoning' THEN",
            "json_extract(<< data >>, '$.type') = 'text' THEN",
            "what the model said goes instead of what it thought",
        ),
        (">>_undo.revert IS NOT NULL)", ">>_undo.revert = '')", "what a pending revert may bring back goes"),
    ),
    *of(
        "reclamation/find_outputs.sql",
        ("WHERE u.place = 2", "WHERE u.place = 1", "a result of the last two turns goes"),
        (
            "WHERE s.active < :idle_since",
            "WHERE s.active <= :idle_since",
            "results go from a session that is not idle yet",
        ),
        (
            "ORDER BY m.time_created DESC, m.id DESC) AS place",
            "ORDER BY m.time_created, m.id) AS place",
            "turns are counted from the first",
        ),
        (
            "ORDER BY r.created DESC, r.message_id DESC, r.id DESC",
            "ORDER BY r.created, r.message_id, r.id",
            "the oldest results are protected",
        ),
        (
            "CASE WHEN m.time_created < u.created THEN 1",
            "CASE WHEN m.time_created > u.created THEN 1",
            "newer results go instead of older",
        ),
        ("WHERE w.worth > <<", "WHERE w.worth < <<", "only a little is taken"),
    ),
    *of(
        "reclamation/find_reasoning.sql",
        ("      AND json_has(m.data, '$.finish') = 1\n", "", "a summary that was not finished counts"),
        (
            "json_extract(p.data, '$.type') = 'compaction'",
            "json_extract(p.data, '$.type') <> ''",
            "any prompt counts as a compaction",
        ),
        ("COALESCE(f.tail_id, f.id)", "f.id", "the tail that is sent again is not looked at"),
        (" AND u.session_id = y.session_id", "", "a summary of another session counts"),
        (
            "WHERE b.time_created < f.created OR (b.time_created = f.created AND b.id <= f.id);",
            "WHERE b.id IS NOT NULL;",
            "reasoning goes from behind a compaction",
        ),
        ("COALESCE(f.tail_id, f.id)", "f.tail_id", "a compaction without a tail is overlooked"),
        (
            "CASE WHEN m.time_created < f.created THEN 1",
            "CASE WHEN m.time_created > f.created THEN 1",
            "reasoning goes from what is still sent",
        ),
        (
            "WHERE s.active < :idle_since",
            "WHERE s.active <= :idle_since",
            "reasoning goes from a session that is not idle yet",
        ),
    ),
]

COPIES = [
    *of(
        "transfer/mirror_newer.sql",
        ("MAX(t.newest) > COALESCE", "MAX(t.newest) >= COALESCE", "what is as new counts as newer"),
        ("MAX(t.newest)", "MIN(t.newest)", "the oldest row says how new a session is"),
        ("COALESCE(c.newest, 0)", "c.newest", "a source without a time overwrites a copy that has one"),
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
        "transfer/mirror_differs.sql",
        ("SUM(u.tally) <> c.tally OR ", "", "a session with fewer rows at the source is not looked at"),
        ("SUM(u.bytes) <> c.bytes OR ", "", "a session with fewer octets at the source is not looked at"),
        (" OR COALESCE(MAX(u.newest), 0) <> COALESCE(c.newest, 0)", "", "a session of the same size is not looked at"),
    ),
    *of(
        "transfer/mirror_source.sql",
        ("if owned.updated else", "if owned.log else", "no row has a time"),
    ),
    *of("transfer/_mirror.sql", ("k.name = '<< table.name >>'", "k.name = ''", "what stays is read back as if it had come"),
        ("e.id = << session >>", "e.id = ''", "rows of 1.x are cleared")),
    *of("transfer/mirror_diffs.sql",
        ("t.summary_diffs IS NULL AND ", "", "diffs that the source has count as kept"),
        ("clean_time(t.time_updated) = w.newest AND ", "", "a revert that was written since is put back")),
]

ATTACHMENTS = [
    *of(
        "reclamation/find_attachments.sql",
        ("s.active < :idle_since", "s.active <= :idle_since", "attachments go from a session that is not idle yet"),
        (" AND s.unclear = 0 AND p.id", " AND p.id", "attachments go from a session of which no time is known"),
        ("octet_length(p.data) >= 4096", "octet_length(p.data) > 4096", "the least row stays"),
        ("octet_length(p.data) >= 4096", "octet_length(p.data) >= 4095", "a row below the least is looked into"),
        (
            "\n  AND NOT EXISTS (SELECT 1 FROM lc_target AS t WHERE t.id = p.id AND t.name = 'part' AND t.field = 'data')",
            "",
            "a row that another kind shrinks counts twice",
        ),
        ("p.data LIKE '%;base64,%' AND json_valid(p.data) = 0", "1 = 0", "what is no JSON is not counted"),
        ("m.data LIKE '%\"mime\"%' AND json_valid(m.data) = 0", "1 = 0", "a message that is no JSON is not counted"),
    ),
    *of(
        "reclamation/_rules.sql",
        ("LIKE '%\"mime\"%'", "LIKE '%\"mimes\"%'", "nothing may be attached anywhere"),
        ('"part_files" if table == "part" else "message_files"', '"part_files"', "messages are read as parts"),
    ),
    *of(
        "engines/sqlite/attached.sql",
        ("'$.url' ELSE", "'$.uri' ELSE", "files of a prompt are not found"),
        ("'$.state.attachments[' ||", "'$.attachments[' ||", "attachments of a tool are not found"),
        ("WHERE p.n + 1 < p.tally", "WHERE p.n + 2 < p.tally", "the last attachment of a tool is overlooked"),
        ("].uri' AS path", "].url' AS path", "files of a prompt to the second runner are not found"),
        ("].data' FROM", "].date' FROM", "files of a 2.x prompt are not found"),
        ("'].state.content' FROM", "'].content' FROM", "files in a 2.x result are not found"),
        ("'].state.attachments' FROM", "'].attachments' FROM", "files beside a 2.x result are not found"),
        ("SELECT e.n + 1, e.tally FROM", "SELECT e.n + 9, e.tally FROM", "only the first entry is looked into"),
    ),
    *of(
        "reclamation/find_moved.sql",
        ("x.session_id = :session", "x.session_id <> :session", "another session gets its attachments back"),
    ),
    *of(
        "reclamation/choose_attached.sql",
        (" AND COALESCE(clean_time(x.time_updated), 0) = a.stamp", "", "a row that was written since is overwritten"),
        ("octet_length(x.data) = a.octets", "octet_length(x.data) > 0", "a text that was written since is overwritten"),
    ),
    *of(
        "reclamation/attachments.sql",
        ("id IN (SELECT c.id FROM lc_chosen AS c)", "id <> ''", "a row that changed since the forecast is changed"),
    ),
    *of(
        "reclamation/weighed.sql",
        (" AND a.number = w.number", " AND a.number >= w.number", "rows without an attachment are counted"),
        ("a.name = w.name AND ", "", "rows of the other table are counted"),
    ),
    *of("reclamation/undo_chosen.sql", ("m.value = x.", "m.value <> x.", "no attachment comes back")),
]

CONTENT = [
    *of(
        "reclamation/_rules.sql",
        ("WHEN << row >>.type = 'assistant' THEN", "WHEN << row >>.type <> '' THEN", "what is no answer is changed"),
        (" AND json_has(<< row >>.data, '$.time.completed') = 1", "", "an answer that is being written is changed"),
        ("CASE WHEN l.id IS NULL", "CASE WHEN 1 = 1", "what the first of three kinds does is not known"),
        ("CASE WHEN c.id IS NULL", "CASE WHEN 1 = 1", "what a kind before does is not known"),
        ("octets - bytes", "octets", "too much is told"),
    ),
    *of(
        "reclamation/find_compacted_v2.sql",
        ("WHERE t.kind = 'compacted'", "WHERE t.kind = ''", "the next kind does not know of it"),
    ),
    *of(
        "reclamation/find_outputs_v2.sql",
        ("WHERE u.place = 2", "WHERE u.place = 1", "the last turn but one is cleared"),
        ("m.seq < u.created", "m.seq <= u.created + 1", "the turn at the border is cleared"),
        ("ORDER BY r.created DESC", "ORDER BY r.created", "the oldest results are protected"),
        ("o.walked > << rule.protect >>", "o.walked > 0", "nothing is protected"),
        ("w.worth > << rule.minimum >>", "w.worth > 0", "a little is taken"),
        ("WHERE size <= rest", "WHERE size = 0", "results that are shorter than what comes in their place go"),
        ("s.active < :idle_since AND ", "", "sessions in use are cleared"),
        (" AND << rule.settled(store, \"s.id\") >>", "", "a session with a pending revert is cleared"),
        ("WHERE t.kind = 'outputs'", "WHERE t.kind = ''", "the next kind does not know of it"),
    ),
    *of(
        "reclamation/find_reasoning_v2.sql",
        ("MAX(c.seq)", "MIN(c.seq)", "the oldest compaction counts"),
        (" AND json_has(c.data, '$.providerContext') = 0", "", "a compaction that not every model reads counts"),
        ("json_extract(c.data, '$.status') = 'completed' AND ", "", "an unfinished compaction counts"),
        ("m.seq < f.seq", "m.seq <> f.seq", "what is still sent is cleared"),
        ("s.active < :idle_since AND ", "", "sessions in use are cleared"),
        (" AND << rule.settled(store, \"s.id\") >>", "", "a session with a pending revert is cleared"),
    ),
    *of("reclamation/outputs_v2.sql", ("c.id = session_message.id", "c.id <> session_message.id", "others change")),
    *of("reclamation/reasoning_v2.sql", ("c.id = session_message.id", "c.id <> session_message.id", "others change")),
    *of(
        "engines/sqlite/content.sql",
        ("<> 'skill'", "<> 'bash'", "results of skills are counted"),
        ("JSON_EXTRACT(:a, piece.fullkey || '.text')", "NULL", "texts are not counted"),
        ("JSON_EXTRACT(:a, piece.fullkey || '.uri')", "NULL", "files are not counted"),
        ("), '$.state.attachments')", "), '$.state.attached')", "attachments of a cleared result stay"),
        ("'$.text', ''), '$.state', '$.native'", "'$.text', ''), '$.native'", "signatures of old stores stay"),
        ("'$.text', ''), '$.state', '$.native'", "'$.text', ''), '$.state'", "signatures stay"),
        (" OR JSON_TYPE(:a, entry.fullkey || '.native') IS NOT NULL", "", "a signature without a text stays"),
        ("'sessionID', e.said -> '$[4]'", "'x', e.said -> '$[4]'", "links go"),
    ),
]

LEFTOVERS = [
    *of(
        "reclamation/_leftovers.sql",
        ("WHEN 'text' THEN json_has(<< data >>, '$.text')", "WHEN 'text' THEN 1", "a text without a text was read"),
        ("      ELSE 0\n    END\n  ELSE 0 END\n<%- endmacro", "      ELSE 1\n    END\n  ELSE 0 END\n<%- endmacro", "what is of no known type was read"),
        ("COUNT(*)", "1", "rows are not counted"),
        ("SUM(held.time_updated)", "1", "what was written since is not noticed"),
    ),
    *of(
        "reclamation/find_leftovers.sql",
        ("s.time_created < k.time_created AND ", "", "sessions made after the move go"),
        ("f.active < :idle_since AND f.newest < :week_ago AND ", "", "sessions in use go"),
        (" AND f.shared = 0", "", "shared sessions go"),
        ("m.time_updated >= k.time_created", "m.time_updated < 0", "a message that was written since is lost"),
        ("WHEN p.time_updated >= k.time_created THEN 1", "WHEN p.time_updated < 0 THEN 1", "a part that was written since is lost"),
        ("WHERE p.session_id <> l.id", "WHERE p.session_id = ''", "parts of two sessions go"),
        ("m.id = p.message_id AND m.session_id = p.session_id", "m.id <> p.message_id", "parts without a message are left"),
        ("WHERE v.time_updated < s.time_updated", "WHERE v.time_updated < 0", "a row that is newer than the one of 2.x is lost"),
        ("WHERE l.gone = 0 AND << old.is_readable", "WHERE l.gone = 2 AND << old.is_readable", "what could not be read is lost"),
        ("AND t.type = 'compaction'", "AND t.type = 'x'", "a session with a compaction stays"),
        ("WHERE v.protection IS NOT NULL OR ", "WHERE ", "what is protected goes"),
        (" OR COALESCE(l.gone, 0) = 0", "", "children go from a tree that stays"),
    ),
    *of(
        "reclamation/choose_leftovers.sql",
        ("t.gone = CASE", "t.gone <= CASE", "what 2.x has removed since the forecast goes"),
        ('t.written = << old.total(store, "t.id", "written") >>', "t.written > 0", "a row that was written since goes"),
        ('t.bytes = << old.total(store, "t.id", "weight") >>', "t.bytes > 0", "a text that was written since goes"),
        ('t.tally = << old.total(store, "t.id", "tally") >>', "t.tally > 0", "a row that came since goes"),
    ),
    *of("reclamation/leftovers.sql", ("WHERE << owner.key >> IN (SELECT c.id FROM lc_leaving AS c)", "WHERE << owner.key >> IN (SELECT c.id FROM lc_leaving AS c WHERE c.bytes > 99999)", "messages stay")),
    *of("reclamation/left_leftovers.sql", ("SUM(c.bytes)", "MAX(c.bytes)", "too little is told")),
    *of("reclamation/put_back.sql", ("WHERE NOT EXISTS", "WHERE EXISTS", "nothing comes back")),
    *of("reclamation/originals_leftovers.sql", ("ON x.<< owner.key >> = t.id", "ON x.<< owner.key >> > t.id", "the wrong rows are exported")),
]

MUTANTS = [*CONTENT, *LEFTOVERS, *ATTACHMENTS, *VERDICT, *TREES, *CHILDREN, *SUMS, *CASCADE, *RECLAMATION, *LONGER, *COPIES]
