"""Transports of the provincial platform: folders of a front-end host, HTTP; and the commands `province`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, Callable

from . import rsa, running
from .books import Books
from .faults import Faults
from .front_folder import put_down, take_away
from .http_server import Request, Response, Server, json_response
from .province import Periodically, Province, Verdict
from .province_daily import DailyFront, DailyLogs, DailySite
from .province_judge import judge
from .province_peculiar import province_of
from .servers import add_common

_SCAN_PAUSE = 0.05


class FrontEnd:
    """`{area}/BizMsg` is emptied, `{area}/RepMsg` gets the responses; half-written names are left alone."""

    def __init__(self, province: Province, folder: Path) -> None:
        self._province, self._folder = province, folder

    def step(self) -> None:
        """Take what lies there and put down what is due."""
        for path in sorted(self._folder.glob("[0-9]*/BizMsg/*.xml")):
            self._province.take(path.name, take_away(path))
        for verdict in self._province.due():
            put_down(self._folder / verdict.number[:6] / "RepMsg" / f"Rep{verdict.number}.xml", verdict.document())


def _member(code: str) -> int | str:
    """A code as JSON has it."""
    return int(code) if code == "0" or (code.isdigit() and code[0] != "0") else code


class ProvinceSite:
    """The platform over HTTP, and its /sandbox/ pages."""

    def __init__(self, province: Province, faults: Faults) -> None:
        self._province, self.faults, self.books = province, faults, province.books
        self._said: dict[str, Verdict] = {}

    def handle(self, request: Request) -> Response:
        """`POST /province/exchange/{file name}` takes a message, `GET /province/response/{number}` asks for its verdict."""
        name, says = request.path.rsplit("/", 1)[1], self._province.says
        if request.method == "POST" and request.path.startswith("/province/exchange/"):
            self._province.take(name, request.body)
            self._collect()
            verdict = self._said.get(name.removeprefix("Biz").removesuffix(".xml"))
            if verdict is None:
                return json_response({"status": "ok", "code": _member(says.at_once_received), "message": "已接收，等待处理"})
            code = says.at_once_accepted if verdict.accepted else says.at_once_rejected
            return json_response({"status": "ok", "code": _member(code), "message": verdict.words})
        if request.method == "GET" and request.path.startswith("/province/response/"):
            self._collect()
            verdict = self._said.get(name)
            return Response(verdict.document(), content_type="application/xml") if verdict else json_response({}, 404)
        return json_response({"status": "error", "message": "no such path"}, 404)

    def _collect(self) -> None:
        for verdict in self._province.due():
            self._said[verdict.number] = verdict

    def page(self, path: str) -> Any:
        """The /sandbox/ pages."""
        return self._province.page(path)

    def command(self, path: str, wish: dict[str, Any]) -> Any:
        """What is posted to a /sandbox/ page."""
        return self._province.command(path, wish)

    def odd_answer(self, kind: str) -> Response:
        """Busy, or a code that is not in the list."""
        return json_response({"status": "error", "code": 99 if kind == "unknown-code" else _member(self._province.says.at_once_busy), "message": kind})

    def close(self) -> None:
        """Close the books."""
        self.books.close()


def add_province(commands: argparse._SubParsersAction) -> None:
    """The commands `province serve` and `province verify`."""
    parser = commands.add_parser("province", help="a provincial platform")
    actions = parser.add_subparsers(required=True, metavar="ACTION")
    serve = actions.add_parser("serve", help="serve it: folders with --folder, else HTTP")
    add_common(serve)
    serve.add_argument("--folder", type=Path, help="front-end folder; its messages are taken and answered there")
    serve.add_argument("--delay", type=float, default=0.0, help="seconds between taking a message and its response")
    serve.set_defaults(run=_serve)
    verify = actions.add_parser("verify", help="judge messages: exit code 0 when all would be taken")
    verify.add_argument("messages", type=Path, nargs="+")
    verify.set_defaults(run=_verify)
    for action in (serve, verify):
        action.add_argument("--generation", choices=("v1", "v2"), required=True)
        action.add_argument("--peculiarities", type=Path, help="file with what the province has otherwise than the generation")
        action.add_argument("--public-key", type=Path, help="PEM; without it signatures are not verified")


def _key(options: argparse.Namespace) -> rsa.PublicKey | None:
    return rsa.load_public_key(options.public_key) if options.public_key else None


def _verify(options: argparse.Namespace) -> int:
    tables, key, refused = province_of(options.generation, options.peculiarities), _key(options), 0
    for path in options.messages:
        findings = judge(path.read_bytes(), tables, key).findings
        refused += bool(findings)
        for finding in findings:
            print(f"{path.name}: {finding}")
    return 1 if refused else 0


def _steps(province: Province, logs: DailyLogs, folder: Path) -> Callable[[], None]:
    steps = FrontEnd(province, folder).step, DailyFront(logs, folder).step
    return lambda: [step() for step in steps] and None


def _serve(options: argparse.Namespace) -> int:
    tables = province_of(options.generation, options.peculiarities)
    books, key = Books(options.db), _key(options)
    province = Province(books, tables, key, options.delay)
    logs = DailyLogs(books, key, options.delay, tables.ways.numbers)
    province.logged = logs.standing
    server = Server(DailySite(ProvinceSite(province, Faults(options.chaos)), logs), options.port).start()
    front = Periodically(_SCAN_PAUSE, _steps(province, logs, options.folder)) if options.folder else None
    running.announce({"province": options.generation, "url": server.url}, options.ready_file)
    running.wait_for_stop(options.stop_on_stdin)
    if front is not None:
        front.stop()
    server.stop()
    return 0
