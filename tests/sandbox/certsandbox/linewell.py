"""The library of dialect "linewell": GB18030, signed and encrypted requests, one call to collect."""

from __future__ import annotations

import base64
import binascii
import datetime
import json
import re
import secrets
import uuid
from typing import Any

from . import clock, sm2, sm4
from .faults import Faults
from .http_server import Request, Response
from .library import Change, Library, Received, parse_day, strict_json
from .linewell_queries import LinewellQueries
from .record_rules import HOLDER_TYPES, Holder, Rejected, Submission
from .types import read_told

_CODES = {"done": "0", "missing": "12", "wrong": "12", "exists": "7", "made_before": "6", "bad_file": "213",
          "type": "13", "not_found": "10", "already": "21", "holder_type": "103", "token": "11",
          "permission": "100"}
_STATES = {"valid": "11", "history": "-2"}
_STATUS = {"11": "valid", "12": "restricted", "13": "restricted", "-4": "expired", "-3": "cancelled",
           "-5": "cancelled", "-8": "cancelled"}
_REQUIRED = ("certificateIdentifier", "certificateTypeCode", "certificateTypeName", "certificateName",
             "certificateNumber", "certificateIssuingAuthorityName", "certificateIssuingAuthorityCode",
             "certificateIssuedDate", "certificateHolderName", "certificateHolderCode", "certificateHolderTypeCode",
             "certificateHolderTypeName", "certificateAreaCode", "certificateVersion", "operateType", "fileType",
             "fileDigest", "fileContent", "bizNum")
_OPEN_END = "长期"
_TYPE_FIELDS = {"code": "certTypeCode", "name": "certTypeName", "version": "certTypeVersion", "state": "certTypeState",
                "effective": "effectiveTime", "unit_codes": "issuingAuthorityCode", "unit_names": "issuingAuthorityName",
                "item_codes": "itemCode", "item_names": "itemName", "holders": "holderCategory",
                "several_holders": "multiHolder", "several_certificates": "multiInstance", "validity": "validity",
                "years": "validYears", "template": "templateName", "sharing": "shareType", "fields": "remarkInfo"}


class Linewell:
    """Answers the calls of section 2 of interfaces.md."""

    def __init__(self, library: Library, faults: Faults, access_id: str, access_token: str, key: bytes,
                 public_key: sm2.Affine) -> None:
        self.library, self.faults, self.books = library, faults, library.books
        self._access = (access_id, access_token)
        self._key, self._public_key = key, public_key
        self._calls = {"/linewell/api/collectCert": self._collect, "/linewell/api/queryCertInfo": self._query,
                       "/linewell/api/changeState": self._change, "/linewell/api/countCert": self._count,
                       "/linewell/api/saveCertType": self._tell_type, "/linewell/api/getCertRemarkInfo": self._face}
        self._queries = LinewellQueries(library.offers, access_id)
        self._calls |= self._queries.calls

    def handle(self, request: Request) -> Response:
        """Answer one call and write it down."""
        identifier = ""
        try:
            if at_address := self._queries.at_address(request):
                return at_address
            call = self._calls.get(request.path)
            if call is None or request.method != "POST":
                raise Rejected("wrong", "http.path", "no such call")
            data = self._open(request)
            identifier = str(data.get("certificateIdentifier", ""))
            code, answer = call(data, request)
            self.library.books.note_request(request.path, identifier, code, "", request.fault)
            return _envelope(code, "成功" if code in "01" else "未查询到数据", answer)
        except Rejected as rejected:
            code = _CODES[rejected.outcome]
            self.library.books.note_request(request.path, identifier, code, rejected.text, request.fault)
            if rejected.rule:
                self.library.books.note_violation(request.path, identifier, rejected.rule, rejected.text)
            return _envelope(code, rejected.text, "")

    def _open(self, request: Request) -> dict[str, Any]:
        """The data of an envelope: caller, time, signature, decryption, charset."""
        content_type = request.headers.get("Content-Type", "").lower().replace(" ", "")
        if content_type != "application/json;charset=gb18030":
            raise Rejected("wrong", "http.content_type", "Content-Type is not application/json; charset=GB18030")
        try:
            body = strict_json(request.body.decode("gb18030"))
        except (UnicodeDecodeError, ValueError) as error:
            raise Rejected("wrong", "json.shape", "body is not JSON in GB18030") from error
        head, data = body.get("head"), body.get("data")
        if set(body) != {"head", "data"} or not isinstance(head, dict) or not isinstance(data, str):
            raise Rejected("wrong", "json.envelope", 'body is not {"head": {...}, "data": "..."}')
        self._check_head(head, data)
        return self._decrypt(data)

    def _check_head(self, head: dict[str, Any], data: str) -> None:
        texts = [head.get(name) for name in ("accessId", "accessToken", "timestamp", "sign")]
        if not all(isinstance(text, str) and text for text in texts):
            raise Rejected("missing", "field.missing", "accessId, accessToken, timestamp or sign is missing")
        access_id, token, timestamp, sign = texts
        if not secrets.compare_digest(f"{access_id}\0{token}".encode(), "\0".join(self._access).encode()):
            raise Rejected("token", "token.credentials", "accessId or accessToken is wrong")
        try:
            sent = datetime.datetime.strptime(timestamp, "%Y%m%d%H%M%S").replace(tzinfo=clock.ZONE)
        except ValueError as error:
            raise Rejected("token", "timestamp.shape", "timestamp is not yyyyMMddHHmmss") from error
        if len(timestamp) != 14 or abs((clock.now() - sent).total_seconds()) > 600:
            raise Rejected("token", "timestamp.range", "timestamp is more than 10 minutes off (local time, +08:00)")
        try:
            raw = base64.b64decode(sign, validate=True)
            message = (timestamp + data).encode("ascii")
        except (binascii.Error, ValueError) as error:
            raise Rejected("token", "sign.shape", "sign is not Base64, or data is not ASCII") from error
        r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        if len(raw) != 64 or not sm2.verify_raw(self._public_key, message, r, s, access_id.encode("ascii")):
            raise Rejected("token", "sign.wrong", "sign does not verify (r and s, signer id = accessId)")

    def _decrypt(self, data: str) -> dict[str, Any]:
        if not re.fullmatch(r"(?:[0-9a-f]{32})+", data) or len(data) < 64:
            raise Rejected("wrong", "data.shape", "data is not lower-case hex of IV and cipher text")
        secret = bytes.fromhex(data)
        try:
            return strict_json(sm4.decrypt(secret[16:], self._key, secret[:16]).decode("gb18030"))
        except UnicodeDecodeError as error:
            raise Rejected("wrong", "data.charset", "text inside is not GB18030") from error
        except ValueError as error:
            raise Rejected("wrong", "data.cipher", f"data does not decrypt to a JSON object: {error}") from error

    def _collect(self, data: dict[str, Any], request: Request) -> tuple[str, Any]:
        for name in _REQUIRED:
            if not isinstance(data.get(name), str) or not data[name]:
                raise Rejected("missing", "field.missing", f"{name} is missing, empty or not a text")
        record = _record(data)
        if request.verdict is None:
            return "0", {"licenseId": self.library.admit(record, "valid")}
        receipt = uuid.uuid4().hex
        accept = request.verdict.kind == "receive"
        self.library.admit(record, "pending")
        received = Received(record.identifier, accept, record.content,
                            lambda yes: _verdict(receipt, record.identifier, yes))
        self.library.receive(receipt, received, request.verdict.milliseconds)
        return "1", {"receiptNo": receipt}

    def _query(self, data: dict[str, Any], _: Request) -> tuple[str, Any]:
        held = self.library.find(_identifier(data))
        if held is None:
            return "10", ""
        return "0", {"certData": [{"certificateIdentifier": held["identifier"], "certificateNumber": held["number"],
                                   "licenseId": held["library_id"], "state": _word(held),
                                   "fileDigest": held["sm3"]}]}

    def _tell_type(self, data: dict[str, Any], _: Request) -> tuple[str, Any]:
        self.library.types.tell(read_told(data, _TYPE_FIELDS, ","))
        return "0", ""

    def _face(self, data: dict[str, Any], _: Request) -> tuple[str, Any]:
        return "0", {"remarkInfo": self.library.types.face(str(data.get("certTypeCode", "")))}

    def _count(self, data: dict[str, Any], _: Request) -> tuple[str, Any]:
        area = data.get("certificateAreaCode", "")
        if set(data) - {"certificateIssuedDate", "certificateAreaCode"} or not isinstance(area, str):
            raise Rejected("wrong", "field.unknown", "a count is asked for by certificateIssuedDate and certificateAreaCode")
        rows = self.library.count_issued_on(parse_day(data.get("certificateIssuedDate"), "%Y%m%d"), area)
        if not rows:
            return "10", ""
        return "0", {"counts": [{"certificateAreaCode": row["area"], "certificateTypeCode": row["type_code"],
                                 "state": _word(row), "number": row["number"]} for row in rows]}

    def _change(self, data: dict[str, Any], _: Request) -> tuple[str, Any]:
        identifier = _identifier(data)
        for name in ("state", "reason", "changeTime"):
            if not isinstance(data.get(name), str) or not data[name]:
                raise Rejected("missing", "field.missing", f"{name} is missing, empty or not a text")
        if set(data) - {"certificateIdentifier", "state", "reason", "changeTime", "relatedIdentifier"}:
            raise Rejected("wrong", "field.unknown", "there are other fields than those of a status change")
        if data["state"] not in _STATUS:
            raise Rejected("wrong", "status.value", "state must be " + ", ".join(_STATUS))
        if not re.fullmatch(r"\d{14}", data["changeTime"], re.ASCII):
            raise Rejected("wrong", "date.shape", "changeTime is not yyyyMMddHHmmss")
        self.library.change(Change(identifier, data["state"], _STATUS[data["state"]], data["reason"],
                                   data["changeTime"], data.get("relatedIdentifier", "")))
        return "0", ""

    def odd_answer(self, kind: str) -> Response:
        """Codes that are not in the list, or ask to try later."""
        code = {"busy": "16", "throttle": "17"}.get(kind, "888")
        response = _envelope(code, {"16": "服务高峰", "17": "访问受限"}.get(code, "未知情形"), "")
        if kind == "throttle":
            response.headers["Retry-After"] = "1"
        return response

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
    """What this library calls the state of what it holds."""
    return _STATES.get(held["state"]) or held["word"] or "0"


def _identifier(data: dict[str, Any]) -> str:
    """The identifier that a call names."""
    identifier = data.get("certificateIdentifier")
    if not isinstance(identifier, str) or not identifier:
        raise Rejected("missing", "field.missing", "certificateIdentifier is missing, empty or not a text")
    return identifier


def _record(data: dict[str, Any]) -> Submission:
    """A record in this dialect's form."""
    lists = [data[name].split(",") for name in
             ("certificateHolderName", "certificateHolderCode", "certificateHolderTypeCode")]
    names_of_types = data["certificateHolderTypeName"].split(",")
    if len({len(items) for items in [*lists, names_of_types]}) != 1:
        raise Rejected("wrong", "holder.counts", "names, codes and types of holders are not equally many")
    if any(kind not in HOLDER_TYPES for kind in lists[2]):
        raise Rejected("holder_type", "holder.type", "a holder type code is not in GB/T 36903")
    if not re.fullmatch(r"\d{6}", data["certificateAreaCode"], re.ASCII):
        raise Rejected("wrong", "area.shape", "certificateAreaCode is not 6 digits")
    if not re.fullmatch(r"\d{3}", data["certificateVersion"], re.ASCII):
        raise Rejected("wrong", "version.shape", "certificateVersion is not 3 digits")
    if data["operateType"] != "01" or data["fileType"] != "OFD":
        raise Rejected("wrong", "field.value", "operateType is not 01 or fileType is not OFD")
    if not isinstance(data.get("extendInfo"), dict):
        raise Rejected("wrong", "extension.shape", "extendInfo is not a JSON object")
    try:
        content = base64.b64decode(data["fileContent"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise Rejected("wrong", "file.base64", "fileContent is not Base64") from error
    return Submission(
        data["certificateIdentifier"], data["certificateTypeCode"], data["certificateTypeName"],
        data["certificateNumber"], [Holder(*parts) for parts in zip(*lists)],
        data["certificateIssuingAuthorityName"], data["certificateIssuingAuthorityCode"],
        parse_day(data["certificateIssuedDate"], "%Y%m%d"), _optional_day(data.get("certificateEffectiveDate")),
        _optional_day(data.get("certificateExpiringDate")), data["certificateAreaCode"],
        int(data["certificateVersion"]), data["extendInfo"], data["fileDigest"], content, data["bizNum"])


def _optional_day(text: Any) -> Any:
    """A day that may be absent or open."""
    return None if text in (None, "", _OPEN_END) else parse_day(text, "%Y%m%d")


def _envelope(code: str, text: str, data: Any) -> Response:
    """An answer in this dialect's envelope."""
    body = json.dumps({"head": {"status": code, "message": text}, "data": data}, ensure_ascii=False)
    return Response(body.encode("gb18030"), content_type="application/json; charset=GB18030")


def _verdict(receipt: str, identifier: str, accept: bool) -> bytes:
    """The body of a verdict."""
    return json.dumps({"receiptNo": receipt, "certificateIdentifier": identifier,
                       "status": "0" if accept else "213", "message": "入库成功" if accept else "文件验证未通过"},
                      ensure_ascii=False).encode("utf-8")
