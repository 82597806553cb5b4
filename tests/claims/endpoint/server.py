"""A small real HTTP server that answers like a chat completion: well, or badly in the ways that servers do."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Answers:
    """What the server says, one answer a question; the last one is said again. Keeps what it was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.url = ""

    def next(self) -> Any:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def serving(*answers: Any) -> Iterator[Answers]:
    """Serve on a free port of this machine. An answer is a dict or list (the model's JSON), a string (its words), bytes
    (the whole body), an int (a status), or a float (seconds of silence)."""
    said = Answers(*answers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["content-length"])
            said.asked.append(json.loads(self.rfile.read(size)))
            said.keys.append(self.headers.get("authorization"))
            answer = said.next()
            if isinstance(answer, float):
                time.sleep(answer)
                answer = {"acts": []}
            if isinstance(answer, int):
                self.send_response(answer)
                self.send_header("location", "http://192.0.2.1/elsewhere")
                self.end_headers()
                return
            words = answer if isinstance(answer, str) else json.dumps(answer) if not isinstance(answer, bytes) else ""
            body = answer if isinstance(answer, bytes) else json.dumps(completion(words)).encode()
            self.send_response(200)
            self.end_headers()
            with suppress(ConnectionError):
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    said.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield said
    finally:
        server.shutdown()
        server.server_close()


def completion(words: str) -> dict[str, Any]:
    """The shape of a chat completion."""
    return {"choices": [{"message": {"role": "assistant", "content": words}}]}
