"""Numbers of the domain: identifier, credit code, citizen id, unit code, certificate number.

Every check returns the value in a normal form or raises `Refused` with the rule that was broken.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CITIZEN_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼国"

TITLE_TYPE = "11100000MB03271699001"
PROOF_TYPE = "11100000MB03271699022"

_IDENTIFIER = re.compile(
    r"1\.2\.156\.3005\.2\.([0-9A-Z]{21})\.([0-9A-Z]{18})\.([0-9A-Z]{1,36})\.(\d{3})\.([0-9A-Z])",
    re.ASCII)
_UNIT = re.compile(r"\d{12}[GJZ][ABSXCDEFLNHGWY]\d{5}(?:W0{8}|[FLQ]\d{8})", re.ASCII)
_NUMBER = re.compile(
    rf"[{PROVINCES}][(（](\d{{4}})[)）]([\u4e00-\u9fff]{{0,20}})不动产(权|证明)第(\d{{7}})号", re.ASCII)


class Refused(ValueError):
    """A value breaks a rule; `rule` names it."""

    def __init__(self, rule: str, text: str) -> None:
        super().__init__(f"{rule}: {text}")
        self.rule = rule
        self.text = text


@dataclass(frozen=True)
class Identifier:
    """Parts of an electronic certificate identifier (GB/T 36904)."""

    text: str
    type_code: str
    issuer_code: str
    serial: str
    version: int


def mod_37_36(body: str) -> str:
    """Check character of ISO 7064 MOD 37,36 over 0-9A-Z."""
    product = 36
    for character in body:
        total = (product + ALPHABET.index(character)) % 36 or 36
        product = total * 2 % 37
    return ALPHABET[(37 - product) % 36]


def mod_37_36_holds(text: str) -> bool:
    """Whether the last character of the text is its check character, by the other form."""
    product = 36
    for character in text[:-1]:
        total = (product + ALPHABET.index(character)) % 36 or 36
        product = total * 2 % 37
    return (product + ALPHABET.index(text[-1])) % 36 == 1


def parse_identifier(text: str) -> Identifier:
    """An identifier as it must be written; issuer and defining body have valid credit codes."""
    match = _IDENTIFIER.fullmatch(text)
    if match is None:
        raise Refused("identifier.shape", "not 1.2.156.3005.2.<type>.<issuer>.<serial>.<version>.<check>")
    kind, issuer, serial, version, check = match.groups()
    if not mod_37_36_holds(kind + issuer + serial + version + check):
        raise Refused("identifier.check_character", "check character does not match")
    if version == "000":
        raise Refused("identifier.version", "version 000 does not exist")
    parse_credit_code(kind[:18])
    parse_credit_code(issuer)
    return Identifier(text, kind, issuer, serial, int(version))


def compose_identifier(type_code: str, issuer: str, serial: str, version: int) -> str:
    """The identifier made of these parts."""
    body = f"{type_code}{issuer}{serial}{version:03d}"
    return f"1.2.156.3005.2.{type_code}.{issuer}.{serial}.{version:03d}.{mod_37_36(body)}"


def credit_check(body: str) -> str:
    """Check character of a credit code's first 17 characters (GB 32100)."""
    total = sum(CREDIT_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return CREDIT_ALPHABET[(31 - total % 31) % 31]


def organisation_check(body: str) -> str:
    """Check character of an organisation code's first 8 characters (GB 11714)."""
    remainder = 11 - sum(ALPHABET.index(c) * w for c, w in zip(body, ORGANISATION_WEIGHTS)) % 11
    return {10: "X", 11: "0"}.get(remainder, str(remainder))


def parse_credit_code(text: str) -> str:
    """A credit code with valid shape and check character."""
    if not re.fullmatch(rf"[{CREDIT_ALPHABET}]{{18}}", text):
        raise Refused("credit_code.shape", "not 18 characters of the code's alphabet")
    if credit_check(text[:17]) != text[17]:
        raise Refused("credit_code.check_digit", "check character does not match")
    return text


def citizen_check(body: str) -> str:
    """Check character of a citizen id's first 17 digits (GB 11643)."""
    return "10X98765432"[sum(int(c) * w for c, w in zip(body, CITIZEN_WEIGHTS)) % 11]


def parse_citizen_id(text: str) -> str:
    """A citizen id of 18 characters with a real date of birth that is not in the future."""
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", text, re.ASCII):
        raise Refused("citizen_id.shape", "not 17 digits and a digit or X")
    try:
        born = datetime.date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError as error:
        raise Refused("citizen_id.date", "no such date of birth") from error
    if born > datetime.date.today() or born.year < 1850:
        raise Refused("citizen_id.date", "date of birth out of range")
    if citizen_check(text[:17]) != text[17]:
        raise Refused("citizen_id.check_digit", "check digit does not match")
    return text


def parse_unit(text: str) -> str:
    """A unit code of 28 positions without blanks (GB/T 37346), with the joint rules of 13 and 14."""
    if len(text) != 28:
        raise Refused("unit_code.length", f"{len(text)} characters instead of 28")
    if not _UNIT.fullmatch(text):
        raise Refused("unit_code.shape", "positions do not follow GB/T 37346")
    if (text[13] == "A" or text[13] == "C") and text[12] != "J":
        raise Refused("unit_code.ownership", "A and C exist only on collective land (J)")
    return text


def parse_number(text: str) -> tuple[str, str, str]:
    """Normalised number, place word and kind ("权" or "证明") of a certificate number."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise Refused("certificate_number.shape", "not 豫（yyyy）…不动产权第nnnnnnn号 or its proof form")
    return normalise_number(text), match.group(2), match.group(3)


def normalise_number(text: str) -> str:
    """A number in the form to compare: no blanks, ASCII brackets and digits, no void mark."""
    folded = "".join(_fold(c) for c in text if not c.isspace())
    return re.sub(r"\([销废]\)\d*$", "", folded)


def _fold(character: str) -> str:
    """Full-width and odd brackets and full-width digits as ASCII."""
    if "\uff01" <= character <= "\uff5e":
        return chr(ord(character) - 0xFEE0)
    return {"〔": "(", "[": "(", "〕": ")", "]": ")"}.get(character, character)
