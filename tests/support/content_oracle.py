"""What a reclamation must leave of the messages of 2.x, reckoned entry by entry; imports nothing of the product."""

from reclaim_words import CLEARED, PROTECTED, WORTH, Pairs, at, is_idle, parsed, sessions

LINKS = ("sessionID", "sessionId", "parentSessionId")


def entries(row):
    """The entries of a finished message of an assistant, or nothing."""
    data = row["data"] if isinstance(row["data"], Pairs) else parsed(row["data"])
    if row["type"] != "assistant" or at(data, "time", "completed") is None:
        return []
    found = data.get("content")
    whole = isinstance(found, list) and not isinstance(found, Pairs) and all(isinstance(one, Pairs) for one in found)
    return found if whole else []


def with_entries(row, change):
    """The message with each entry changed; the text itself where all stay as they are."""
    data = row["data"] if isinstance(row["data"], Pairs) else parsed(row["data"])
    before = entries(row | {"data": data})
    after = [change(one) for one in before]
    return row["data"] if after == list(before) else data.put("content", after)


def result(entry):
    """The list that a finished call of ours returned."""
    found = at(entry, "state", "content")
    ended = at(entry, "type") == "tool" and at(entry, "state", "status") == "completed"
    ours = ended and at(entry, "executed") is not True
    return found if ours and isinstance(found, list) and not isinstance(found, Pairs) else []


def gone(entry):
    return len(result(entry)) == 1 and at(result(entry)[0], "text") == CLEARED


def there(entry):
    name = at(entry, "name")
    return bool(result(entry)) and not gone(entry) and isinstance(name, str) and name != "skill"


def octets(row):
    """Of the texts of results that are still there, where the words in their place would be shorter."""
    texts = [at(piece, "text") or at(piece, "uri") or "" for entry in entries(row) if there(entry)
             for piece in result(entry)]
    size = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
    return size if size > 40 * len(entries(row)) else 0


def only_links(state, name):
    held = state.get(name)
    if held is None:
        return state
    return state.put(name, Pairs((k, at(held, k)) for k in LINKS if at(held, k) is not None))


def cleared(entry):
    if not there(entry):
        return entry
    state = only_links(only_links(entry.get("state"), "metadata"), "structured")
    words = [Pairs([("type", "text"), ("text", CLEARED)])]
    return entry.put("state", state.put("content", words).without("attachments"))


def lightened(entry):
    metadata = at(entry, "state", "metadata")
    if not gone(entry) or not isinstance(metadata, Pairs) or not metadata.without(*LINKS):
        return entry
    return entry.put("state", only_links(entry.get("state"), "metadata"))


def unthought(entry):
    if at(entry, "type") != "reasoning":
        return entry
    entry = entry if entry.get("text") is None else entry.put("text", "")
    return entry.without("state", "native")


def reclaimed(store, left, kinds, since):
    """Take out of `left` what the kinds take out of messages of sessions that were idle since then."""
    settled = {id for id in sessions(store) if is_idle(store, id, since) and not reverting(store, id)}
    rows = left["session_message"]
    if "compacted" in kinds:
        for row in rows.values():
            row["data"] = with_entries(row, lightened)
    for session in settled:
        own = {place: row for place, row in store["session_message"].items() if row["session_id"] == session}
        if "outputs" in kinds:
            for place in worn(own):
                rows[place]["data"] = with_entries(rows[place], cleared)
        if "reasoning" in kinds:
            for place in unsent(own):
                rows[place]["data"] = with_entries(rows[place], unthought)


def reverting(store, id):
    return any(row["id"] == id and row["revert"] is not None
               for table in ("session", "session_v2") for row in store.get(table, {}).values())


def worn(rows):
    """The messages whose results the walk back clears."""
    prompts = sorted((row["seq"] for row in rows.values() if row["type"] == "user"), reverse=True)
    if len(prompts) < 2:
        return []
    old = [place for place, row in rows.items() if row["seq"] < prompts[1]]
    old.sort(key=lambda place: -rows[place]["seq"])
    walked, beyond = 0, []
    for place in old:
        walked += octets(rows[place])
        beyond += [place] if walked > PROTECTED and octets(rows[place]) else []
    return beyond if sum(octets(rows[place]) for place in beyond) > WORTH else []


def unsent(rows):
    """The messages before the newest finished compaction that every model can read."""
    found = {row["seq"]: parsed(row["data"]) for row in rows.values() if row["type"] == "compaction"}
    folds = [seq for seq, one in found.items()
             if at(one, "status") == "completed" and at(one, "providerContext") is None]
    return [place for place, row in rows.items() if folds and row["seq"] < max(folds)]
