"""Changes to what one unattended run takes, and to what is remembered for the next."""

from mutant import of

SHARE = [
    *of(
        "retention/share.sql",
        ("COALESCE(SUM(t.bytes), 0)", "COALESCE(MAX(t.bytes), 0)", "the share is of the largest tree"),
        ("ROW_NUMBER() OVER (ORDER BY t.active, t.root_id)", "ROW_NUMBER() OVER (ORDER BY t.active DESC, t.root_id)",
         "the newest are counted first"),
        ("SUM(t.bytes) OVER (ORDER BY t.active, t.root_id", "SUM(t.bytes) OVER (ORDER BY t.active DESC, t.root_id",
         "the newest are weighed first"),
        ("WHERE t.bytes * 1000 <= w.bytes * :max_share;", "WHERE 1 = 1;", "a giant tree holds up all others"),
        ("s.filled * 1000 > w.bytes * :max_share", "s.filled * 1000 > w.bytes * 1000", "octets are not bounded"),
        ("OR (s.place > 1 AND s.place * 1000 > w.trees * :max_share)", "", "trees are not bounded"),
        ("s.place > 1 AND", "s.place > 0 AND", "the last tree never goes"),
        ("WHERE s.root_id IS NULL OR s.filled", "WHERE s.filled", "a giant tree goes"),
        ("COUNT(*) + :gone_trees", "COUNT(*)", "trees that went are none of the whole"),
        ("0) + :gone_bytes", "0)", "octets that went are none of the whole"),
        (":gone_trees + ROW", "ROW", "each pass takes a share of the trees"),
        (":gone_bytes + SUM", "SUM", "each pass takes a share of the octets"),
        ("DELETE FROM lc_turn\nWHERE root_id IN", "DELETE FROM lc_turn\nWHERE root_id NOT IN",
         "what stays is in the order, and what goes is not"),
    ),
    *of(
        "retention/verdict.sql",
        ("SELECT 'trees', COALESCE(SUM(r.size), 0)", "SELECT 'trees', COALESCE(MAX(r.size), 0)", "one tree is known"),
        ("b.kind = 'unowned' AND b.bytes", "1 = 0 AND b.bytes", "what is of no tree counts as found beyond"),
        ("THEN :measured - :fixed_size - SUM(k.bytes)", "THEN :measured - SUM(k.bytes)", "what a file takes anyway"),
        ("CASE WHEN :measured - :fixed_size", "CASE WHEN 0 - :fixed_size", "no measure is taken"),
        ("ELSE :excess END", "ELSE 0 END", "what an earlier run has found is forgotten"),
        ("WHEN x.bytes > :max_excess THEN :max_excess ELSE", "WHEN 1 = 0 THEN :max_excess ELSE",
         "a file full of what is no session costs all of them"),
    ),
    *of("retention/excess.sql", ("b.kind = 'excess'", "b.kind = 'protected'", "something else is remembered")),
    *of("retention/rest.sql", ("SUM(b.alone)", "COUNT(*)", "all that waits is called too large")),
    *of(
        "retention/next.sql",
        ("l.aged + (:now - l.old_since) + 1", "l.aged + (:now - l.old_since)", "due a millisecond early"),
        ("t.active + (:now - :grace_since)", "t.active", "grace is no time"),
        ("> 0 THEN :tomorrow END", ">= 0 THEN :tomorrow END", "due tomorrow though it is over no limit"),
        ("WHERE v.verdict = 'keep'", "WHERE 1 = 1", "what goes now is due, too"),
        ("MIN(d.due)", "MAX(d.due)", "the last tree is told in place of the next"),
    ),
    *of(
        "retention/next_child.sql",
        ("(:now - l.child_since) + 1)", "(:now - l.child_since))", "a child is due a millisecond early"),
        ("AND s.parent_id IS NOT NULL", "", "roots count as children"),
        ("s.active >= l.child_since", "1 = 1", "what goes now is due, too"),
    ),
]
