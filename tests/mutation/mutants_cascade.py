"""Changes to the guard, to what a removal takes, and to what hangs on the tables."""

# ruff: noqa: E501  a line of a template is as long as it is
from mutant import of

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
        ("      AND c.checksum = p.checksum\n", "", "a session whose rows were written anew goes"),
        ("c.checksum = p.checksum", "c.checksum >= p.checksum", "a session whose rows grew goes"),
        ("c.checksum = p.checksum", "c.checksum <= p.checksum", "a session whose rows shrank goes"),
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
            'THEN 1 ELSE 0 END),\n  SUM(<< row.checksum(table, "t") >>)',
            "THEN 1 ELSE 0 END),\n  0",
            "a part counts nothing in the checksum",
        ),
        (
            'COUNT(*), COUNT(*), SUM(<< row.checksum(table, "t") >>), << newest(table) >>\nFROM lc_more',
            "COUNT(*), COUNT(*), 0, << newest(table) >>\nFROM lc_more",
            "a part without its message counts nothing in the checksum",
        ),
        (
            'COUNT(*), COUNT(*), SUM(<< row.checksum(table, "t") >>), << newest(table) >>\nFROM lc_planned',
            "COUNT(*), COUNT(*), 0, << newest(table) >>\nFROM lc_planned",
            "a session or message counts nothing in the checksum",
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
        ("    AND f.name = lc_side_effect.name\n", "", "a table counts as another that refers to the same"),
        ("    AND f.place = lc_side_effect.place\n", "    AND f.name = lc_side_effect.name\n", "a key counts as another of its table"),
        ("    AND f.through = lc_side_effect.through\n", "", "a key of another column counts as the same"),
        ("    AND f.said = lc_side_effect.said\n", "", "a key that does something else counts as the same"),
    ),
]
