"""Cases that are wrong on purpose: what is spoilt and why it must be refused."""

from __future__ import annotations

from typing import Callable

from .cases import Case


def _id_check_digit(case: Case) -> None:
    party = next(p for p in case.parties if p["zjzl"] == "1")
    party["zjh"] = party["zjh"][:17] + ("1" if party["zjh"][17] != "1" else "2")


def _no_holder(case: Case) -> None:
    """The office wrote a placeholder where the holder belongs."""
    for party in case.parties:
        if party["role"] == "1":
            party |= {"xm": "/", "zjzl": None, "zjh": "/"}


def _short_unit(case: Case) -> None:
    case.rights[0]["unit_no"] = case.rights[0]["unit_no"][:27]
    for event in case.events:
        event["unit_no"] = case.rights[0]["unit_no"]


def _other_issuer(case: Case) -> None:
    place = "邓州市" if case.issuer.number_word != "邓州市" else "内乡县"
    for certificate in case.certificates:
        certificate["cert_no"] = certificate["cert_no"].replace(case.issuer.number_word, place)


def _classified(case: Case) -> None:
    for event in case.events:
        event["classified"] = 1


def _empty_date(case: Case) -> None:
    for certificate in case.certificates:
        certificate["szsj"] = "0001-01-01 00:00:00"
    for right in case.rights:
        right["djsj"] = "0001-01-01 00:00:00"


def _shares(case: Case) -> None:
    for party in case.parties:
        if party["role"] == "1":
            party |= {"gyfs": "2", "qlbl": "1/3"}


def _unknown_code(case: Case) -> None:
    for event in case.events:
        event |= {"djxl": "7770001", "qllx": "88"}
    for right in case.rights:
        right["right_type"] = "88"


# Name: what it spoils and whether a plain transfer between persons is needed.
MISTAKES: dict[str, tuple[Callable[[Case], None], str]] = {
    "id-check-digit": (_id_check_digit, "检验码: the citizen id of a holder does not check"),
    "no-holder": (_no_holder, "no holder: only a placeholder"),
    "unit-27": (_short_unit, "unit number of 27 characters"),
    "other-issuer": (_other_issuer, "certificate number of another issuer's place"),
    "classified": (_classified, "classified record"),
    "empty-date": (_empty_date, "date 0001-01-01 where the date of issue belongs"),
    "shares": (_shares, "shares do not add up to one"),
    "unknown-code": (_unknown_code, "right type and sub-type that no table knows"),
}


def spoil(case: Case, name: str) -> None:
    """Make a case wrong and note what must come of it."""
    change, reason = MISTAKES[name]
    change(case)
    case.expected, case.reason = "refused", name
    case.features.append(reason)
