"""How the library "epoint" is asked for certificates, their files, and whether a file is genuine."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from . import clock, sm3
from .http_server import Request, Response
from .library import parse_day
from .offers import Offer, Offers, Use, read_use, shaped
from .record_rules import Rejected

_USE = {"usepurpose": "purpose", "useitem": "item", "usebasis": "basis", "useunit": "unit", "useperson": "person"}
_BY = ("certownerno", "certificateidentifier", "certno")
_STATES = {"valid": "正常", "restricted": "正常", "lost": "挂失", "history": "正常", "expired": "注销", "cancelled": "注销"}
_KINDS = {"111": "1", "001": "2"}
ADDRESSES = "/epoint/rest/cert/temp/"


class EpointQueries:
    """Answers the asking calls of section 1 of interfaces.md."""

    def __init__(self, offers: Offers, caller: str) -> None:
        self._offers, self._caller = offers, caller
        self.calls = {"/epoint/rest/cert/search": self.search, "/epoint/rest/cert/file": self.file,
                      "/epoint/rest/cert/verify": self.verify, "/epoint/rest/cert/uses": self.uses}

    def search(self, params: dict[str, Any], request: Request) -> dict[str, Any]:
        """Certificates by holder, by identifier or by number."""
        use = _use("search", params, (*_BY, "certownertype", "certownername", "tycertcatcode"))
        asked_by = [name for name in _BY if params.get(name)]
        if len(asked_by) != 1:
            raise Rejected("wrong", "search.by", "a search is by certownerno, certificateidentifier or certno: one of them")
        if asked_by == ["certownerno"] and params.get("certownertype") not in ("1", "2", "99"):
            raise Rejected("wrong", "holder.type", "certownertype is not 1, 2 or 99")
        if params.get("certownertype") and asked_by != ["certownerno"]:
            raise Rejected("wrong", "search.by", "certownertype goes with certownerno")
        types = [code for code in params.get("tycertcatcode", "").split("^") if code]
        found = self._found(asked_by[0], params[asked_by[0]], types)
        self._offers.note_use(use, self._caller, params.get("certownerno", ""), [offer.identifier for offer in found])
        return {"datatime": _moment(clock.now().date().isoformat()), "certinfo": shaped([_entry(offer) for offer in found], request.fault)}

    def _found(self, by: str, text: str, types: list[str]) -> list[Offer]:
        if by == "certownerno":
            return self._offers.by_holder(text, types)
        if by == "certno":
            return self._offers.by_number(text, types)
        offer = self._offers.by_identifier(text)
        return [offer] if offer else []

    def file(self, params: dict[str, Any], request: Request) -> dict[str, Any]:
        """A file in Base64, or the address at which it lies once."""
        use = _use("file", params, ("fileguid", "certificateidentifier"))
        for name in ("fileguid", "certificateidentifier"):
            if not params.get(name):
                raise Rejected("missing", "field.missing", f"{name} is missing or empty")
        offer = self._offers.file(params["fileguid"], params["certificateidentifier"])
        content = self._offers.content(offer)
        if request.fault == "other-file":
            content = content[:-1] + bytes([content[-1] ^ 1])
        self._offers.note_use(use, self._caller, "", [offer.identifier])
        by_address = self._offers.by == "address"
        return {"certificateidentifier": offer.identifier, "contenttype": "url" if by_address else "base64",
                "content": self._offers.address(content) if by_address else base64.b64encode(content).decode("ascii"),
                "filesm3": offer.sm3}

    def verify(self, params: dict[str, Any], _: Request) -> dict[str, Any]:
        """Whether a file is the one that is held: 1 yes, 0 no, 2 not a form that can be verified."""
        use = _use("verify", params, ("filename", "filesize", "sm3", "content"))
        try:
            content = base64.b64decode(params.get("content", ""), validate=True)
        except (binascii.Error, ValueError, TypeError) as error:
            raise Rejected("wrong", "file.base64", "content is not Base64") from error
        if params.get("sm3") != sm3.hexdigest(content) or params.get("filesize") != len(content):
            raise Rejected("wrong", "file.digest", "sm3 or filesize differs from the content")
        offer = self._offers.of_digest(params["sm3"])
        self._offers.note_use(use, self._caller, "", [offer.identifier] if offer else [])
        if offer is None:
            return {"verifyresult": "0" if content.startswith((b"PK\x03\x04", b"%PDF")) else "2"}
        return {"verifyresult": "1", "certificateidentifier": offer.identifier, "status": _STATES[offer.state]}

    def uses(self, params: dict[str, Any], request: Request) -> dict[str, Any]:
        """Who used what on a day, whoever asked: the library's own log."""
        if set(params) != {"usedate", "page", "pagesize"}:
            raise Rejected("wrong", "field.unknown", "a log is asked for by usedate, page and pagesize")
        page, size = params["page"], params["pagesize"]
        if type(page) is not int or type(size) is not int or page < 1 or not 1 <= size <= 500:
            raise Rejected("wrong", "log.page", "page is not from 1, or pagesize not from 1 to 500")
        day = parse_day(params["usedate"], "%Y-%m-%d %H:%M:%S").isoformat()
        return {"uselog": shaped([_logged(use) for use in self._offers.logged(day, page, size)], request.fault)}

    def at_address(self, request: Request) -> Response | None:
        """What lies at an address that was handed out; None for every other path."""
        if not request.path.startswith(ADDRESSES) or request.method != "GET":
            return None
        content = self._offers.take(request.path.removeprefix(ADDRESSES))
        if content is None:
            return Response("<html>已失效</html>".encode(), 404, "text/html; charset=UTF-8")
        return Response(content, 200, "application/octet-stream")


def _use(operation: str, params: dict[str, Any], names: tuple[str, ...]) -> Use:
    """Why it is asked, from the parameters; others than the known ones are refused."""
    unknown = set(params) - set(_USE) - set(names)
    if unknown:
        raise Rejected("wrong", "field.unknown", f"{sorted(unknown)[0][:40]} is no parameter of this call")
    if any(not isinstance(params[name], str) for name in params if name != "filesize"):
        raise Rejected("wrong", "field.type", "a parameter is not a text")
    return read_use(operation, {word: params.get(name, "") for name, word in _USE.items()}, ("purpose", "item", "basis"))


def _logged(use: dict[str, Any]) -> dict[str, Any]:
    """A use of a certificate as the log has it; of a question that found nothing, without one."""
    return {"logid": use["id"], "usetime": use["at"], "appid": use["caller"], "useunit": use["unit"],
            "usepurpose": use["purpose"], "operation": use["operation"], "certificateidentifier": use["identifier"],
            "tycertcatcode": use["type_code"], "useresult": "1" if use["identifier"] else "0"}


def _moment(day: str, open_end: str = "") -> str:
    return f"{day} 00:00:00" if day else open_end


def _entry(offer: Offer) -> dict[str, Any]:
    """A certificate as a search lists it."""
    return {"certificateidentifier": offer.identifier, "certno": offer.number, "tycertcatcode": offer.type_code,
            "certname": offer.type_name, "version": offer.version,
            "certownername": "^".join(holder.name for holder in offer.holders),
            "certownerno": "^".join(holder.code for holder in offer.holders),
            "certownertype": "^".join(_KINDS.get(holder.kind, "99") for holder in offer.holders),
            "certawarddept": offer.issuer_name, "certawarddeptcode": offer.issuer_code,
            "awarddate": _moment(offer.issued), "expiredatefrom": _moment(offer.valid_from),
            "expiredateto": _moment(offer.valid_to, "9999-12-30 00:00:00"), "status": _STATES[offer.state],
            "ishistory": "1" if offer.state == "history" else "0", "fileguid": offer.file_id,
            "certinfoextension": json.dumps(offer.face, ensure_ascii=False)}
