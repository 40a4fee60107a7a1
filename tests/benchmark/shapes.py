"""The JSON that client 1.18.33 writes, as bytes: `data` of message and part, and their copies as events."""

from blocks import first_lines

DIRECTORY = b"/home/dev/project"
AGENT_MODEL = b'"agent":"build","model":{"providerID":"mock","modelID":"m"}'
NO_TOKENS = b'{"input":0,"output":0,"reasoning":0,"cache":{"read":0,"write":0}}'
TOKENS = b'{"total":220,"input":200,"output":20,"reasoning":0,"cache":{"read":0,"write":0}}'
PENDING = b'"status":"pending","input":{},"raw":""'
SESSION_MODEL = b'{"id":"m","providerID":"mock","variant":"default"}'
NO_SUBAGENTS = b'[{"permission":"task","pattern":"*","action":"deny"}]'


# ---- messages

def user_message(created: int, diffs: bytes = b"") -> bytes:
    head = b'{"role":"user","time":{"created":%d},%b' % (created, AGENT_MODEL)
    return b'%b,"summary":{"diffs":[%b]}}' % (head, diffs)


def assistant_message(parent: bytes, created: int, completed: int | None, *, summary: bool = False) -> bytes:
    """Without `completed` the client is still writing it: no cost, no tokens, no finish."""
    end = b"" if completed is None else b',"completed":%d' % completed
    mode = b"compaction" if summary else b"build"
    return b"".join((
        b'{"parentID":"%b","role":"assistant","mode":"%b","agent":"%b",' % (parent, mode, mode),
        b'"path":{"cwd":"%b","root":"%b"},' % (DIRECTORY, DIRECTORY),
        b'"cost":%b,"tokens":%b,' % ((b"0", NO_TOKENS) if completed is None else (b"0.00024", TOKENS)),
        b'"modelID":"m","providerID":"mock","time":{"created":%d%b}' % (created, end),
        b"" if completed is None else b',"finish":"tool-calls"',
        b',"summary":true}' if summary else b"}",
    ))


def file_diff(name: bytes, patch: bytes) -> bytes:
    """Since 1.14 a diff is a patch with unlimited context: still the whole file."""
    return (b'{"file":"%b","patch":"Index: %b\\n%b","additions":12,"deletions":3,"status":"modified"}'
            % (name, name, patch))


# ---- parts

def text_part(text: bytes) -> bytes:
    return b'{"type":"text","text":"%b"}' % text


def streamed_text_part(text: bytes, start: int, end: int | None) -> bytes:
    return b'{"type":"text","text":"%b","time":%b}' % (text, span(start, end))


def reasoning_part(text: bytes, start: int, end: int | None, signature: bytes) -> bytes:
    return (b'{"type":"reasoning","text":"%b","time":%b,"metadata":{"anthropic":{"signature":"%b"}}}'
            % (text, span(start, end), signature))


def file_part(mime: bytes, name: bytes, base64: bytes) -> bytes:
    head = b'{"type":"file","mime":"%b","filename":"%b"' % (mime, name)
    return b'%b,"url":"data:%b;base64,%b"}' % (head, mime, base64)


def attachment(part: bytes, session: bytes, message: bytes, file: bytes) -> bytes:
    """A file part inside a tool's result carries the ids that other parts have as columns."""
    return b'{"id":"%b","sessionID":"%b","messageID":"%b",%b' % (part, session, message, file[1:])


def step_start_part(snapshot: bytes) -> bytes:
    return b'{"snapshot":"%b","type":"step-start"}' % snapshot


def step_finish_part(snapshot: bytes) -> bytes:
    return (b'{"reason":"tool-calls","snapshot":"%b","type":"step-finish","tokens":%b,"cost":0.00024}'
            % (snapshot, TOKENS))


def patch_part(snapshot: bytes, name: bytes) -> bytes:
    return b'{"type":"patch","hash":"%b","files":["%b/%b"]}' % (snapshot, DIRECTORY, name)


def compaction_part() -> bytes:
    return b'{"type":"compaction","auto":true,"overflow":false}'


def span(start: int, end: int | None) -> bytes:
    return b'{"start":%d}' % start if end is None else b'{"start":%d,"end":%d}' % (start, end)


# ---- tool parts: every state a part passes through, the last one is the row, all of them are events

def tool_states(tool: bytes, call: bytes, states: list[bytes]) -> list[bytes]:
    head = b'{"type":"tool","tool":"%b","callID":"call_%b","state":{' % (tool, call)
    return [head + state + b"}}" for state in (PENDING, *states)]


def completed(
    arguments: bytes, output: bytes, metadata: bytes, title: bytes, time: bytes, extra: bytes = b"",
) -> bytes:
    return b"".join((
        b'"status":"completed","input":', arguments, b',"output":"', output, b'","metadata":', metadata,
        b',"title":"', title, b'","time":', time, extra,
    ))


def running(arguments: bytes, start: int, metadata: bytes = b"") -> bytes:
    return b"".join((b'"status":"running","input":', arguments, metadata and b',"metadata":', metadata,
                     b',"time":{"start":%d}' % start))


def bash(output: bytes, start: int, time: bytes, updates: int) -> list[bytes]:
    """A command that streams: each update repeats all output so far, and the end holds it twice."""
    arguments = b'{"command":"make check","description":"Runs the checks"}'
    grown = [first_lines(output, len(output) * step // updates) for step in range(1, updates + 1)]
    last = b'{"output":"%b","exit":0,"truncated":false}' % output
    return [
        running(arguments, start),
        *(running(arguments, start, b'{"output":"%b"}' % so_far) for so_far in grown),
        completed(arguments, output, last, b"make check", time),
    ]


def read(text: bytes, name: bytes, start: int, time: bytes, attachment: bytes = b"") -> list[bytes]:
    path = b"%b/%b" % (DIRECTORY, name)
    arguments = b'{"filePath":"%b"}' % path
    output = b"<path>%b</path>\\n<type>file</type>\\n<content>\\n%b</content>" % (path, text)
    metadata = (
        b'{"preview":"%b","truncated":false,"loaded":[],"display":{"type":"file","path":"%b","text":"%b",'
        b'"lineStart":1,"lineEnd":99,"totalLines":99,"truncated":false}}'
        % (first_lines(text, 800), path, text))
    extra = b',"attachments":[%b]' % attachment if attachment else b""
    return [running(arguments, start), completed(arguments, output, metadata, name, time, extra)]


def edit(patch: bytes, name: bytes, start: int, time: bytes) -> list[bytes]:
    """The patch stands in the metadata twice, and the events hold it once more before the end."""
    path = b"%b/%b" % (DIRECTORY, name)
    arguments = b'{"filePath":"%b","oldString":"line2","newString":"LINE2"}' % path
    diff = (
        b'{"diagnostics":{},"diff":"%b","filediff":{"file":"%b","patch":"%b","additions":1,"deletions":1},'
        b'"truncated":false}' % (patch, path, patch))
    return [running(arguments, start), running(arguments, start, diff),
            completed(arguments, b"Edit applied successfully.", diff, name, time)]


def write(text: bytes, name: bytes, start: int, time: bytes) -> list[bytes]:
    path = b"%b/%b" % (DIRECTORY, name)
    arguments = b'{"filePath":"%b","content":"%b"}' % (path, text)
    metadata = b'{"diagnostics":{},"filepath":"%b","exists":true,"truncated":false}' % path
    output = b"Wrote file successfully."
    return [running(arguments, start), completed(arguments, output, metadata, name, time)]


def grep(text: bytes, start: int, time: bytes) -> list[bytes]:
    arguments = b'{"pattern":"session"}'
    return [running(arguments, start),
            completed(arguments, text, b'{"matches":99,"truncated":false}', b"session", time)]


def failed(start: int, time: bytes) -> list[bytes]:
    arguments = b'{"pattern":"**/*.txt"}'
    return [running(arguments, start),
            b'"status":"error","input":%b,"error":"ripgrep execution failed","time":%b' % (arguments, time)]


def todo(content: bytes) -> bytes:
    return b'{"content":"%b","status":"pending","priority":"high"}' % content


def todowrite(todos: bytes, start: int, time: bytes) -> list[bytes]:
    arguments = b'{"todos":%b}' % todos
    output = todos.replace(b'"', b'\\"')
    metadata = b'{"todos":%b,"truncated":false}' % todos
    return [running(arguments, start), completed(arguments, output, metadata, b"todos", time)]


def task(text: bytes, parent: bytes, child: bytes, start: int, time: bytes) -> list[bytes]:
    """A subagent: the result stays here even when the child session goes."""
    arguments = b'{"description":"sub","prompt":"Look into it","subagent_type":"general"}'
    head = b'<task id=\\"%b\\" state=\\"completed\\">' % child
    output = b"%b\\n<task_result>\\n%b</task_result>\\n</task>" % (head, text)
    metadata = (b'{"parentSessionId":"%b","sessionId":"%b","model":{"modelID":"m","providerID":"mock"},'
                b'"truncated":false}' % (parent, child))
    return [running(arguments, start), completed(arguments, output, metadata, b"sub", time)]


# ---- a session's own JSON columns

def revert(message: bytes, diff: bytes) -> bytes:
    return b'{"messageID":"%b","snapshot":"%040x","diff":"%b"}' % (message, len(diff), diff)


# ---- events

def part_event(session: bytes, message: bytes, part: bytes, data: bytes, time: int) -> bytes:
    return b'{"sessionID":"%b","part":{"id":"%b","sessionID":"%b","messageID":"%b",%b,"time":%d}' % (
        session, part, session, message, data[1:], time)


def message_event(session: bytes, message: bytes, data: bytes) -> bytes:
    return b'{"sessionID":"%b","info":{"id":"%b","sessionID":"%b",%b}' % (session, message, session, data[1:])


def session_event(session: bytes, project: bytes, title: bytes, created: int, updated: int) -> bytes:
    return b"".join((
        b'{"sessionID":"%b","info":{"id":"%b",' % (session, session),
        b'"slug":"witty-wizard","projectID":"%b",' % project,
        b'"directory":"%b","path":"","summary":{"additions":0,"deletions":0,"files":0},' % DIRECTORY,
        b'"cost":0.00024,"tokens":%b,"title":"%b","agent":"build",' % (NO_TOKENS, title),
        b'"model":%b,"version":"1.18.33",' % SESSION_MODEL,
        b'"time":{"created":%d,"updated":%d}}}' % (created, updated),
    ))
