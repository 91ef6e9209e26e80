"""What messages to the province look like: the tables of both generations, from the files beside this one.

A line `TABLE: NAME|*||28 …` has a table's attributes: name, `*` when required, `#` decimal, `%` integer, `@` time or `&` Base64,
and the most characters. A line `RECTYPE … = TABLE 1, TABLE +, TABLE *` has how often each table is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path



@dataclass(frozen=True)
class Attribute:
    """One attribute; `kind` is the sign of its type, `length` 0 without a limit."""

    name: str
    required: bool
    kind: str
    length: int


@dataclass(frozen=True)
class Tables:
    """One generation: tables in their order, and for each RecType how often each table is there."""

    attributes: dict[str, dict[str, Attribute]]
    messages: dict[str, dict[str, str]]
    rights: dict[str, str]


@lru_cache
def tables_of(generation: str) -> Tables:
    """The generation "v1" or "v2"."""
    tables = Tables({}, {}, {})
    text = (Path(__file__).parent / f"province_{generation}.txt").read_text("utf-8")
    for line in filter(None, text.splitlines()):
        if " = " in line:
            _read_message(line, tables)
        else:
            name, _, rest = line.partition(":")
            tables.attributes[name] = {a.name: a for a in map(_attribute, rest.split())}
    return tables


def _read_message(line: str, tables: Tables) -> None:
    rec_types, _, rest = line.partition(" = ")
    occurs = dict(part.strip().split(" ") for part in rest.split(","))
    for rec_type in rec_types.split():
        tables.messages[rec_type] = occurs
        tables.rights[rec_type] = rest.split(" ")[0]


def _attribute(word: str) -> Attribute:
    name, required, kind, length = word.split("|")
    return Attribute(name, required == "*", kind, int(length or 0))
