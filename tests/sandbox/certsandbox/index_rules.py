"""The rules for a row of the provincial index of certificates, over HTTP or in a front-end table."""

from __future__ import annotations

import datetime
import re
from typing import Any

from . import numbers, sm3

OPERATIONS = ("I", "U", "D")
# Field, pattern, whether it must be there.
FIELDS = {
    "entryCode": (r"[0-9A-Z]{21}\.[0-9A-Z]{18}\.[0-9A-Z]{1,36}", True), "operateType": (r"[IUD]", True), "version": (r"\d{4}", True),
    "certificateCode": (r"[0-9A-Z.]{60,128}", True), "contentCode": (r"[0-9A-Z]{21}", True), "contentName": (r".{1,256}", True),
    "infoCode": (r".{1,128}", True), "infoVersion": (r"\d{3}", True), "ownerName": (r".{1,2000}", True), "ownerId": (r".{1,2000}", True),
    "infoTypeCode": (r"(001|099|111|999)(\^(001|099|111|999))*", True), "issueDept": (r".{1,256}", True),
    "issueDeptCode": (r"[0-9A-Z]{18}", True), "areaCode": (r"\d{6}", True), "makeTime": (r"\d{4}-\d\d-\d\d", True),
    "validBegin": (r"\d{4}-\d\d-\d\d", False), "validEnd": (r"\d{4}-\d\d-\d\d", True), "certState": (r"01|02|03|04|05|99", True),
    "stateReason": (r".{1,200}", False), "stateTime": (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", True), "relatedCode": (r"[0-9A-Z.]{60,128}", False),
    "fileSm3": (r"[0-9a-f]{64}", True), "contentSm3": (r"[0-9a-f]{64}", True), "dataSource": (r"BDC", True), "bizId": (r".{1,64}", True)}
DIGEST_OVER = ("certificateCode", "infoCode", "contentCode", "ownerName", "ownerId", "infoTypeCode", "issueDeptCode", "makeTime",
               "validEnd", "certState", "fileSm3")
ENDED = ("03", "04", "99")
# What may only change together with the certificate's version.
OF_THE_VERSION = ("certificateCode", "infoCode", "contentCode", "ownerName", "ownerId", "infoTypeCode", "issueDeptCode", "makeTime", "fileSm3")


class Wrong(Exception):
    """A row is refused with a code of the interface."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


def check_row(row: dict[str, Any]) -> None:
    """What can be seen on the row alone. Raises Wrong."""
    for name, (pattern, needed) in FIELDS.items():
        value = row.get(name)
        if value is None and not needed:
            continue
        if not isinstance(value, str) or not re.fullmatch(pattern, value, re.DOTALL):
            raise Wrong("400", f"{name} is missing, or not as it must be")
    if unknown := set(row) - set(FIELDS):
        raise Wrong("400", f"there is no field {sorted(unknown)[0]}")
    if row["contentSm3"] != digest_of(row):
        raise Wrong("400", "contentSm3 is not the digest of the row")
    _check_numbers(row)
    _check_dates(row)
    if (row["operateType"] == "D") != (row["certState"] in ENDED) and row["certState"] != "05":
        raise Wrong("400", "certState and operateType contradict each other")


def digest_of(row: dict[str, str]) -> str:
    """SM3 over the fields that the interface names."""
    return sm3.hexdigest("|".join(row.get(name, "") for name in DIGEST_OVER).encode("utf-8"))


def _check_numbers(row: dict[str, str]) -> None:
    try:
        identifier = numbers.parse_identifier(row["certificateCode"])
        numbers.parse_number(row["infoCode"])
    except numbers.Refused as refused:
        raise Wrong("400", str(refused)) from refused
    if row["entryCode"] != f"{identifier.type_code}.{identifier.issuer_code}.{identifier.serial}":
        raise Wrong("400", "entryCode is not of the certificate")
    if (identifier.type_code, identifier.issuer_code, identifier.version) != (
            row["contentCode"], row["issueDeptCode"], int(row["infoVersion"])):
        raise Wrong("400", "type, issuer or version is not that of the certificate")
    if len({row[name].count("^") for name in ("ownerName", "ownerId", "infoTypeCode")}) != 1:
        raise Wrong("400", "names, numbers and types of the holders are not as many")


def _check_dates(row: dict[str, str]) -> None:
    try:
        made, end = datetime.date.fromisoformat(row["makeTime"]), datetime.date.fromisoformat(row["validEnd"])
        datetime.datetime.strptime(row["stateTime"], "%Y-%m-%d %H:%M:%S")
    except ValueError as error:
        raise Wrong("400", "there is no such date") from error
    if end < made:
        raise Wrong("400", "the term ends before the certificate was made")


def check_follows(row: dict[str, str], held: dict[str, str] | None) -> None:
    """What can be seen beside the row that is held, whose fields are the same. Raises Wrong."""
    there = held is not None and held["operateType"] != "D"
    if held is not None and (held["version"], held["contentSm3"]) == (row["version"], row["contentSm3"]):
        raise Wrong("208", "this version is here already")
    if row["operateType"] == "I" and there:
        raise Wrong("208", "the entry is here already")
    if row["operateType"] != "I" and not there:
        raise Wrong("404", "there is no such entry")
    if int(row["version"]) != (int(held["version"]) if held else 0) + 1:
        raise Wrong("409", "the version does not follow on the one that is held")
    if not held:
        return
    # A row without a reason tells a version, not a change of how it stands.
    changed_later = held["stateReason"] and row["infoVersion"] == held["infoVersion"] and row["stateTime"] < held["stateTime"]
    if row["infoVersion"] < held["infoVersion"] or changed_later:
        raise Wrong("409", "what is held is later")
    if row["infoVersion"] == held["infoVersion"] and any(row[name] != held[name] for name in OF_THE_VERSION):
        raise Wrong("409", "the certificate differs from the held one of the same version")
