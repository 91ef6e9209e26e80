"""How the library "linewell" is asked for certificates, their files, and whether a file is genuine."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from . import sm3
from .http_server import Request, Response
from .offers import Offer, Offers, Use, read_use, shaped
from .record_rules import HOLDER_TYPES, Rejected

_CAUSE = {"certificateCopyCause": "purpose", "certificateEventCode": "item", "certificateMatterNumber": "basis",
          "certificateUseUnit": "unit", "certificateUsePerson": "person"}
_STATES = {"valid": "11", "lost": "12", "restricted": "13", "expired": "-4", "history": "-2", "cancelled": "-3"}
_OPEN_END = "长期"
ADDRESSES = "/linewell/files/"


class LinewellQueries:
    """Answers the asking calls of section 2 of interfaces.md."""

    def __init__(self, offers: Offers, caller: str) -> None:
        self._offers, self._caller = offers, caller
        self.calls = {"/linewell/api/listCertByHolder": self.list_by_holder,
                      "/linewell/api/listCertByNumber": self.list_by_number, "/linewell/api/getCertData": self.data,
                      "/linewell/api/getCertFile": self.file, "/linewell/api/verifyCertFile": self.verify}

    def list_by_holder(self, data: dict[str, Any], request: Request) -> tuple[str, Any]:
        """Identifiers of what a holder has of a type, or of every type."""
        use = _use("search", data, ("holderCode", "holderTypeCode"), ("holderName", "certificateTypeCode"))
        if data["holderTypeCode"] not in HOLDER_TYPES:
            raise Rejected("holder_type", "holder.type", "holderTypeCode is not in GB/T 36903")
        types = [data["certificateTypeCode"]] if data.get("certificateTypeCode") else []
        return self._listed(use, self._offers.by_holder(data["holderCode"], types), request, data["holderCode"])

    def list_by_number(self, data: dict[str, Any], request: Request) -> tuple[str, Any]:
        """Identifiers of what stands under a number."""
        use = _use("search", data, ("certificateNumber",), ())
        return self._listed(use, self._offers.by_number(data["certificateNumber"], []), request, "")

    def _listed(self, use: Use, found: list[Offer], request: Request, holder: str) -> tuple[str, Any]:
        self._offers.note_use(use, self._caller, holder, [offer.identifier for offer in found])
        return _answer([{"certificateIdentifier": offer.identifier} for offer in found], request.fault)

    def data(self, data: dict[str, Any], request: Request) -> tuple[str, Any]:
        """All that is told of one certificate."""
        use = _use("data", data, ("certificateIdentifier",), ())
        offer = self._offers.by_identifier(data["certificateIdentifier"])
        self._offers.note_use(use, self._caller, "", [offer.identifier] if offer else [])
        return _answer([_entry(offer)] if offer else [], request.fault)

    def file(self, data: dict[str, Any], request: Request) -> tuple[str, Any]:
        """A file in Base64, or the address at which it lies once."""
        use = _use("file", data, ("certificateIdentifier", "fileId"), ())
        offer = self._offers.file(data["fileId"], data["certificateIdentifier"])
        if offer.state == "cancelled":
            raise Rejected("already", "", "已废止或注销")
        content = self._offers.content(offer)
        if request.fault == "other-file":
            content = content[:-1] + bytes([content[-1] ^ 1])
        self._offers.note_use(use, self._caller, "", [offer.identifier])
        by_address = self._offers.by == "address"
        answer = {"certificateIdentifier": offer.identifier, "fileDigest": offer.sm3.upper(),
                  "content": self._offers.address(content) if by_address else base64.b64encode(content).decode("ascii"),
                  "contentType": "http" if by_address else "base64"}
        return "0", json.dumps(answer, ensure_ascii=False) if request.fault == "data-text" else answer

    def verify(self, data: dict[str, Any], _: Request) -> tuple[str, Any]:
        """Whether a file is the one that is held: 0 yes, 2 no; none of its kind: nothing found."""
        use = _use("verify", data, ("contentType", "content", "fileDigest"), ())
        try:
            content = base64.b64decode(data["content"], validate=True)
        except (binascii.Error, ValueError) as error:
            raise Rejected("wrong", "file.base64", "content is not Base64") from error
        if data["contentType"] != "base64" or data["fileDigest"] != sm3.hexdigest(content):
            raise Rejected("wrong", "file.digest", "contentType is not base64, or fileDigest differs from the content")
        offer = self._offers.of_digest(data["fileDigest"])
        self._offers.note_use(use, self._caller, "", [offer.identifier] if offer else [])
        if offer is None and not content.startswith((b"PK\x03\x04", b"%PDF")):
            return "10", ""
        if offer is None:
            return "0", {"result": "2"}
        return "0", {"result": "0", "certificateIdentifier": offer.identifier, "state": _state(offer)}

    def at_address(self, request: Request) -> Response | None:
        """What lies at an address that was handed out; None for every other path."""
        if not request.path.startswith(ADDRESSES) or request.method != "GET":
            return None
        content = self._offers.take(request.path.removeprefix(ADDRESSES))
        if content is None:
            return Response("<html>已失效</html>".encode("gb18030"), 404, "text/html; charset=GB18030")
        return Response(content, 200, "application/octet-stream")


def _use(operation: str, data: dict[str, Any], needed: tuple[str, ...], others: tuple[str, ...]) -> Use:
    """Why it is asked, from useCause; fields others than the known ones are refused."""
    for name in needed:
        if not isinstance(data.get(name), str) or not data[name]:
            raise Rejected("missing", "field.missing", f"{name} is missing, empty or not a text")
    unknown = set(data) - {"useCause", *needed, *others}
    if unknown or any(not isinstance(data[name], str) for name in others if name in data):
        raise Rejected("wrong", "field.unknown", "there are other fields than those of this call, or no texts")
    cause = data.get("useCause")
    if not isinstance(cause, dict) or set(cause) - {"certificateCallCategory", *_CAUSE}:
        raise Rejected("missing", "use.cause", "useCause is missing, or holds other fields than its own")
    category = cause.get("certificateCallCategory")
    if category not in ("0", "1"):
        raise Rejected("wrong", "use.category", "certificateCallCategory is not 0 or 1")
    needs = ("purpose", "item", "basis") if category == "0" else ("purpose", "basis")
    return read_use(operation, {word: cause.get(name, "") for name, word in _CAUSE.items()}, needs)


def _answer(entries: list[dict[str, Any]], fault: str) -> tuple[str, Any]:
    """The data of an answer in this library's shape, or in another one of the same family."""
    if not entries or fault in ("data-empty", "data-null"):
        return "10" if not entries else "0", None if fault == "data-null" else ""
    if fault == "data-list":
        return "0", entries
    if fault == "data-object" and len(entries) == 1:
        return "0", entries[0]
    data = {"certData": shaped(entries, "")}
    return "0", json.dumps(data, ensure_ascii=False) if fault == "data-text" else data


def _state(offer: Offer) -> str:
    return offer.word or _STATES[offer.state]


def _day(text: str, open_end: str = "") -> str:
    return text.replace("-", "") or open_end


def _entry(offer: Offer) -> dict[str, Any]:
    """A certificate with all that is told of it."""
    return {"certificateIdentifier": offer.identifier, "certificateNumber": offer.number,
            "certificateTypeCode": offer.type_code, "certificateTypeName": offer.type_name,
            "certificateVersion": f"{offer.version:03d}", "certificateIssuingAuthorityName": offer.issuer_name,
            "certificateIssuingAuthorityCode": offer.issuer_code, "certificateIssuedDate": _day(offer.issued),
            "certificateEffectiveDate": _day(offer.valid_from),
            "certificateExpiringDate": _day(offer.valid_to, _OPEN_END),
            "certificateHolderName": ",".join(holder.name for holder in offer.holders),
            "certificateHolderCode": ",".join(holder.code for holder in offer.holders),
            "certificateHolderTypeCode": ",".join(holder.kind for holder in offer.holders),
            "state": _state(offer), "fileId": offer.file_id, "extendInfo": offer.face}
