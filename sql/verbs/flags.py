"""What the flags are for, in a line each; said once for the verbs that share them."""

from __future__ import annotations

STORE = {"store": "Path or URL of the store; the client's own when left out"}
JSON = {"json": "Print facts as JSON on stdout"}
SELECT = STORE | {
    "days": "Remove trees that were not active for so many days: 30",
    "older-than": "Like --days, with a unit: 12h, 6w, 3mo, 1y",
    "keep": "Remove trees beyond the newest N",
    "max-size": "Remove the oldest trees until the file fits: 500MB, 2GiB",
    "larger-than": "Remove single trees larger than this: 200MB",
    "children": "Remove idle child sessions of trees that stay (30d unless said otherwise)",
    "project": "Only trees of this project: its id, folder or name",
    "origin": "Of a store that holds copies: only trees that this origin brought",
    "policy": "A policy by name or file; the user's own or the default when left out",
    "now": "The moment to judge by: epoch milliseconds or ISO 8601",
    "ignore-table": "Go on although this unknown table, or this trigger, has to do with rows of sessions: a,b",
}
RUN = {"yes": "Do not ask"}
WITH = {"with_": "The scheduler: systemd, cron, launchd or windows; the one that fits when left out"}
IGNORE = {"ignore-table": SELECT["ignore-table"]}
EXPORT = {"export": "File for the export made before the removal", "no-export": "Make no export before the removal",
          "export-to": "In place of a file: the URL of a server, or a cold file, that is to hold what goes"}
RECLAIM = STORE | RUN | JSON | {
    "only": "Only these kinds, whatever the policy switches: events,compacted",
    "older-than": "Diffs, outputs, reasoning and attachments: only of sessions idle for so long (`7d`)",
    "all-events": "Drop the whole event log of sessions that stay",
    "orphan-children": "Remove child sessions whose parent is gone as well",
    "dry-run": "Show the forecast and stop",
    "export": "File for the original rows, written before the first change",
    "no-export": "Do not export the original rows",
} | {name: SELECT[name] for name in ("policy", "now", "ignore-table")}
ARCHIVE = STORE | JSON | RUN | IGNORE | {
    "session": "One session by id", "older-than": "Root sessions of trees idle for longer",
    "dry-run": "Show what would change and stop", "now": SELECT["now"]}
TO = {"to": "URL of a server store: postgresql://USER@HOST/DATABASE or mysql://USER@HOST/DATABASE; or a cold file: "
            "~/cold.db"}
