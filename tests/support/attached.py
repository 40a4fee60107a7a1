"""Rows with something attached, for tests of the reclamation kind `attachments`; imports nothing of the product."""

import base64
import json
import random

import forests
import nasty

RNG = random.Random(1)
PICTURE = RNG.randbytes(9_001)
OLD = {"time_updated": forests.LONG_AGO}


def coded(content):
    return base64.b64encode(content).decode()


def url(mime="image/png", content=None):
    return f"data:{mime};base64,{coded(RNG.randbytes(8_000) if content is None else content)}"


def file(link, mime="image/png", **more):
    return {"type": "file", "mime": mime, "filename": "a", "url": link} | more


def tool(*links, mime="image/png", **more):
    state = {"status": "completed", "input": {}, "output": "done", "title": "", "metadata": {},
             "time": {"start": 1, "end": 2}, "attachments": [file(link, mime) for link in links]}
    return {"type": "tool", "tool": "read", "callID": "c", "state": state | more}


def text(value):
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def part(id, data):
    return forests.Row("part", {"id": f"prt_{id}", "message_id": "msg_1", "session_id": "ses_1",
                                "data": text(data)} | OLD)


def message(number, type, data):
    return forests.Row("session_message", {"id": f"msg_2{number}", "session_id": "ses_1", "seq": number, "type": type,
                                           "data": text(data)} | OLD)


# By name: what moves, every file of it; white space, odd keys and numbers around it, as nasty rows have them.
MOVES = {
    "a picture": file(url(content=PICTURE)),
    "the same picture": file(url(content=PICTURE), filename="b"),
    "a document": file(url("application/pdf"), "application/pdf"),
    "a photo": file(url("image/jpeg"), "image/jpeg"),
    "a film of pictures": file(url("image/gif"), "image/gif"),
    "a small picture": file(url("image/webp"), "image/webp"),
    "a drawing": file(url("image/svg+xml"), "image/svg+xml"),
    "a table": file(url("text/csv"), "text/csv"),
    "results of a tool": tool(url(), url(content=PICTURE), "file:///x.png", url(content=PICTURE)),
    "white space": '{ "type" :\n"file" ,"x":1.50, "url" : "URL" , "y":1e400,"mime":"image/png" }'.replace("URL", url()),
    "odd keys": '{"type":"file","":1,"url.x":"data:,","mime":"image/png","url":"URL","$.url":2}'.replace("URL", url()),
}
# Nasty around an attachment: engines differ in which of these they take for JSON.
NASTY = {f"nasty {name}": data.replace('"attachments":[]', f'"attachments":[{text(file(url()))}]')
         for name, data in nasty.RECLAIMABLE if '"attachments":[]' in data and "duplicate" not in name}
# What stays, all of it.
STAYS = {
    "a video": file(url("video/mp4"), "video/mp4"),
    "padding that says something": file(url(content=b"x" * 6_001)[:-4] + "eB=="),
    "a line break in it": file(url()[:-8] + "\n" + url()[-8:]),
    "no base64": file("data:image/png,%89PNG" + "x" * 5_000),
    "short": file(url(content=b"x" * 100)),
    "a text": {"type": "text", "mime": "image/png", "text": url(), "url": 7},
    "a copy elsewhere": tool(url(content=b"copy" * 2_000), output=url(content=b"copy" * 2_000)),
    "written with escapes": text(file(url(content=b"\xff" * 6_000))).replace("base64,/", "base64,\\/"),
    "no list": tool(attachments=url()),
    "a number": tool(attachments=[1, "x", None, [url()]]),
    "another place": tool(metadata={"attachments": [file(url())]}),
    "a file on the disk": file("file:///tmp/" + "x" * 5_000),
}
BROKEN = {"cut short": text(file(url()))[:-2], "no object": '"data:image/png;base64,' + "x" * 5_000}
MESSAGES = [
    ("user", {"text": "look", "files": [{"uri": url("image/webp"), "mime": "image/webp", "name": "w"}]}),
    ("user", {"text": "look", "files": [{"data": coded(PICTURE), "mime": "image/png", "source": {"type": "inline"}},
                                        {"data": coded(b"small"), "mime": "text/plain"}]}),
    ("assistant", {"content": ["odd", 7, None, {"type": "text", "text": "hi"}, {
        "type": "tool", "id": "t", "name": "read", "state": {
            "status": "completed", "input": {}, "structured": {}, "attachments": [{"uri": url(), "mime": "image/png"}],
            "content": [{"type": "text", "text": "ok"},
                        {"type": "file", "uri": url("image/gif"), "mime": "image/gif"}, "odd"]}}]}),
]


def rows(*kinds, messages=True):
    """Rows of one idle session, parts by the name of what they hold."""
    found = [forests.Row("message", {"id": "msg_1", "session_id": "ses_1", "data": '{"role":"user"}'} | OLD)]
    found += [part(name, data) for kind in kinds for name, data in kind.items()]
    return found + [message(n, *one) for n, one in enumerate(MESSAGES * messages)]


def store(path, *kinds, messages=True, schema="1.18.33", **session):
    recipe = forests.Recipe([forests.Session("ses_1", **session)], rows=rows(*kinds, messages=messages))
    return forests.build(recipe, path, schema)


def places(table, data):
    """The named places of a row: its JSON with each emptied, and what stood there, as media type and base64."""
    found = []

    def take(holder, key):
        value = holder.get(key) if isinstance(holder, dict) else None
        if isinstance(value, str) and (key == "data" or value.startswith("data:") and ";base64," in value):
            head, _, bare = value.rpartition(",")
            found.append((head[5:].removesuffix(";base64") if head else holder.get("mime"), bare))
            holder[key] = ""

    def each(holder, *path):
        for key in path:
            holder = holder.get(key) if isinstance(holder, dict) else None
        return holder if isinstance(holder, list) else []

    whole = json.loads(data)
    if table == "part":
        take(whole, "url")
        for one in each(whole, "state", "attachments"):
            take(one, "url")
    else:
        for one in each(whole, "files"):
            take(one, "uri")
            take(one, "data")
        for entry in each(whole, "content"):
            for one in each(entry, "state", "content") + each(entry, "state", "attachments"):
                take(one, "uri")
    return whole, found
