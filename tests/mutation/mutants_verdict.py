"""Changes that spare what should go, or take what should stay: protections, limits, children."""

# ruff: noqa: E501  a line of a template is as long as it is
from mutant import of

PLAIN = of(
    "retention/may_go.sql",
    (":active_since - 1) < :active_since", ":active_since - 1) > :active_since", "what is over its age is taken for plainly young"),
    (">>_row)<<", ">>_row WHERE << table >>_row.parent_id IS NOT NULL)<<", "only children count as sessions"),
)
VERDICT = of(
    "retention/verdict.sql",
    ("in protection.protections %>", "in protection.protections if column != 'unsafe' %>", "a tree with an unsafe id is not protected"),
    ("in protection.protections %>", "in protection.protections if column != 'unclear' %>", "a tree with an unclear time is not protected"),
    ("in protection.protections %>", "in protection.protections if column != 'active' %>", "a tree of the future is not named as such"),
    ("in protection.protections %>", "in protection.protections if column != 'running' %>", "a running tree is not protected"),
    ("in protection.protections %>", "in protection.protections if column != 'shared' %>", "a shared tree is not protected"),
    ("in protection.protections %>", "in protection.protections if column != 'pinned' %>", "a pinned tree is not protected"),
    ("in protection.protections %>", "in protection.protections if column != 'restored' %>", "a tree that was brought back is not protected"),
    ("in protection.protections %>", "in protection.protections if column != 'matched' %>", "what the policy protects is not protected"),
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
        "l.aged < l.old_since",
        "l.aged <= l.old_since",
        "a tree that is exactly at the limit of age goes",
    ),
    ("l.aged < l.old_since", "l.aged > l.old_since", "the young go instead of the old"),
    ("END > l.max_sessions", "END >= l.max_sessions", "one tree more than asked goes"),
    ("r.size > l.max_tree_size", "r.size >= l.max_tree_size", "a tree of exactly the largest size goes"),
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

CHILDREN = [
    *of(
        "retention/child_seed.sql",
        ("s.id = r.root_id OR ", "", "a root goes as a child of its own"),
        ("ELSE s.active END", "ELSE 0 END", "every child is old"),
    ),
    *of(
        "retention/child.sql",
        ("c.fresh < l.child_since", "c.fresh <= l.child_since", "a child exactly at the limit goes"),
        ("  AND v.verdict = 'keep'\n", "", "a child of a tree that goes is a unit of its own"),
        (
            "SELECT c.id, p.id, COALESCE(p.id, c.id), c.id, 0",
            "SELECT c.id, NULL, c.id, c.id, 0",
            "each old child is a unit of its own",
        ),
    ),
    *of(
        "retention/_protections.sql",
        (".active > :now", ".active >= :now", "a tree of this moment is of the future"),
        ('("running", "running"),\n  ("shared", "shared"),', '("shared", "shared"),\n  ("running", "running"),', "shared is named before running"),
        ('("time-unclear", "unclear"),\n  ("future", "active"),', '("future", "active"),\n  ("time-unclear", "unclear"),', "future is named before time-unclear"),
        ('("restored", "restored"),\n  ("protect", "matched"),', '("protect", "matched"),\n  ("restored", "restored"),', "protect is named before restored"),
        ("if of_tree or column in of_session", "if column != 'unsafe' and (of_tree or column in of_session)", "children go from a tree with an unsafe id"),
        ("if of_tree or column in of_session", "if column != 'unclear' and (of_tree or column in of_session)", "children go from a tree with an unclear time"),
        ("if of_tree or column in of_session", "if column != 'active' and (of_tree or column in of_session)", "children go from a tree of the future"),
        ("if of_tree or column in of_session", "if column != 'running' and (of_tree or column in of_session)", "children go from a running tree"),
        ("if of_tree or column in of_session", "if column != 'shared' and (of_tree or column in of_session)", "children go from a shared tree"),
        ("if of_tree or column in of_session", "if column != 'pinned' and (of_tree or column in of_session)", "children go from a pinned tree"),
        ("if of_tree or column in of_session", "if column != 'restored' and (of_tree or column in of_session)", "children go from a tree that was brought back"),
        ("if of_tree or column in of_session", "if column != 'matched' and (of_tree or column in of_session)", "children go from a tree that the policy protects"),
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
