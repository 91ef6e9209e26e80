"""The rules for the data of a certificate that is offered to a library."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import dataclass
from typing import Any

from . import clock, numbers, sm3
from .issuers import Issuer

TYPES = {numbers.TITLE_TYPE: ("权", ("不动产权证", "不动产权证书", "中华人民共和国不动产权证书")),
         numbers.PROOF_TYPE: ("证明", ("不动产登记证明", "中华人民共和国不动产登记证明"))}
HOLDER_TYPES = ("001", "099", "111", "114", "115", "118", "119", "120", "122", "411", "412", "413", "414",
                "511", "516", "999")
_UNIT_LIKE = re.compile(r"\d{6}[0-9A-Z]{15,}")


class Rejected(Exception):
    """A request is refused: an outcome that dialects translate, and the rule when one was broken."""

    def __init__(self, outcome: str, rule: str, text: str) -> None:
        super().__init__(text)
        self.outcome, self.rule, self.text = outcome, rule, text


@dataclass(frozen=True)
class Holder:
    """A holder; `kind` is a code of GB/T 36903."""

    name: str
    code: str
    kind: str


@dataclass
class Submission:
    """A certificate as offered, without the dialect."""

    identifier: str
    type_code: str
    type_name: str
    number: str
    holders: list[Holder]
    issuer_name: str
    issuer_code: str
    issued: datetime.date
    valid_from: datetime.date | None
    valid_to: datetime.date | None
    area: str
    version: int
    extension: dict[str, Any]
    sm3: str
    content: bytes
    case_no: str

    @property
    def normalised(self) -> str:
        """The number in the form to compare."""
        return numbers.normalise_number(self.number)

    def digest(self) -> str:
        """SM3 over the data, to tell an identical repetition from another record."""
        data = {k: v for k, v in vars(self).items() if k not in ("content", "sm3")}
        return sm3.hexdigest(json.dumps(data, default=str, sort_keys=True).encode("utf-8"))


def check_record(record: Submission, issuers: list[Issuer]) -> Issuer:
    """The issuer of a record that keeps every rule. Raises Rejected."""
    try:
        identifier = numbers.parse_identifier(record.identifier)
        if record.type_code not in TYPES:
            raise Rejected("type", "type.unknown", f"type {record.type_code} is not published")
        issuer = _check_issuer(record, issuers)
        if (identifier.type_code, identifier.issuer_code, identifier.version) != (
                record.type_code, record.issuer_code, record.version):
            raise Rejected("wrong", "identifier.parts", "type, issuer or version differs from the identifier's")
        _check_number(record, issuer)
        _check_holders(record.holders)
        _check_dates(record)
        _check_extension(record.extension)
        return issuer
    except numbers.Refused as refused:
        raise Rejected("wrong", refused.rule, refused.text) from refused


def _check_issuer(record: Submission, issuers: list[Issuer]) -> Issuer:
    """Known by code, name and area; districts of a city belong to the city."""
    for issuer in issuers:
        if issuer.code == record.issuer_code:
            break
    else:
        raise Rejected("wrong", "issuer.unknown", "issuer code is not registered")
    if issuer.name != record.issuer_name:
        raise Rejected("wrong", "issuer.name", "issuer is registered under another name")
    city_district = issuer.area.endswith("00") and record.area[:4] == issuer.area[:4] and record.area[4] == "0"
    if record.area != issuer.area and not city_district:
        raise Rejected("wrong", "issuer.area", "area is not the issuer's")
    return issuer


def _check_number(record: Submission, issuer: Issuer) -> None:
    """Number, its place and its kind."""
    _, place, kind = numbers.parse_number(record.number)
    if place != issuer.number_word:
        raise Rejected("wrong", "certificate_number.place", "place in the number is not the issuer's")
    expected, names = TYPES[record.type_code]
    if kind != expected or record.type_name not in names:
        raise Rejected("wrong", "certificate_number.kind", "kind of the number or type name differs from the type")


def _check_holders(holders: list[Holder]) -> None:
    """At least one holder; names and codes that can be."""
    if not holders:
        raise Rejected("missing", "holder.none", "no holder")
    for holder in holders:
        if not holder.name.strip() or holder.name != holder.name.strip() or holder.name in ("/", "无", "空", "-"):
            raise Rejected("missing", "holder.name", "name of a holder is empty or a placeholder")
        if holder.kind not in HOLDER_TYPES:
            raise Rejected("holder_type", "holder.type", f"holder type {holder.kind} does not exist")
        if holder.kind == "111":
            numbers.parse_citizen_id(holder.code)
        elif holder.kind == "001":
            numbers.parse_credit_code(holder.code)
        elif not holder.code.strip():
            raise Rejected("missing", "holder.code", "code of a holder is empty")


def _check_dates(record: Submission) -> None:
    """Issued in the time of unified registration and not tomorrow; a term that runs forward."""
    if not datetime.date(2015, 3, 1) <= record.issued <= clock.now().date():
        raise Rejected("wrong", "date.range", "issue date is before 2015-03-01 or in the future")
    if record.valid_from and record.valid_to and record.valid_from > record.valid_to:
        raise Rejected("wrong", "date.order", "term ends before it starts")


def _check_extension(extension: dict[str, Any]) -> None:
    """Only KZ_ items with texts; the location is there; units are unit codes."""
    for name, value in extension.items():
        if not name.startswith("KZ_") or not isinstance(value, str):
            raise Rejected("wrong", "extension.item", f"extension item {name[:40]} is not a KZ_ text")
    if not extension.get("KZ_ZL", "").strip():
        raise Rejected("missing", "extension.location", "KZ_ZL (location) is missing")
    for unit in _UNIT_LIKE.findall(extension.get("KZ_BDCDYH", "").replace(" ", "")):
        numbers.parse_unit(unit)
