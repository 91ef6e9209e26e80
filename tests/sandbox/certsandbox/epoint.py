"""The library of dialect "epoint": UTF-8, token, three calls to collect."""

from __future__ import annotations

import base64
import binascii
import json
import re
import secrets
import time
import uuid
from typing import Any
from urllib.parse import parse_qs

from . import sm3
from .epoint_queries import EpointQueries
from .faults import Faults
from .http_server import Request, Response
from .library import Change, Library, Received, parse_day, strict_json
from .record_rules import Holder, Rejected, Submission
from .types import read_told

_CODES = {"done": "0000", "missing": "2001", "wrong": "2002", "exists": "2006", "made_before": "2006",
          "bad_file": "2007", "type": "2009", "not_found": "2010", "no_attachment": "2011", "already": "2012",
          "holder_type": "2002", "token": "1001", "expired": "1002", "received": "0001"}
_STATUS = {"正常": "valid", "挂失": "lost", "注销": "cancelled"}
_KINDS = {"1": "111", "2": "001", "99": "999"}
_SAVE_FIELDS = ("certificateidentifier", "tycertcatcode", "certname", "certno", "certownername", "certownerno",
                "certownertype", "certawarddept", "certawarddeptcode", "awarddate", "areacode", "certinfoextension",
                "attachguid", "bizno")
_TYPE_FIELDS = {"code": "tycertcatcode", "name": "certcatname", "version": "catversion", "state": "catstatus",
                "effective": "effectdate", "unit_codes": "awarddeptcode", "unit_names": "awarddept",
                "item_codes": "itemcode", "item_names": "itemname", "holders": "certownertype",
                "several_holders": "ismultiowner", "several_certificates": "ismulticert", "validity": "validity",
                "years": "validyears", "template": "template", "sharing": "sharetype", "fields": "fields"}


class Epoint:
    """Answers the calls of section 1 of interfaces.md."""

    def __init__(self, library: Library, faults: Faults, client_id: str, client_secret: str,
                 token_life: int = 1800) -> None:
        self.library, self.faults, self.books = library, faults, library.books
        self._client, self._token_life = (client_id, client_secret), token_life
        self._tokens: dict[str, float] = {}
        self._calls = {"/epoint/rest/cert/attach": self._attach, "/epoint/rest/cert/save": self._save,
                       "/epoint/rest/cert/publish": self._publish, "/epoint/rest/cert/query": self._query,
                       "/epoint/rest/cert/status": self._status, "/epoint/rest/cert/list": self._list,
                       "/epoint/rest/catalogue/save": self._tell_type, "/epoint/rest/catalogue/face": self._face}
        self._queries = EpointQueries(library.offers, client_id)
        self._calls |= self._queries.calls

    def handle(self, request: Request) -> Response:
        """Answer one call and write it down."""
        identifier = ""
        try:
            if request.path == "/epoint/rest/token":
                return self._token(request)
            if at_address := self._queries.at_address(request):
                return at_address
            call = self._calls.get(request.path)
            if call is None or request.method != "POST":
                raise Rejected("wrong", "http.path", "no such call")
            self._check_token(request)
            params = _params(request)
            identifier = str(params.get("certificateidentifier", ""))
            fields = call(params, request)
            code = fields.pop("code", "0000")
            self.library.books.note_request(request.path, identifier, code, "", request.fault)
            return _envelope(code, "请求成功", fields)
        except Rejected as rejected:
            code = _CODES[rejected.outcome]
            self.library.books.note_request(request.path, identifier, code, rejected.text, request.fault)
            if rejected.rule:
                self.library.books.note_violation(request.path, identifier, rejected.rule, rejected.text)
            return _envelope(code, rejected.text, getattr(rejected, "fields", {}))

    def _token(self, request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs(request.body.decode("utf-8", "replace")).items()}
        if not request.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
            raise Rejected("wrong", "http.content_type", "token is asked for with a form")
        given = (form.get("client_id", ""), form.get("client_secret", ""))
        if form.get("grant_type") != "client_credentials" or not secrets.compare_digest(
                "\0".join(given).encode(), "\0".join(self._client).encode()):
            raise Rejected("token", "token.credentials", "client id or secret is wrong")
        token = secrets.token_hex(16)
        self._tokens[token] = time.monotonic() + self._token_life
        self.library.books.note_request(request.path, "", "0000", "", request.fault)
        return _envelope("0000", "请求成功", {"access_token": token, "expires_in": self._token_life})

    def _check_token(self, request: Request) -> None:
        expiry = self._tokens.get(request.query.get("access_token", ""))
        if expiry is None:
            raise Rejected("token", "", "access token is unknown")
        if time.monotonic() >= expiry:
            raise Rejected("expired", "", "access token has expired")

    def _attach(self, params: dict[str, Any], _: Request) -> dict[str, Any]:
        _require(params, ("filename", "filesize", "sm3", "content"))
        try:
            content = base64.b64decode(params["content"], validate=True)
        except (binascii.Error, ValueError, TypeError) as error:
            raise Rejected("wrong", "file.base64", "content is not Base64") from error
        if str(params["filesize"]) != str(len(content)):
            raise Rejected("wrong", "file.size", "filesize differs from the content")
        if params["sm3"] != sm3.hexdigest(content):
            raise Rejected("bad_file", "file.digest", "sm3 differs from the content")
        if not params["filename"].lower().endswith(".ofd"):
            raise Rejected("wrong", "file.name", "filename does not end in .ofd")
        guid = str(uuid.uuid4())
        with self.library.books.transaction() as database:
            database.execute("INSERT INTO attachments VALUES (?,?,?,?)",
                             (guid, params["filename"], params["sm3"], content))
        return {"attachguid": guid}

    def _save(self, params: dict[str, Any], _: Request) -> dict[str, Any]:
        _require(params, _SAVE_FIELDS + ("version",))
        attachment = self._attachment(params["attachguid"])
        record = _record(params, attachment)
        try:
            return {"certrowguid": self.library.admit(record, "draft", params["attachguid"])}
        except Rejected as rejected:
            held = self.library.find(record.identifier)
            if rejected.outcome == "exists" and held:
                rejected.fields = {"certrowguid": held["library_id"]}  # type: ignore[attr-defined]
            raise

    def _attachment(self, guid: str) -> dict[str, Any]:
        found = self.library.books.row("SELECT * FROM attachments WHERE guid = ?", guid)
        if found is None:
            raise Rejected("no_attachment", "file.not_attached", "no such attachment")
        return found

    def _publish(self, params: dict[str, Any], request: Request) -> dict[str, Any]:
        _require(params, ("certrowguid",))
        held = self.library.books.row("SELECT * FROM held WHERE library_id = ?", params["certrowguid"])
        if held is None:
            raise Rejected("not_found", "publish.before_save", "no such record")
        if held["state"] != "draft":
            raise Rejected("already", "", "published already")
        content = self._attachment(held["attachment"])["content"]
        if request.verdict:
            receipt = uuid.uuid4().hex
            accept = request.verdict.kind == "receive"
            with self.library.books.transaction() as database:
                database.execute("UPDATE held SET state = 'pending' WHERE identifier = ?", (held["identifier"],))
            received = Received(held["identifier"], accept, content,
                                lambda yes: _verdict(receipt, held["identifier"], yes))
            self.library.receive(receipt, received, request.verdict.milliseconds)
            return {"code": "0001", "receiptno": receipt}
        self.library.publish(held["identifier"], content)
        with self.library.books.transaction() as database:
            database.execute("DELETE FROM attachments WHERE guid = ?", (held["attachment"],))
        return {"certrowguid": held["library_id"]}

    def _query(self, params: dict[str, Any], _: Request) -> dict[str, Any]:
        _require(params, ("certificateidentifier",))
        held = self.library.find(params["certificateidentifier"])
        if held is None:
            return {"certinfo": ""}
        word = _word(held)
        return {"certinfo": [{"certificateidentifier": held["identifier"], "certno": held["number"], "status": word,
                              "ishistory": "1" if held["state"] == "history" else "0", "filesm3": held["sm3"],
                              "certrowguid": held["library_id"]}]}

    def _list(self, params: dict[str, Any], _: Request) -> dict[str, Any]:
        if set(params) - {"awarddate", "areacode", "page", "pagesize"} or not isinstance(params.get("awarddate"), str):
            raise Rejected("wrong", "field.unknown", "a list is asked for by awarddate, areacode, page and pagesize")
        page, size, area = params.get("page"), params.get("pagesize"), params.get("areacode", "")
        if type(page) is not int or type(size) is not int or page < 1 or not 1 <= size <= 500:
            raise Rejected("wrong", "list.page", "page is not from 1, or pagesize not from 1 to 500")
        if area and (len(area) != 12 or not area.endswith("000000")):
            raise Rejected("wrong", "area.shape", "areacode is not 6 digits and 000000")
        day = parse_day(params["awarddate"], "%Y-%m-%d %H:%M:%S")
        return {"certinfo": [
            {"certificateidentifier": held["identifier"], "certno": held["number"], "tycertcatcode": held["type_code"],
             "areacode": held["area"] + "000000", "version": held["version"], "bizno": held["case_no"],
             "status": _word(held), "ishistory": "1" if held["state"] == "history" else "0", "filesm3": held["sm3"]}
            for held in self.library.issued_on(day, area[:6], page, size)]}

    def _tell_type(self, params: dict[str, Any], _: Request) -> dict[str, Any]:
        if type(params.get("catversion")) is not int:
            raise Rejected("wrong", "field.type", "catversion is not an integer")
        self.library.types.tell(read_told(params, _TYPE_FIELDS, "^"))
        return {}

    def _face(self, params: dict[str, Any], _: Request) -> dict[str, Any]:
        _require(params, ("tycertcatcode",))
        return {"fields": self.library.types.face(params["tycertcatcode"])}

    def _status(self, params: dict[str, Any], _: Request) -> dict[str, Any]:
        _require(params, ("certificateidentifier", "status", "reason", "changedate"))
        if set(params) - {"certificateidentifier", "status", "reason", "changedate", "relatedidentifier"}:
            raise Rejected("wrong", "field.unknown", "there are other fields than those of a status change")
        if params["status"] not in _STATUS:
            raise Rejected("wrong", "status.value", "status must be 正常, 挂失 or 注销")
        _moment(params["changedate"])
        self.library.change(Change(params["certificateidentifier"], params["status"], _STATUS[params["status"]],
                                   params["reason"], re.sub(r"\D", "", params["changedate"]),
                                   params.get("relatedidentifier", "")))
        return {}

    def odd_answer(self, kind: str) -> Response:
        """Codes that are not in the list, or ask to try later."""
        if kind == "throttle":
            response = _envelope("3001", "请求过于频繁", {})
            response.headers["Retry-After"] = "1"
            return response
        return _envelope("3000", "系统繁忙", {}) if kind == "busy" else _envelope("8888", "未知情形", {})

    def page(self, path: str) -> Any:
        """The /sandbox/ pages."""
        return self.library.page(path)

    def command(self, path: str, wish: dict[str, Any]) -> Any:
        """What is posted to the /sandbox/ pages."""
        return self.library.command(path, wish)

    def close(self) -> None:
        """Close the books."""
        self.library.books.close()


def _word(held: dict[str, Any]) -> str:
    """What this library calls the status of what it holds."""
    return {"history": "正常", **{state: name for name, state in _STATUS.items()}}.get(held["state"], "处理中")


def _params(request: Request) -> dict[str, Any]:
    """The parameters of an envelope in UTF-8."""
    content_type = request.headers.get("Content-Type", "").lower().replace(" ", "")
    if not content_type.startswith("application/json"):
        raise Rejected("wrong", "http.content_type", "Content-Type is not application/json")
    if "charset=" in content_type and "charset=utf-8" not in content_type:
        raise Rejected("wrong", "http.charset", "charset is not UTF-8")
    try:
        body = strict_json(request.body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise Rejected("wrong", "http.charset", "body is not UTF-8") from error
    except ValueError as error:
        raise Rejected("wrong", "json.shape", f"body is not the JSON expected: {error}") from error
    if list(body) != ["params"] or not isinstance(body["params"], dict):
        raise Rejected("wrong", "json.envelope", 'body is not {"params": {...}}')
    return body["params"]


def _require(params: dict[str, Any], names: tuple[str, ...]) -> None:
    """All fields are there and are texts (numbers where a number belongs)."""
    for name in names:
        if name not in params or params[name] in ("", None):
            raise Rejected("missing", "field.missing", f"{name} is missing or empty")
        if not isinstance(params[name], str) and not (
                name in ("version", "filesize") and type(params[name]) is int):
            raise Rejected("wrong", "field.type", f"{name} is not a text")


def _record(params: dict[str, Any], attachment: dict[str, Any]) -> Submission:
    """A record in this dialect's form."""
    lists = [params[name].split("^") for name in ("certownername", "certownerno", "certownertype")]
    if len({len(items) for items in lists}) != 1:
        raise Rejected("wrong", "holder.counts", "names, codes and types of holders are not equally many")
    if any(kind not in _KINDS for kind in lists[2]):
        raise Rejected("wrong", "holder.type", "certownertype is not 1, 2 or 99")
    if len(params["areacode"]) != 12 or not params["areacode"].endswith("000000"):
        raise Rejected("wrong", "area.shape", "areacode is not 6 digits and 000000")
    if type(params["version"]) is not int:
        raise Rejected("wrong", "field.type", "version is not an integer")
    try:
        extension = strict_json(params["certinfoextension"])
    except ValueError as error:
        raise Rejected("wrong", "extension.shape", "certinfoextension is not a JSON object as text") from error
    return Submission(
        params["certificateidentifier"], params["tycertcatcode"], params["certname"], params["certno"],
        [Holder(name, code, _KINDS[kind]) for name, code, kind in zip(*lists)], params["certawarddept"],
        params["certawarddeptcode"], parse_day(params["awarddate"], "%Y-%m-%d %H:%M:%S"),
        _optional_day(params.get("expiredatefrom")), _optional_day(params.get("expiredateto")),
        params["areacode"][:6], params["version"], extension, attachment["sm3"], attachment["content"],
        params["bizno"])


def _optional_day(text: Any) -> Any:
    """A day that may be absent or open."""
    if text in (None, "", "9999-12-30 00:00:00"):
        return None
    return parse_day(text, "%Y-%m-%d %H:%M:%S")


def _moment(text: str) -> None:
    try:
        time.strptime(text, "%Y-%m-%d %H:%M:%S")
    except ValueError as error:
        raise Rejected("wrong", "date.shape", "changedate is not yyyy-MM-dd HH:mm:ss") from error


def _envelope(code: str, text: str, fields: dict[str, Any]) -> Response:
    """An answer in this dialect's envelope."""
    body = {"custom": {"code": code, "text": text, **fields}, "status": {"code": "1", "text": "请求成功"}}
    return Response(json.dumps(body, ensure_ascii=False).encode("utf-8"))


def _verdict(receipt: str, identifier: str, accept: bool) -> bytes:
    """The body of a verdict."""
    return json.dumps({"receiptno": receipt, "certificateidentifier": identifier,
                       "code": "0000" if accept else "2007", "text": "入库成功" if accept else "文件验证未通过"},
                      ensure_ascii=False).encode("utf-8")
