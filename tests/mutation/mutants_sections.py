"""Changes to ages by creation, and to limits that a project has of its own."""

# ruff: noqa: E501  a line of a template is as long as it is
from mutant import of

SECTIONS = [
    *of(
        "retention/limit.sql",
        ("CASE WHEN :by_created = 1 THEN s.created", "CASE WHEN :by_created = 0 THEN s.created", "ages are told by creation unasked"),
        ("THEN s.created ELSE t.active END", "THEN t.active ELSE t.active END", "ages are told by activity although creation was asked"),
        ("THEN s.created ELSE", "THEN COALESCE(s.created, 0) ELSE", "a creation that is not clear is the oldest of all"),
        ("s.id = t.root_id", "s.id <> t.root_id", "a child's creation tells the age of the tree"),
        ("THEN c.old_since ELSE :active_since", "THEN :active_since ELSE :active_since", "a project's own age is ignored"),
        ("WHEN c.own_age = 1 THEN c.old_since ELSE :active_since", "WHEN c.own_age = 1 THEN c.old_since ELSE NULL", "a section switches the age of all off"),
        ("WHEN c.own_age = 1 THEN c.old_since", "WHEN c.old_since IS NOT NULL THEN c.old_since", "a project cannot switch its age off"),
        ("CASE WHEN c.own_count = 1 THEN 1 ELSE 0 END", "0", "a project's own number counts the trees of all"),
        ("CASE WHEN c.own_count = 1 THEN 1 ELSE 0 END", "CASE WHEN c.section IS NULL THEN 0 ELSE 1 END", "the number of all counts in a project that has other limits of its own"),
        ("WHEN c.own_count = 1 THEN c.max_sessions", "WHEN c.max_sessions IS NOT NULL THEN c.max_sessions", "a project cannot switch its number off"),
        ("THEN c.max_sessions ELSE :max_sessions", "THEN :max_sessions ELSE :max_sessions", "a project's own number is ignored"),
        ("THEN c.max_tree_size ELSE :max_tree_size", "THEN :max_tree_size ELSE :max_tree_size", "a project's own size of a tree is ignored"),
        ("WHEN c.own_tree_size = 1 THEN", "WHEN c.max_tree_size IS NOT NULL THEN", "a project cannot switch its size of a tree off"),
        ("THEN c.child_since ELSE :child_since", "THEN :child_since ELSE :child_since", "a project's own age of children is ignored"),
        ("WHEN c.own_children = 1 THEN", "WHEN c.child_since IS NOT NULL THEN", "a project cannot switch its age of children off"),
        ("ON c.project_id = t.project_id", "ON c.project_id <> t.project_id", "the limits of a project hold for all others"),
        ("LEFT JOIN lc_section", "JOIN lc_section", "only trees of projects with limits of their own have any"),
    ),
    *of(
        "retention/verdict.sql",
        ("CASE WHEN l.in_project = 1 THEN r.place_in_project ELSE r.place END", "r.place", "a project's own number counts the trees of all projects"),
        ("CASE WHEN l.in_project = 1 THEN", "CASE WHEN l.in_project = 0 THEN", "the number of all counts in each project"),
        ("l.aged < l.old_since", "r.active < l.old_since", "the age is that of the activity in any case"),
    ),
    *of(
        "retention/over.sql",
        ("CASE WHEN l.in_project = 1 THEN v.place_in_project ELSE v.place END", "v.place", "the reason tells the place among all trees"),
        ("r.id = u.id", "r.root_id = u.id", "the limits of a child subtree are not told"),
        ("COALESCE(t.size, 0)", "0", "the reason tells no size"),
        ("v.root_id = u.root_id", "v.root_id <> u.root_id", "the reason tells the place of another tree"),
        ("ORDER BY n.active, n.root_id", "ORDER BY n.root_id", "the figures come in another order than the units"),
    ),
    *of(
        "retention/projects.sql",
        ("p.worktree", "NULL", "no section finds a project by its folder"),
        ("GROUP BY s.project_id", "AND 1 = 0\nGROUP BY s.project_id", "a project without a row of its own is not found"),
    ),
    *of(
        "retention/section.sql",
        (":own_age, :active_since, :own_count", ":own_count, :active_since, :own_age", "a section that names an age is taken for one that names a number"),
    ),
    *of(
        "retention/next.sql",
        ("THEN l.aged + (:now - l.old_since) + 1", "THEN t.active + (:now - l.old_since) + 1", "the next tree of an age by creation is told by its activity"),
        ("(:now - l.old_since) + 1", "(:now - :active_since) + 1", "the next tree is told by the age of all"),
        ("(:now - l.old_since) + 1", "(:now - l.old_since)", "a tree is looked for before it is over its age"),
        ("WHERE v.verdict = 'keep'", "WHERE v.verdict <> 'keep'", "what goes now is next"),
    ),
    *of(
        "retention/next_child.sql",
        ("(:now - l.child_since) + 1", "(:now - :child_since) + 1", "the next child is told by the age of all"),
    ),
    *of(
        "retention/explain.sql",
        ("l.section,", "NULL AS section,", "explain does not say where a limit was set"),
    ),
]
