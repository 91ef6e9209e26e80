"""The provincial e-certificate platform: an index of certificates that is told of each one over HTTP, and keeps books."""

from __future__ import annotations

import argparse
import base64
import binascii
import datetime
import hmac
import json
from typing import Any

from . import clock, running, sm3
from .books import Books
from .faults import Faults
from .http_server import Request, Response, Server, json_response
from .index_rules import FIELDS, Wrong, check_follows, check_row
from .library import strict_json
from .record_rules import Rejected
from .servers import CLIENT_ID, add_common
from .types import Types, read_told

_TYPE_FIELDS = {"code": "contentCode", "name": "contentName", "version": "contentVersion", "state": "contentState",
                "effective": "beginTime", "unit_codes": "issueDeptCode", "unit_names": "issueDept", "item_codes": "itemCode",
                "item_names": "itemName", "holders": "ownerType", "several_holders": "severalOwners",
                "several_certificates": "severalCertificates", "validity": "validType", "years": "validYears",
                "template": "templateName", "sharing": "shareType", "fields": "fields"}
_REJECTED = {"already": "208", "type": "415"}
TOKEN, KEY = "sandbox-index-token", "sandbox-index-key"
_SKEW = datetime.timedelta(minutes=10)
_COLUMNS = ", ".join(f'"{name}"' for name in FIELDS)
# Each row that was taken, in its order; the latest of an entry is what is held.
_TABLE = f"""CREATE TABLE IF NOT EXISTS reports (id INTEGER PRIMARY KEY, at TEXT NOT NULL, {_COLUMNS});
CREATE INDEX IF NOT EXISTS reports_entry ON reports ("entryCode", id)"""


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """RFC 2104 with SM3."""
    block = (sm3.digest(key) if len(key) > 64 else key).ljust(64, b"\0")
    inner = sm3.digest(bytes(b ^ 0x36 for b in block) + data)
    return sm3.digest(bytes(b ^ 0x5C for b in block) + inner)


class ProvinceIndex:
    """Answers the calls of section 6 of interfaces.md."""

    def __init__(self, books: Books, faults: Faults | None = None, client: str = CLIENT_ID, token: str = TOKEN, key: str = KEY) -> None:
        self.books, self.faults = books, faults or Faults()
        self._client, self._token, self._key = client, token, key.encode()
        self._calls = {"/ecert/api/index/report": self._report, "/ecert/api/index/query": self._query,
                       "/ecert/api/index/list": self._list, "/ecert/api/catalogue/report": self._tell_type}
        self.types = Types(books)
        for statement in _TABLE.split(";"):
            with books.transaction() as database:
                database.execute(statement)

    def handle(self, request: Request) -> Response:
        """Answer one call and write it down."""
        entry = ""
        try:
            call = self._calls.get(request.path)
            if call is None or request.method != "POST":
                raise Wrong("400", "no such call")
            data = self._open(request)
            entry = str(data.get("entryCode", ""))
            answer = _envelope("200", "成功", call(data))
        except Rejected as rejected:
            code = _REJECTED.get(rejected.outcome, "400")
            answer = _envelope(code, rejected.text, "")
            if code == "400":
                self.books.note_violation(request.path, entry, code, rejected.text)
        except Wrong as wrong:
            answer = _envelope(wrong.code, wrong.text, "")
            # An attempt that is made again is no breach of a rule.
            if wrong.code not in ("208", "404"):
                self.books.note_violation(request.path, entry, wrong.code, wrong.text)
        self.books.note_request(request.path, entry, json.loads(answer.body)["code"], "", request.fault)
        return answer

    def _open(self, request: Request) -> dict[str, Any]:
        """The data of a request whose head is right."""
        try:
            text = request.body.decode("utf-8")
            body = strict_json(text)
            head, data = body["head"], body["data"]
        except (ValueError, KeyError) as error:
            raise Wrong("400", "the body is not a head and data in JSON") from error
        given = (head.get("systemCode"), head.get("accessToken"))
        if given != (self._client, self._token):
            raise Wrong("401", "system code or token is wrong")
        if abs(clock.now() - _moment(head.get("timestamp"))) > _SKEW:
            raise Wrong("401", "the timestamp is more than ten minutes off")
        signed = text[text.index('"data":') + len('"data":'):-1]
        expected = hmac_sm3(self._key, (head["timestamp"] + signed).encode()).hex()
        if not hmac.compare_digest(_hex_of(head.get("sign", "")), expected):
            raise Wrong("401", "the signature is wrong")
        return data

    def _tell_type(self, data: dict[str, Any]) -> Any:
        self.types.tell(read_told(data, _TYPE_FIELDS, "^"))
        return ""

    def _report(self, data: dict[str, Any]) -> Any:
        check_row(data)
        self.types.check_registered(data["contentCode"])
        with self.books.transaction() as database:
            check_follows(data, self.held(data["entryCode"]))
            database.execute(f"INSERT INTO reports (at, {_COLUMNS}) VALUES (?{', ?' * len(FIELDS)})",
                             (clock.stamp(), *(data.get(name, "") for name in FIELDS)))
        return {"entryCode": data["entryCode"], "version": data["version"]}

    def held(self, entry: str) -> dict[str, str] | None:
        """The latest row of an entry, also of one that was deleted."""
        return self.books.row(f'SELECT {_COLUMNS} FROM reports WHERE "entryCode" = ? ORDER BY id DESC LIMIT 1', entry)

    def entries(self) -> list[dict[str, str]]:
        """The latest row of each entry."""
        return self.books.rows(f"SELECT {_COLUMNS} FROM reports WHERE id IN (SELECT max(id) FROM reports GROUP BY \"entryCode\")"
                               ' ORDER BY "entryCode"')

    def reports(self) -> list[dict[str, str]]:
        """All rows, in the order in which they were taken."""
        return self.books.rows(f"SELECT {_COLUMNS} FROM reports ORDER BY id")

    def _query(self, data: dict[str, Any]) -> Any:
        if set(data) != {"entryCode"}:
            raise Wrong("400", "an entry is asked for by entryCode")
        held = self.held(data["entryCode"])
        if held is None:
            raise Wrong("404", "there is no such entry")
        return {"entries": [{name: held[name] for name in ("entryCode", "version", "contentSm3", "certState", "operateType")}]}

    def _list(self, data: dict[str, Any]) -> Any:
        page, size = data.get("page"), data.get("size")
        if set(data) - {"makeTime", "areaCode", "page", "size"} or type(page) is not int or type(size) is not int:
            raise Wrong("400", "a list is asked for by makeTime, areaCode, page and size")
        names = ("certificateCode", "infoCode", "contentCode", "areaCode", "infoVersion", "bizId", "certState", "fileSm3")
        found = [{name: row[name] for name in names} for row in self.entries() if row["makeTime"] == data.get("makeTime")
                 and data.get("areaCode") in (None, row["areaCode"])]
        return {"entries": found[(page - 1) * size:page * size]}

    def odd_answer(self, kind: str) -> Response:
        """Busy, or a code that is not in the list."""
        return _envelope({"unknown-code": "777", "throttle": "429"}.get(kind, "500"), kind, "")

    def page(self, path: str) -> Any:
        """The /sandbox/ pages."""
        if path == "/sandbox/entries":
            return {"entries": self.entries()}
        if path == "/sandbox/types":
            return self.types.page()
        if path == "/sandbox/violations":
            return {"violations": self.books.rows("SELECT at, identifier, rule, text FROM violations ORDER BY id")}
        return None

    def command(self, path: str, wish: dict[str, Any]) -> Any:
        """POST /sandbox/forget: the platform loses an entry; /sandbox/types: what it takes and publishes."""
        if path == "/sandbox/types":
            return self.types.command(wish)
        if path != "/sandbox/forget":
            return None
        with self.books.transaction() as database:
            gone = database.execute('DELETE FROM reports WHERE "entryCode" = ?', (wish["entryCode"],)).rowcount
        return {"forgotten": gone}

    def close(self) -> None:
        """Close the books."""
        self.books.close()


def _moment(text: Any) -> datetime.datetime:
    try:
        return datetime.datetime.strptime(str(text), "%Y%m%d%H%M%S").replace(tzinfo=clock.ZONE)
    except ValueError as error:
        raise Wrong("401", "the timestamp is not yyyyMMddHHmmss") from error


def _envelope(code: str, text: str, data: Any) -> Response:
    return json_response({"code": code, "message": text, "data": data})


def _hex_of(base64_text: str) -> str:
    try:
        return base64.b64decode(base64_text, validate=True).hex()
    except (binascii.Error, ValueError, TypeError):
        return ""


def add_province_index(commands: argparse._SubParsersAction) -> None:
    """The command `province-index`."""
    parser = commands.add_parser("province-index", help="serve a provincial e-certificate platform with its index")
    add_common(parser)
    parser.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    server = Server(ProvinceIndex(Books(options.db), Faults(options.chaos)), options.port).start()
    running.announce({"url": server.url, "systemCode": CLIENT_ID, "accessToken": TOKEN, "key": KEY}, options.ready_file)
    running.wait_for_stop(options.stop_on_stdin)
    server.stop()
    return 0
