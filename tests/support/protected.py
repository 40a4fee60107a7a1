"""The oracle's protections: what holds a tree, in the order in which it is named."""

import re
import unicodedata

from moments import DAY
from session_trees import activity, is_clear

# What moves the cursor, ends a line, is not seen, or turns the text around it.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffd]")


def is_unsafe_id(session_id):
    if not isinstance(session_id, str):
        return True
    try:
        session_id.encode("utf-8")
    except UnicodeEncodeError:  # a surrogate stands for an octet that is no UTF-8
        return True
    return CONTROL.search(session_id) is not None


def has_unsafe_id(tree):
    ids = [id for session in tree.sessions for id in (session.id, session.parent, session.project)]
    return any(is_unsafe_id(id) for id in ids if id is not None)


def has_unclear_time(tree):
    return any(not is_clear(time) for session in tree.sessions for time in session.times)


def is_future(tree, now):
    return (activity(tree.sessions) or 0) > now


def is_running(tree, now):
    """Claimed or queued; or something unfinished, and any row of the tree newer than 7 days: an old one was killed,
    not running."""
    if any(session.busy for session in tree.sessions):
        return True
    times = [time for session in tree.sessions for time in session.times + session.part_times]
    fresh = any(isinstance(time, int) and time >= now - 7 * DAY for time in times)
    return fresh and any(session.unfinished for session in tree.sessions)


def is_shared(tree):
    return any(session.shared for session in tree.sessions)


def is_pinned(tree, policy):
    return any(session.id in policy.pins for session in tree.sessions)


def is_restored(tree, policy, now):
    moments = [policy.restored[session.id] for session in tree.sessions if session.id in policy.restored]
    return any(now - moment < 30 * DAY for moment in moments)


def decoded(value):
    """A title, project or folder as text; where there is none, an empty one."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return "" if value is None else str(value)


def caseless(text):
    """Letters without case, accents in their shortest form; every i is the same i, with its dot or without."""
    text = unicodedata.normalize("NFD", text).casefold()
    text = unicodedata.normalize("NFD", text).replace("\u0131", "i")
    while "i\u0307" in text:
        text = text.replace("i\u0307", "i")
    return unicodedata.normalize("NFC", text)


def caseless_letters(text):
    """The same letter by letter: one that would become several stays as it is."""
    letters = unicodedata.normalize("NFC", text)
    return "".join(caseless(one) if len(caseless(one)) == 1 else one for one in letters)


def glob(text, pattern):
    """`*` is any run of characters, newlines too, `?` exactly one; nothing else is special."""
    ends = {0}  # how many characters of the text the pattern so far may have taken
    for sign in pattern:
        if sign == "*":
            ends = set(range(min(ends), len(text) + 1)) if ends else set()
        else:
            ends = {end + 1 for end in ends if end < len(text) and sign in ("?", text[end])}
    return len(text) in ends


def title_matches(title, pattern):
    shown = decoded(title)
    return any(glob(text, caseless(pattern)) for text in (caseless(shown), caseless_letters(shown)))


def folder_names(path):
    """How a path begins, and the names on it from the top. Windows knows a drive or a share, either slash, no case."""
    shown = path.replace("\\", "/")
    drive = len(path) >= 2 and path[0] in LETTERS and path[1] == ":" and shown[2:3] in ("", "/")
    share = path[:2] in ("//", "\\\\") and shown[2:3] not in ("", "/")
    if share and shown[2:4] in ("?/", "./"):  # as it is, says Windows; what follows is a drive, or a share again
        shown = shown[4:]
        share = shown[:4].lower() == "unc/"
        drive = not share
        shown = shown[4:] if share else shown
    if drive or share:
        return "share" if share else "", [name for name in caseless(shown).split("/") if name not in ("", ".")]
    start = "root" if path.startswith("/") else ""
    return start, [name for name in unicodedata.normalize("NFC", path).split("/") if name not in ("", ".")]


LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def is_in_directory(directory, protected):
    """A folder protects itself and all below it; nothing at all protects nothing."""
    start, names = folder_names(decoded(directory))
    wanted_start, wanted = folder_names(protected)
    if not wanted_start and not wanted:
        return False
    return start == wanted_start and names[: len(wanted)] == wanted


def is_matched(session, policy):
    return (
        any(title_matches(session.title, pattern) for pattern in policy.protect_titles)
        or (session.project is not None and decoded(session.project) in policy.protect_projects)
        or any(is_in_directory(session.directory, protected) for protected in policy.protect_directories)
    )


def is_protected_by_policy(tree, policy):
    return any(is_matched(session, policy) for session in tree.sessions)


def is_in_grace(tree, policy, now):
    active = activity(tree.sessions)
    return active is not None and now - active < (policy.grace_ms or 0)


def is_among_last(tree, order, count):
    return order.index(tree) < (count or 0)


def is_among_last_of_project(tree, order, count):
    same = [other for other in order if other.root.project == tree.root.project]
    return is_among_last(tree, same, count)


def protections(tree, order, policy, now):
    """Every protection that holds, the reason first. `order`: the trees that count, newest first."""
    rules = {
        "unsafe-id": has_unsafe_id(tree),
        "time-unclear": has_unclear_time(tree),
        "future": is_future(tree, now),
        "running": is_running(tree, now),
        "shared": is_shared(tree),
        "pinned": is_pinned(tree, policy),
        "restored": is_restored(tree, policy, now),
        "protect": is_protected_by_policy(tree, policy),
        "grace": is_in_grace(tree, policy, now),
        "keep-last": is_among_last(tree, order, policy.keep_last),
        "keep-last-per-project": is_among_last_of_project(tree, order, policy.keep_last_per_project),
    }
    return tuple(reason for reason, holds in rules.items() if holds)
