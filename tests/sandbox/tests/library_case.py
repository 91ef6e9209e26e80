"""A running library with strict checks, and a place for its verdicts."""

import http.client
import json
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from certsandbox import issuers, sm2
from certsandbox.books import Books
from certsandbox.epoint import Epoint
from certsandbox.faults import Faults
from certsandbox.http_server import Server
from certsandbox.library import Library
from certsandbox.linewell import Linewell
from certsandbox.seal_judge import SealJudge

from . import maker

ACCESS, CALLER_KEY, SM4_KEY = ("caller", "token"), 0x1234567, bytes(range(16))


def wait_until(condition: Any) -> bool:
    """Whether the condition came true in time."""
    pause = threading.Event()
    for _ in range(500):
        if condition():
            return True
        pause.wait(0.02)
    return False


class _Callback(HTTPServer):
    """Keeps the verdicts that it is sent."""

    def __init__(self) -> None:
        self.verdicts: list[dict[str, Any]] = []
        verdicts = self.verdicts

        class Handler(BaseHTTPRequestHandler):
            """Answers 200."""

            def do_POST(self) -> None:  # noqa: N802
                """Take a verdict."""
                verdicts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class LibraryCase(unittest.TestCase):
    """A running library with strict checks."""

    def serve(self, dialect: str, mode: str = "all") -> None:
        self.callback = _Callback()
        self.addCleanup(self.callback.server_close)
        self.addCleanup(self.callback.shutdown)
        files = tempfile.TemporaryDirectory()
        self.addCleanup(files.cleanup)
        library = Library(Books(":memory:"), issuers.load_issuers(issuers.default_issuers_file()),
                          SealJudge(mode, [maker.ROOT]), Path(files.name), f"http://127.0.0.1:{self.callback.server_address[1]}/")
        application = (Epoint(library, Faults(), "id", "secret") if dialect == "epoint" else
                       Linewell(library, Faults(), *ACCESS, SM4_KEY, sm2.public_key(CALLER_KEY)))
        self.server = Server(application).start()
        self.addCleanup(self.server.stop)
        self.connection = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=30)
        self.addCleanup(self.connection.close)

    def send(self, path: str, body: bytes, content_type: str) -> tuple[int, bytes]:
        self.connection.request("POST", path, body, {"Content-Type": content_type})
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def page(self, name: str) -> dict[str, Any]:
        self.connection.request("GET", f"/sandbox/{name}")
        return json.loads(self.connection.getresponse().read())

    def fault(self, **wish: Any) -> None:
        self.assertEqual(self.send("/sandbox/faults", json.dumps(wish).encode(), "application/json")[0], 200)

    def command(self, name: str, **wish: Any) -> dict[str, Any]:
        status, body = self.send(f"/sandbox/{name}", json.dumps(wish).encode(), "application/json")
        self.assertEqual(status, 200, body)
        return json.loads(body)

    def rules(self) -> list[str]:
        return [v["rule"] for v in self.page("violations")["violations"]]
