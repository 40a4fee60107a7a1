"""A model that does what the prompt says: a loopback stand-in for an OpenAI-compatible provider.

A prompt carries its own script, one directive per turn of the model, then the closing answer:

    [[bash seq 1 5]]            run a command
    [[write a.txt some text]]   write a file
    [[read a.txt]]              read it
    [[todo first; second]]      set the todo list
    [[task look it up [[bash date]]]]   start a child session whose prompt is the rest, directives included
    [[say goodbye]]             the closing answer; without it the model says which prompt it answered
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TITLE_AGENT = "title generator"


class Model(ThreadingHTTPServer):
    """The server and what it was asked: `requests` holds every request body, in order of arrival."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[dict] = []
        self.failures: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def sent(self, prompt: str) -> list[dict]:
        """The newest conversation, without system texts, whose last prompt contains this text."""
        for body in reversed(self.requests):
            if prompt in last_prompt(body["messages"])[0] and not is_title_request(body):
                return [message for message in body["messages"] if message["role"] != "system"]
        raise LookupError(f"the model was never asked {prompt!r}")


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Model

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.requests.append(body)
        try:
            chunks = list(stream(body))
        except (KeyError, ValueError) as error:
            self.server.failures.append(repr(error))
            self.send_error(400, str(error))
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for chunk in chunks:
            self.wfile.write(f"data: {chunk}\n\n".encode())

    def log_message(self, *args: object) -> None:
        """Say nothing: the tests read `requests`."""


def stream(body: dict) -> Iterator[str]:
    """The chunks of one answer: role, content or tool call, finish, usage, end."""
    delta, reason = answer(body)
    base = {"id": "mock", "object": "chat.completion.chunk", "created": 0, "model": body.get("model", "m")}
    for part, finish in (({"role": "assistant"}, None), (delta, None), ({}, reason)):
        choice = {"index": 0, "delta": part, "finish_reason": finish}
        yield json.dumps({**base, "choices": [choice]})
    usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    yield json.dumps({**base, "choices": [], "usage": usage})
    yield "[DONE]"


def answer(body: dict) -> tuple[dict, str]:
    """The delta and finish reason that come next in the script of the last prompt."""
    prompt, done = last_prompt(body["messages"])
    if is_title_request(body):
        return {"content": "A title"}, "stop"
    steps = directives(prompt)
    calls = [step for step in steps if not step.startswith("say ")]
    if done < len(calls) and body.get("tools"):
        return {"tool_calls": [tool_call(calls[done], done)]}, "tool_calls"
    said = [step.removeprefix("say ") for step in steps if step.startswith("say ")]
    return {"content": said[-1] if said else f"Answer to {prompt.strip()[:60]}"}, "stop"


def is_title_request(body: dict) -> bool:
    system = [text_of(message) for message in body["messages"] if message["role"] == "system"]
    return any(TITLE_AGENT in text for text in system)


def last_prompt(messages: list[dict]) -> tuple[str, int]:
    """The text of the last prompt and how many tool results stand after it."""
    at = max(index for index, message in enumerate(messages) if message["role"] == "user")
    return text_of(messages[at]), sum(message["role"] == "tool" for message in messages[at:])


def text_of(message: dict) -> str:
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "\n".join(part.get("text", "") for part in content)


def directives(text: str) -> list[str]:
    """The outermost [[...]] of a text; what is nested belongs to the child's prompt."""
    found, depth, start, at = [], 0, 0, 0
    while at < len(text) - 1:
        mark = text[at : at + 2]
        if mark == "[[":
            start = at + 2 if depth == 0 else start
            depth, at = depth + 1, at + 2
        elif mark == "]]" and depth:
            depth, at = depth - 1, at + 2
            if depth == 0:
                found.append(text[start : at - 2].strip())
        else:
            at += 1
    return found


def tool_call(directive: str, number: int) -> dict:
    name, _, rest = directive.partition(" ")
    tool, arguments = ARGUMENTS[name](rest)
    function = {"name": tool, "arguments": json.dumps(arguments)}
    return {"index": 0, "id": f"call_{number}", "type": "function", "function": function}


def _bash(rest: str) -> tuple[str, dict]:
    return "bash", {"command": rest, "description": "Runs a command"}


def _read(rest: str) -> tuple[str, dict]:
    return "read", {"filePath": rest}


def _write(rest: str) -> tuple[str, dict]:
    path, _, content = rest.partition(" ")
    return "write", {"filePath": path, "content": content}


def _todo(rest: str) -> tuple[str, dict]:
    items = [item.strip() for item in rest.split(";")]
    todos = [{"content": item, "status": "pending", "priority": "medium"} for item in items]
    return "todowrite", {"todos": todos}


def _task(rest: str) -> tuple[str, dict]:
    words = rest.partition("[[")[0].strip()
    return "task", {"description": words, "prompt": rest, "subagent_type": "general"}


ARGUMENTS = {"bash": _bash, "read": _read, "write": _write, "todo": _todo, "task": _task}


@contextmanager
def model() -> Iterator[Model]:
    """A running model; its port is free again afterwards."""
    server = Model()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
