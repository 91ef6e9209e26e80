"""What messages to the province look like, made of what is known of both generations in the files of province_facts.

Nothing here is taken from the profiles of CertBridge. Where the known things say too little or contradict each other, choices.txt has
a line with the reason; a test compares all of it with the profiles that are shipped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from .province_ways import Ways

_FOLDER = Path(__file__).parent / "province_facts"
_TYPE = re.compile(r"(\w+|\?)(?:\((\d+)\))?")
# Text, whole number, decimal, time and Base64, by their names in the standard and in the model of the second generation.
_KINDS = {"Char": "", "Varchar": "", "String": "", "?": "", "Int": "%", "Integer": "%", "Float": "#", "Double": "#", "Date": "@", "Blob": "&"}
# What the second generation calls otherwise.
_FIRST_NAMES = {"DJT_DJ_SL": "DJT_DJ_SLSQ", "DJF_DJ_SQ": "DJF_DJ_SQR"}
_FIELD_NAMES = {"ZD_K_103": "ZD_K", "ZH_K_105": "ZH_K"}
# How often a table is there that a message has: exactly once or at least once, all others as often as there is something to say.
_ONCE = {"DJT_DJ_SLSQ", "DJT_DJ_SL", "QLF_QL_GZDJ"}
_SOME = {"ZTT_GY_QLR", "DJF_DJ_SQR", "DJF_DJ_SQ", "KTT_ZDJBXX", "KTT_ZHJBXX", "QLF_FW_FDCQ_DZ_XM"}
_HOUSES = {"QLT_FW_FDCQ_DZ": "KTT_FW_ZRZ", "QLT_FW_FDCQ_YZ": "KTT_FW_H"}
# With fees and attachments, which one model of the second generation still has and does not send.
_PROCESS = {"v1": "DJT_DJ_SLSQ DJF_DJ_SQR DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_SZ DJF_DJ_FZ DJF_DJ_GD FJ_F_100",
            "v2": "DJT_DJ_SL DJF_DJ_SQ DJF_DJ_SJ DJF_DJ_SF DJF_DJ_SH DJF_DJ_DB DJF_DJ_FZ DJF_DJ_GD FJ_F_100"}


@dataclass(frozen=True)
class Attribute:
    """One attribute; `kind` is the sign of its type, `length` 0 without a limit, `codes` the name of its list or nothing. Only in provinces
    of their own: `places` of a decimal, `form` of a text."""

    name: str
    required: bool
    kind: str
    length: int
    codes: str = ""
    places: int | None = None
    form: str = ""


@dataclass(frozen=True)
class Tables:
    """One generation: tables in their order, for each RecType how often each table is there, the codes of each list, the RecTypes
    that are not of one registration type, and how what is in no table is written."""

    attributes: dict[str, dict[str, Attribute]]
    messages: dict[str, dict[str, str]]
    rights: dict[str, str]
    codes: dict[str, frozenset[str]]
    of_any_type: set[str]
    ways: Ways = field(default_factory=Ways)


@dataclass(frozen=True)
class Choice:
    """A line of choices.txt: what it says of which attributes, and why."""

    generation: str
    table: str
    attribute: str
    words: tuple[str, ...]
    reason: str

    def applies(self, generation: str, table: str, attribute: str) -> bool:
        """Whether it is about this attribute."""
        return self.generation in ("*", generation) and self.table in ("*", table) and self.attribute == attribute

    def made(self, attribute: Attribute) -> Attribute:
        """The attribute as it says."""
        for word in self.words:
            name, _, value = word.partition("=")
            if name == "type":
                attribute = replace(attribute, **_typed(value))
            elif name == "list":
                attribute = replace(attribute, codes=value, length=0)
            else:
                attribute = replace(attribute, required={"required": True, "optional": False}[name])
        return attribute


def lines_of(name: str) -> list[str]:
    """The lines of a file of facts, without comments."""
    return [line for line in (_FOLDER / name).read_text("utf-8").splitlines() if line and not line.startswith("#")]


@lru_cache
def choices() -> tuple[Choice, ...]:
    """The choices that were made."""
    made = []
    for line in lines_of("choices.txt"):
        what, _, reason = line.partition(" # ")
        generation, place, *words = what.split()
        table, _, attribute = place.partition(".")
        made.append(Choice(generation, table, attribute, tuple(words), reason))
    return tuple(made)


@lru_cache
def tables_of(generation: str) -> Tables:
    """The generation "v1" or "v2"."""
    return derived(generation, choices())


def derived(generation: str, made: tuple[Choice, ...]) -> Tables:
    """A generation, by these choices."""
    order = [name for line in lines_of("order.txt") if line.startswith(generation) for name in line.split()[1:]]
    attributes = {}
    for table in order:
        found = _first(table) if generation == "v1" else _second(table)
        for name in found:
            for choice in made:
                if choice.applies(generation, table, name):
                    found[name] = choice.made(found[name])
        attributes[table] = found
    tables = Tables(attributes, {}, {}, {name: codes for name, _, codes in _lists()}, set())
    for line in lines_of("messages.txt"):
        if line.startswith(generation):
            _enter_messages(line, tables, order)
    return tables


@lru_cache
def _fields(generation: str) -> dict[str, dict[str, list[str]]]:
    """Table and attribute to the words behind its name."""
    fields: dict[str, dict[str, list[str]]] = {}
    for line in lines_of(f"fields_{generation}.txt"):
        if line.startswith("["):
            table = fields.setdefault(line.strip("[]"), {})
        else:
            name, *words = line.split(" ", 3 if generation == "v1" else 2)
            table[name] = words
    return fields


@lru_cache
def _lists() -> tuple[tuple[str, str, frozenset[str]], ...]:
    lists = []
    for line in lines_of("codes.txt"):
        names, _, codes = line.partition(": ")
        name, _, label = names.partition(" ")
        lists.append((name, label, frozenset(codes.split())))
    return tuple(lists)


def _typed(written: str) -> dict[str, object]:
    name, length = _TYPE.fullmatch(written).groups()  # type: ignore[union-attr]
    return {"kind": _KINDS[name], "length": int(length or 0)}


def _coded(attribute: Attribute, label: str) -> Attribute:
    """With the list that is named as the attribute is, or as the end of its name: a limit of the length then says nothing."""
    plain = label.rstrip("0123456789")
    for name, words, _ in _lists():
        if plain.endswith(words) or (name == "SFZD" and plain.startswith("是否")):
            return replace(attribute, codes=name, length=0)
    return attribute


def _first(table: str) -> dict[str, Attribute]:
    if table not in _fields("v1"):
        return _second(table)
    found = {}
    for name, (written, obligation, *label) in _fields("v1")[table].items():
        found[name] = _coded(Attribute(name, obligation == "R", **_typed(written)), *label or [""])  # type: ignore[arg-type]
    return found


def _second(table: str) -> dict[str, Attribute]:
    """Lengths and obligations of the first generation where it has the attribute, and its type where it has one."""
    earlier = _fields("v1").get(_FIRST_NAMES.get(table, table), {})
    found = {}
    for name, (written, *label) in _fields("v2")[_FIELD_NAMES.get(table, table)].items():
        old, obligation, *_ = earlier.get(name, ["?", "-"])
        attribute = Attribute(name, obligation == "R", **_typed(written if old == "?" else old))  # type: ignore[arg-type]
        found[name] = _coded(attribute, *label or [""])
    return found


def _enter_messages(line: str, tables: Tables, order: list[str]) -> None:
    generation, kinds, tail, rights, parcel, geometry, party = (column.strip() for column in line.split("|"))
    right = rights.split()[0]
    for kind in kinds.split():
        names = rights.split() + parcel.split() + (geometry.split() if kind in "13" else [])
        names += {"PARTY": "ZTT_GY_QLR " + _PROCESS[generation], "PROCESS": _PROCESS[generation]}.get(party, party).split()
        names += ["QLF_QL_GZDJ"] if kind == "5" and generation == "v2" else []
        rec_type = f"{kind}00{tail}"
        tables.rights[rec_type] = right
        # Objections, notices and seizures are sent with what ends them, mortgages of the first generation with all of theirs.
        if kind in "678" or (kind == "9" and generation == "v1"):
            tables.of_any_type.add(rec_type)
        tables.messages[rec_type] = {name: _often(name, right) for name in order if name in names}


def _often(table: str, right: str) -> str:
    if table == right or table in _ONCE:
        return "1"
    return "+" if table in _SOME or table == _HOUSES.get(right) else "*"
