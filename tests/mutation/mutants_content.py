"""Changes to what happens to attachments, to entries of 2.x messages, and to what a move to 2.x left."""

# ruff: noqa: E501  a line of a template is as long as it is
from mutant import of

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
        (" AND json_valid(p.data) = 0", " AND 1 = 0", "what is no JSON is not counted"),
        (" AND json_valid(m.data) = 0", " AND 1 = 0", "a message that is no JSON is not counted"),
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
        ('<< protection.free("f", false) >>', "f.unsafe = 0 AND f.unclear = 0", "shared sessions go"),
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
        ('t.bytes = << old.total(store, "t.id", "bytes") >>', "t.bytes > 0", "a text that was written since goes"),
        ('t.tally = << old.total(store, "t.id", "tally") >>', "t.tally > 0", "a row that came since goes"),
    ),
    *of("reclamation/leftovers.sql", ("WHERE << owner.key >> IN (SELECT c.id FROM lc_leftover_batch AS c)", "WHERE << owner.key >> IN (SELECT c.id FROM lc_leftover_batch AS c WHERE c.bytes > 99999)", "messages stay")),
    *of("reclamation/batch_leftovers.sql", ("SUM(c.bytes)", "MAX(c.bytes)", "too little is told")),
    *of("reclamation/put_back.sql", ("WHERE NOT EXISTS", "WHERE EXISTS", "nothing comes back")),
    *of("reclamation/originals_leftovers.sql", ("ON x.<< owner.key >> = t.id", "ON x.<< owner.key >> > t.id", "the wrong rows are exported")),
]
