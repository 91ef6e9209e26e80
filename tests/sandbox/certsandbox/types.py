"""The certificate types of a library: what it is told of them, what it publishes, and which of them it takes."""

from __future__ import annotations

import datetime
import json
import re
from dataclasses import dataclass
from typing import Any

from . import clock
from .books import Books
from .record_rules import TYPES, Rejected

_STATES = {"待审核": "submitted", "在用": "approved", "停用": "suspended"}
_HOLDERS = ("自然人", "法人", "混合")
_VALIDITY = ("长期", "使用期限", "按年")
_SHARING = ("无条件共享", "有条件共享", "不予共享")


@dataclass
class Told:
    """A version of a type as its dialect has read it."""

    code: str
    name: str
    version: int
    state: str
    effective: str
    unit_codes: list[str]
    unit_names: list[str]
    item_codes: list[str]
    item_names: list[str]
    holders: str
    several_holders: str
    several_certificates: str
    validity: str
    years: str
    template: str
    sharing: str
    fields: list[dict[str, str]]

    def document(self) -> str:
        """All of it, to tell a repetition from a change."""
        return json.dumps(vars(self), ensure_ascii=False, sort_keys=True)


class Types:
    """Threads may call anything at any time."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._closed: set[str] = set()
        self._published: dict[str, list[dict[str, str]]] = {}

    def check_registered(self, code: str) -> None:
        """Certificates of a type that is not registered are not taken. Raises Rejected."""
        if code in self._closed:
            raise Rejected("type", "", f"type {code} is not registered yet")

    def tell(self, told: Told) -> None:
        """Take a version of a type. Raises Rejected."""
        _check(told)
        with self._books.transaction() as database:
            newest = self._books.row("SELECT max(version) AS version FROM types WHERE code = ?", told.code)
            last = (newest or {}).get("version") or 0
            if told.version > last + 1:
                raise Rejected("wrong", "type.version", f"version {told.version} arrives after version {last}")
            known = self._books.row("SELECT document FROM types WHERE code = ? AND version = ? ORDER BY id DESC LIMIT 1",
                                    told.code, told.version)
            if known and known["document"] == told.document():
                raise Rejected("already", "", "the type is so already")
            database.execute("INSERT INTO types (at, code, version, state, document) VALUES (?,?,?,?,?)",
                             (clock.stamp(), told.code, told.version, _STATES[told.state], told.document()))

    def face(self, code: str) -> list[dict[str, str]]:
        """The fields that are published of a type: of its newest version. Raises Rejected."""
        if code in self._published:
            return self._published[code]
        row = self._books.row("SELECT document FROM types WHERE code = ? ORDER BY version DESC, id DESC LIMIT 1", code)
        if row is None:
            raise Rejected("type", "", f"type {code} is not registered")
        return json.loads(row["document"])["fields"]

    def page(self) -> Any:
        """What was told, oldest first."""
        rows = self._books.rows("SELECT at, code, version, state, document FROM types ORDER BY id")
        return {"count": len(rows), "types": [{**row, "document": json.loads(row["document"])} for row in rows]}

    def command(self, wish: dict[str, Any]) -> Any:
        """`registered` false: certificates of `type` are refused from now on; `fields`: publish these of it."""
        code = str(wish["type"])
        if "registered" in wish:
            (self._closed.discard if wish["registered"] else self._closed.add)(code)
        if "fields" in wish:
            self._published[code] = list(wish["fields"])
        return {"closed": sorted(self._closed)}


def _check(told: Told) -> None:
    """What every told type keeps. Raises Rejected."""
    if told.code not in TYPES:
        raise Rejected("wrong", "type.code", "the type code is not one of real estate")
    if not told.name or not told.template:
        raise Rejected("missing", "field.missing", "name or template of the type is missing")
    words = ((told.state, _STATES), (told.holders, _HOLDERS), (told.validity, _VALIDITY), (told.sharing, _SHARING),
             (told.several_holders, ("0", "1")))
    if any(word not in known for word, known in words):
        raise Rejected("wrong", "type.word", "a word of the type is not known here")
    if told.several_certificates != "1":
        raise Rejected("wrong", "type.instances", "one holder may have several certificates of real estate")
    if (told.validity == "按年") != bool(told.years):
        raise Rejected("wrong", "type.years", "years belong to a validity by years")
    if len(told.unit_codes) != len(told.unit_names) or len(told.item_codes) != len(told.item_names):
        raise Rejected("wrong", "type.lists", "codes and names of units or items are not equally many")
    if not all(re.fullmatch(r"[0-9A-Z]{18}", code) for code in told.unit_codes) or not all(told.item_codes):
        raise Rejected("wrong", "type.unit", "a unit has no credit code, or an item no code")
    try:
        datetime.datetime.strptime(told.effective, "%Y-%m-%d %H:%M:%S")
    except ValueError as error:
        raise Rejected("wrong", "date.shape", "the effective time is not yyyy-MM-dd HH:mm:ss") from error
    names = [field.get("fieldname", "") for field in told.fields]
    if not names or not all(names) or len(set(names)) != len(names):
        raise Rejected("wrong", "type.fields", "the fields of the face have no names, or one twice")


def read_told(values: dict[str, Any], names: dict[str, str], separator: str) -> Told:
    """What a dialect calls each member is in `names`. Raises Rejected."""
    unknown = set(values) - set(names.values())
    if unknown:
        raise Rejected("wrong", "field.unknown", f"unknown fields: {', '.join(sorted(unknown))}")
    texts = {ours: values.get(theirs, "") for ours, theirs in names.items()}
    lists = {ours: str(texts[ours]).split(separator) for ours in ("unit_codes", "unit_names", "item_codes", "item_names")}
    try:
        fields = json.loads(texts["fields"])
        version = int(texts["version"])
    except (ValueError, TypeError) as error:
        raise Rejected("wrong", "type.shape", "the fields are no JSON list as text, or the version no number") from error
    if not isinstance(fields, list) or not all(isinstance(field, dict) for field in fields):
        raise Rejected("wrong", "type.shape", "the fields are no list of objects")
    return Told(**{**texts, **lists, "fields": fields, "version": version})
