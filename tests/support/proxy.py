"""A proxy before a server that stops answering at an octet, with every connection open, or does something else then.

    with Proxy(port) as proxy: proxy.at(5_000); ...; proxy.mend()
"""

import contextlib
import re
import selectors
import socket
import threading

PIECE = 1 << 14
COMMIT = re.compile(rb"(?<!\w)COMMIT(?!\w)")


class Proxy:
    """Listens on `port`. `passed` counts the octets that went to the server since `at` was called."""

    def __init__(self, behind):
        self.behind, self.passed, self.commits = behind, 0, 0
        self.limit = self.commit = self.then = None
        self.stalled, self.mended = threading.Event(), threading.Event()
        self.swallow, self.cut_off, self.held = False, False, []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.wake, self.waking = socket.socketpair()
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listening, selectors.EVENT_READ)
        self.selector.register(self.waking, selectors.EVENT_READ)
        self.other, self.client = {}, set()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.wake.close()
        self.thread.join(10)
        for one in (self.listening, self.waking, *self.other, *self.held):
            one.close()
        self.selector.close()

    def at(self, octets=None, commit=None, then=None, swallow=False):
        """Once so many more octets have gone to the server, or a commit of that number, nothing goes through any more,
        to nobody; `then` is called. What is sent is taken and dropped where it is to `swallow`, else left until that is
        full."""
        self.passed, self.commits, self.then, self.swallow, self.cut_off = 0, 0, then, swallow, False
        self.stalled.clear()
        self.limit, self.commit = octets, commit

    def cut(self):
        """For `then`: all connections end, and no more are taken."""
        self.cut_off = True
        self._end_all()

    def mend(self):
        """Connections of before are closed, and new ones go through."""
        self.limit = self.commit = self.then = None
        self.cut_off = False
        self.stalled.clear()
        self.mended.clear()
        self.wake.send(b"x")
        assert self.mended.wait(10)

    def _run(self):
        while True:
            for key, _ in self.selector.select():
                if key.fileobj is self.listening:
                    self._accept()
                elif key.fileobj in self.other:
                    self._pass(key.fileobj)
                elif key.fileobj is self.waking:
                    if not self.waking.recv(1):
                        return
                    self._end_all()
                    self.mended.set()

    def _accept(self):
        client = self.listening.accept()[0]
        if self.cut_off:
            client.close()
            return
        if self.stalled.is_set():
            self.held.append(client)  # a connection that nobody speaks over
            return
        try:
            server = socket.create_connection(("127.0.0.1", self.behind), timeout=10)
        except OSError:
            client.close()
            return
        self.client.add(client)
        for one, other in ((client, server), (server, client)):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            one.settimeout(10)
            self.other[one] = other
            self.selector.register(one, selectors.EVENT_READ)

    def _pass(self, one):
        if self.stalled.is_set() and not self.swallow:
            self.selector.unregister(one)
            return
        try:
            data = one.recv(PIECE)
            if not data:
                self._end(one)
            elif not self.stalled.is_set():
                self._through(one, data)
        except OSError:
            self._end(one)

    def _through(self, one, data):
        if one not in self.client:
            self.other[one].sendall(data)
            return
        left = len(data) if self.limit is None else min(len(data), self.limit - self.passed)
        self.passed += left
        self.other[one].sendall(data[:left])
        self.commits += len(COMMIT.findall(data))
        if self.passed == self.limit or self.commits == self.commit:
            self.stalled.set()
            if self.then:
                self.then()

    def _end_all(self):
        for one in [*self.other, *self.held]:
            self._end(one)
        self.held.clear()

    def _end(self, one):
        for socket_ in (one, self.other.pop(one, None)):
            if socket_ is not None:
                with contextlib.suppress(KeyError, ValueError):
                    self.selector.unregister(socket_)
                self.other.pop(socket_, None)
                self.client.discard(socket_)
                socket_.close()
