"""The rows of one session after another, in the order in which the client would have written them."""

import random
from collections.abc import Iterator

import shapes
from blocks import WORDS, Blocks
from forest import Ids, Session

PAGE = 4_096
# What a row takes beside its data: keys and indexes; one longer than a page wastes half of its last page too.
INDEXED = 230
# Multiples of it fill 0 to 1 evenly at any count: small stores have the same mix of lengths as large ones.
GOLDEN = 0.618034


class Writer:
    """Collects rows by table in `rows`, for the caller to take. `octets`: what they take in the file."""

    def __init__(self, rng: random.Random, ids: Ids, blocks: Blocks):
        self.rng, self.ids, self.blocks = rng, ids, blocks
        self.rows: dict[str, list[tuple]] = {}
        self.octets = self.written = self.largest = 0
        self.bulk = 1.0

    def session(self, session: Session) -> None:
        self.now, self.seq, self.logged = session.created, 0, session.logged or session.ghost == "events"
        self.current = session
        self.title = " ".join(("Look into", *self.rng.choices(WORDS, k=3))).encode()
        self._session_event("created")
        self.written += 1
        turns = min(40, int((1 - self.written * GOLDEN % 1) ** (-1 / 1.55)))
        for turn in range(turns):
            self._turn(last=turn == turns - 1)
        self._session_rows()
        if self.seq:
            self._add("event_sequence", (session.id, self.seq - 1, None))

    # ---- a turn: what the user asked, and the steps of the answer

    def _turn(self, *, last: bool) -> None:
        session = self.current
        if last and session.newest_message:
            self.now = session.newest_message
        user, created = self.ids("msg", self.now), self.now
        diffs = self._diffs()
        self._message_event(user, shapes.user_message(created))
        self._parts(user, self._user_parts())
        steps = self.rng.randint(1, 6)
        for step in range(steps):
            self._step(user, running=last and session.running and step == steps - 1)
        self._message(user, created, shapes.user_message(created, diffs), copies=3 if diffs else 1)

    def _step(self, user: bytes, *, running: bool) -> None:
        message, created = self.ids("msg", self._tick()), self.now
        self._message_event(message, shapes.assistant_message(user, created, None))
        self._parts(message, self._step_parts(message, running))
        completed = None if running else self._tick()
        self._message(message, created, shapes.assistant_message(user, created, completed), copies=2)
        self._session_event("updated")

    def _diffs(self) -> bytes:
        size = self._size(9.9, 1.2, 900_000) if self.rng.random() < 0.06 else 0
        if self.current.big_diffs:
            size, self.current.big_diffs = self.current.big_diffs, 0
        return shapes.file_diff(b"src/app.py", self.blocks.text(size)) if size else b""

    # ---- parts: each is the list of the states it passes through, the last of which is the row

    def _user_parts(self) -> Iterator[list[bytes]]:
        yield [shapes.text_part(self.blocks.text(self._size(5.5, 1, 8_000)))]
        if self.rng.random() < 0.015:
            yield [self._file(self._size(12.0, 0.9, 1_500_000))]
        while self.current.big:
            yield [self._file(self.current.big.pop())]
        if self.current.giant:
            # As `opencode import` writes it: a row, and no event.
            logged, self.logged = self.logged, False
            yield [self._cleared(self.current.giant) if self.current.cleared else self._file(self.current.giant)]
            self.logged, self.current.giant = logged, 0

    def _cleared(self, size: int) -> bytes:
        time = shapes.span(self.now, self.now + 9)[:-1] + b',"compacted":%d}' % (self.now + 600_000)
        states = shapes.grep(self.blocks.text(size - 300), self.now, time)
        return shapes.tool_states(b"grep", b"%d_0" % self.rng.getrandbits(60), states)[-1]

    def _file(self, size: int) -> bytes:
        return shapes.file_part(b"image/png", b"screen.png", self.blocks.base64(size - 84))

    def _step_parts(self, message: bytes, running: bool) -> Iterator[list[bytes]]:
        rng, snapshot = self.rng, b"%040x" % self.rng.getrandbits(160)
        yield [shapes.step_start_part(snapshot)]
        if rng.random() < 0.4:
            text, signature = self.blocks.text(self._size(6.8, 0.8, 20_000)), self.blocks.base64(400)
            yield [shapes.reasoning_part(b"", self.now, None, signature),
                   shapes.reasoning_part(text, self.now, self.now + 900, signature)]
        if rng.random() < 0.35:
            text = self.blocks.text(self._size(6.2, 1, 20_000))
            yield [shapes.streamed_text_part(b"", self.now, None),
                   shapes.streamed_text_part(text, self.now, self.now + 500)]
        for _ in range(rng.choices((0, 1, 2, 3), (2, 12, 2, 1))[0]):
            states = self._tool(message)
            yield states[:-1] if running else states
        if not running:
            yield [shapes.step_finish_part(snapshot)]
        if rng.random() < 0.15:
            yield [shapes.patch_part(snapshot, b"src/app.py")]

    def _tool(self, message: bytes) -> list[bytes]:
        rng, start = self.rng, self.now
        end = start + rng.randrange(20, 4_000)
        plain = shapes.span(start, end)
        # The client marks what its model no longer sees; the output stays where it is.
        time = plain[:-1] + b',"compacted":%d}' % (end + 600_000) if rng.random() < 0.25 else plain
        kind = rng.choices(("bash", "read", "edit", "write", "grep", "glob", "todowrite", "task"),
                           (35, 28, 12, 7, 8, 3, 5, 2))[0]
        text, size = self.blocks.text, self._size
        match kind:
            case "bash":
                states = shapes.bash(text(size(8.0, 1.3, 30_000)), start, time, rng.randint(1, 4))
            case "read":
                attachment = self._attachment(message) if rng.random() < 0.02 else b""
                states = shapes.read(text(size(8.5, 1.1, 50_000)), b"src/app.py", start, time, attachment)
            case "edit":
                states = shapes.edit(text(size(7.0, 1.1, 30_000)), b"src/app.py", start, plain)
            case "write":
                states = shapes.write(text(size(8.0, 1.0, 50_000)), b"src/new.py", start, plain)
            case "grep":
                states = shapes.grep(text(size(7.8, 1.0, 50_000)), start, time)
            case "glob":
                states = shapes.failed(start, plain)
            case "todowrite":
                states = shapes.todowrite(self._todos(), start, plain)
            case "task":
                child = self.ids("ses", start)
                states = shapes.task(text(size(6.5, 0.8, 9_000)), self.current.id, child, start, plain)
        return shapes.tool_states(kind.encode(), b"%d_0" % rng.getrandbits(60), states)

    def _attachment(self, message: bytes) -> bytes:
        part = self.ids("prt", self.now)
        return shapes.attachment(part, self.current.id, message, self._file(self._size(11.5, 0.7, 900_000)))

    def _todos(self) -> bytes:
        count, session = self.rng.randint(2, 6), self.current.id
        self.rows["todo"] = [row for row in self.rows.get("todo", []) if row[0] != session]
        for place in range(count):
            self._add("todo", (session, b"Step %d" % place, "pending", "high", place, self.now, self.now))
        return b"[%b]" % b",".join(shapes.todo(b"Step %d" % place) for place in range(count))

    # ---- rows, and the events that repeat them

    def _parts(self, message: bytes, parts: Iterator[list[bytes]]) -> None:
        for states in parts:
            part, start = self.ids("prt", self._tick()), self.now
            for data in states:
                time = self._tick(200)
                if self.logged:
                    copy = shapes.part_event(self.current.id, message, part, data, time)
                    self._event("message.part.updated.1", copy)
            self._data("part", (part, message, self.current.id, start, self.now), states[-1])

    def _message(self, message: bytes, created: int, data: bytes, copies: int) -> None:
        for _ in range(copies):
            self._message_event(message, data)
        self._data("message", (message, self.current.id, created, self.now), data)

    def _message_event(self, message: bytes, data: bytes) -> None:
        self._event("message.updated.1", shapes.message_event(self.current.id, message, data))

    def _session_event(self, what: str) -> None:
        now = self.current
        data = shapes.session_event(now.id, now.project, self.title, now.created, self.now)
        self._event(f"session.{what}.1", data)

    def _session_rows(self) -> None:
        now, rng, text = self.current, self.rng, self.blocks.text
        if now.ghost:
            return
        # The client moves this stamp now and then only; the newest message may be far younger.
        updated = now.created + 60_000 if now.newest_message else self.now
        url = b"https://share.example/s/" + now.id[-8:] if now.shared else None
        diffs = b"[%b]" % shapes.file_diff(b"a.py", text(40_000)) if rng.random() < 0.03 else None
        revert = shapes.revert(self.ids("msg", self.now), text(9_000)) if rng.random() < 0.01 else None
        self._add("session", (
            now.id, now.project, now.parent, b"witty-wizard", shapes.DIRECTORY, b"", self.title, b"1.18.33",
            url, diffs, 0.05, 1_900, 190, revert, shapes.NO_SUBAGENTS if now.parent else None, b"build",
            shapes.SESSION_MODEL, now.created, updated, updated + 1_000 if now.archived else None,
        ))
        if url:
            secret = b"%032x" % rng.getrandbits(128)
            self._add("session_share", (now.id, now.id[-8:], secret, url, now.created, now.created))

    def _event(self, kind: str, data: bytes) -> None:
        if self.logged:
            self._data("event", (self.ids("evt", self.now), self.current.id, self.seq, kind), data)
            self.seq += 1

    def _data(self, table: str, row: tuple, data: bytes) -> None:
        if self._add(table, (*row, data)):
            self.largest = max(self.largest, len(data))
            self.octets += len(data) + (INDEXED if len(data) < PAGE else INDEXED + PAGE // 2)

    def _add(self, table: str, row: tuple) -> bool:
        if self.current.ghost == "events" and not table.startswith("event"):
            return False
        self.rows.setdefault(table, []).append(row)
        return True

    def _tick(self, longest: int = 20_000) -> int:
        self.now += self.rng.randrange(1, longest)
        return self.now

    def _size(self, mu: float, sigma: float, largest: int) -> int:
        """Log-normal, as outputs are: many small, few large. `bulk` steers the whole towards its size."""
        return max(20, int(min(largest, self.rng.lognormvariate(mu, sigma)) * self.bulk))
