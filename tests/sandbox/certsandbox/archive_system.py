"""The archive of the house: takes packages, verifies each, and keeps its books."""

from __future__ import annotations

import threading
from typing import Any, Callable

from . import sm3
from .books import Books
from .faults import Faults
from .http_server import Request, Response, json_response


class ArchiveSystem:
    """Holds one package under each address. `verify` answers what is wrong with one."""

    def __init__(self, verify: Callable[[bytes], list[Any]], token: str) -> None:
        self.books, self.faults = Books(":memory:"), Faults()
        self._verify, self._token = verify, token
        self._held: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def handle(self, request: Request) -> Response:
        """Answer one call and write it down."""
        response = self._answer(request)
        self.books.note_request(request.path, "", str(response.status), "", request.fault)
        return response

    def held(self) -> dict[str, bytes]:
        """The packages by their addresses."""
        with self._lock:
            return dict(self._held)

    def _answer(self, request: Request) -> Response:
        if request.headers.get("Authorization", "") != f"Bearer {self._token}":
            return json_response({"message": "token is wrong"}, 401)
        if request.method == "HEAD":
            held = self.held().get(request.path)
            return Response(b"", 404) if held is None else Response(b"", headers={"X-CB-SM3": sm3.hexdigest(held)})
        if request.method != "PUT":
            return json_response({"message": "packages are put"}, 405)
        return self._take(request)

    def _take(self, request: Request) -> Response:
        found = self._verify(request.body)
        if found or request.headers.get("X-CB-SM3", "") != sm3.hexdigest(request.body):
            self.books.note_violation(request.path, "", "archive_system.package", str(found))
            return json_response({"message": "the package is not as it was sealed"}, 422)
        with self._lock:
            held = self._held.setdefault(request.path, request.body)
        return json_response({}, 201) if held == request.body else json_response({"message": "another is here"}, 409)

    def odd_answer(self, kind: str) -> Response:
        """Busy, or a status that says nothing."""
        return json_response({"message": kind}, 500 if kind == "unknown-code" else 503)

    def command(self, path: str, wish: dict[str, Any]) -> Any:
        """Nothing is posted here."""
        return None

    def page(self, path: str) -> Any:
        """What is held."""
        return {"held": sorted(self.held())} if path == "/sandbox/held" else None

    def close(self) -> None:
        """Finish."""
        self.books.close()
