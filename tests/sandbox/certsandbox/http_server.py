"""HTTP/1.1 with keep-alive around an application, with its faults and the /sandbox/ pages."""

from __future__ import annotations

import json
import socket
import struct
import sys
import threading
import time
import traceback
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Mapping, Protocol
from urllib.parse import parse_qsl, urlsplit

from .books import Books
from .faults import ODD_ANSWERS, Fault, Faults

_LARGEST_BODY = 64 * 1024 * 1024


@dataclass
class Request:
    """A request as the application sees it; `verdict` is set when it shall decide later."""

    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes
    fault: str = ""
    verdict: Fault | None = None


@dataclass
class Response:
    """An answer; `content_type` includes the charset."""

    body: bytes
    status: int = 200
    content_type: str = "application/json; charset=UTF-8"
    headers: dict[str, str] = field(default_factory=dict)


class Application(Protocol):
    """A counterpart behind the server."""

    faults: Faults
    books: Books

    def handle(self, request: Request) -> Response:
        """Answer a request of the counterpart's own interface."""

    def page(self, path: str) -> Any:
        """Content of a /sandbox/ page, or None when there is no such page."""

    def command(self, path: str, wish: dict[str, Any]) -> Any:
        """What is posted to another /sandbox/ page, or None when there is no such page."""

    def odd_answer(self, kind: str) -> Response:
        """The answer of the faults `unknown-code`, `busy` and `throttle`, in the own envelope."""

    def close(self) -> None:
        """Finish."""


def json_response(value: Any, status: int = 200) -> Response:
    """A value as UTF-8 JSON."""
    return Response(json.dumps(value, ensure_ascii=False).encode("utf-8"), status)


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "certsandbox", ""
    timeout = 120
    disable_nagle_algorithm = True
    server: "Server"

    def do_GET(self) -> None:  # noqa: N802 - the name that the base class calls
        """Any request."""
        self._serve()

    do_POST = do_DELETE = do_PUT = do_HEAD = do_GET

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - name of the base class
        """The books are the log."""

    def _serve(self) -> None:
        parts = urlsplit(self.path)
        application = self.server.application
        fault = None if parts.path.startswith("/sandbox/") else application.faults.take(parts.path)
        if fault is not None:
            application.books.note_misdeed(parts.path, fault.kind)
            if fault.kind == "cut-request":
                self._cut_request()
                return
        body = self._read_body()
        if body is None:
            return
        request = Request(self.command, parts.path, dict(parse_qsl(parts.query)), self.headers, body)
        if request.path.startswith("/sandbox/"):
            self._send(self._sandbox_page(request))
        elif fault is None:
            self._send(self._act(request))
        else:
            self._misbehave(request, fault)

    def _read_body(self) -> bytes | None:
        """The whole body, or None after an answer that refuses it. Nothing is done with a part of one."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._read_chunks()
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > _LARGEST_BODY:
            self.close_connection = True
            self._send(json_response({"error": "length of the body is missing, wrong or too large"}, 413))
            return None
        return self._read_exactly(int(length))

    def _read_exactly(self, size: int) -> bytes:
        body = self.rfile.read(size)
        if len(body) < size:
            raise ConnectionError("the connection ended inside a body")
        return body

    def _read_chunks(self) -> bytes:
        body = b""
        while size := int(self.rfile.readline(64).split(b";")[0], 16):
            body += self._read_exactly(size)
            self.rfile.readline(8)
            if len(body) > _LARGEST_BODY:
                raise ConnectionError("body is too large")
        while self.rfile.readline(8192).strip():
            pass
        return body

    def _act(self, request: Request) -> Response:
        try:
            return self.server.application.handle(request)
        except Exception:  # a fault of the sandbox itself must be seen, not guessed
            traceback.print_exc(file=sys.stderr)
            return json_response({"error": "the sandbox failed; see its output"}, 500)

    def _misbehave(self, request: Request, fault: Fault) -> None:
        """Do what the fault says."""
        request.fault = fault.kind
        if fault.kind in ("down", "drop-before"):
            self._hang_up()
        elif fault.kind == "act-late":
            self._hang_up()
            self.server.later(fault.milliseconds, lambda: self._act(request))
        elif fault.kind == "drop-after":
            self._act(request)
            self._hang_up()
        elif fault.kind == "cut-answer":
            self._cut_answer(self._act(request))
        elif fault.kind == "slow":
            time.sleep(fault.milliseconds / 1000)
            self._send(self._act(request))
        elif fault.kind == "fail":
            self._send(Response(b"internal error", 500, "text/plain"))
        elif fault.kind == "garble":
            self._act(request)
            self._send(Response(b"<html>\xff\xfegateway"))
        elif fault.kind in ("receive", "reject-late"):
            request.verdict = fault
            self._send(self._act(request))
        elif fault.kind in ODD_ANSWERS:
            self._send(self._act(request))
        elif fault.kind == "redirect":
            self._send(Response(b"", 302, headers={"Location": "http://127.0.0.1:1/elsewhere"}))
        else:
            self._send(self.server.application.odd_answer(fault.kind))

    def _sandbox_page(self, request: Request) -> Response:
        """The pages for tests and people."""
        application = self.server.application
        try:
            if request.path == "/sandbox/faults" and request.method == "POST":
                application.faults.add(json.loads(request.body))
            elif request.path == "/sandbox/faults" and request.method == "DELETE":
                application.faults.clear()
            elif request.path == "/sandbox/chaos" and request.method == "POST":
                application.faults.set_chaos(request.body.decode("ascii"))
            if request.path in ("/sandbox/faults", "/sandbox/chaos"):
                return json_response({"faults": application.faults.waiting()})
            wish = json.loads(request.body or b"{}") if request.method == "POST" else None
            content = application.command(request.path, wish) if wish else application.page(request.path)
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            return json_response({"error": str(error)}, 400)
        return json_response(content) if content is not None else json_response({"error": "no such page"}, 404)

    def _send(self, response: Response, most: int | None = None) -> None:
        """One answer in one write; of its body at most so many bytes."""
        lines = [f"HTTP/1.1 {response.status} {self.responses.get(response.status, ('Answer',))[0]}",
                 f"Content-Type: {response.content_type}", f"Content-Length: {len(response.body)}"]
        lines += [f"{name}: {text}" for name, text in response.headers.items()]
        if self.close_connection:
            lines.append("Connection: close")
        self.wfile.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + response.body[:most])

    def _cut_request(self) -> None:
        """Reset the connection while the body is still coming."""
        length = self.headers.get("Content-Length", "0")
        self.rfile.read(int(length) // 2 if length.isdigit() else 0)
        self._reset()

    def _cut_answer(self, response: Response) -> None:
        """Announce the whole answer, send its first half, and reset the connection."""
        self._send(response, len(response.body) // 2)
        self._reset()

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.rfile.close()
        self.connection.close()

    def _hang_up(self) -> None:
        self.close_connection = True
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Server(ThreadingHTTPServer):
    """A counterpart on 127.0.0.1; port 0 takes a free one."""

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, application: Application, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.application = application
        self._thread = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def start(self) -> "Server":
        """Serve in a thread of its own."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and close the books."""
        self.shutdown()
        self.server_close()
        self.application.close()

    def later(self, milliseconds: int, action: Any) -> None:
        """Do something after a while, unless the process ends first."""
        timer = threading.Timer(milliseconds / 1000, action)
        timer.daemon = True
        timer.start()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers may hang up; everything else is shown."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            traceback.print_exc(file=sys.stderr)
