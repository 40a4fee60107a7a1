"""Changes to what a reclamation takes out of sessions that stay."""

# ruff: noqa: E501  a line of a template is as long as it is
from mutant import of

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
            "WHERE owner.session_id = g.id AND t.<< table.via.column >> = owner.id",
            "WHERE owner.session_id = g.id AND t.<< table.key >> = owner.id",
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
        ("      AND json_has(<< summary >>, '$.finish') = 1\n", "", "a summary that was not finished counts"),
        (
            "json_extract(<< thought >>, '$.type') = 'compaction'",
            "json_extract(<< thought >>, '$.type') <> ''",
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
