"""A province that has something otherwise than its generation: its peculiarities, a line each (section 5 of interfaces.md)."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Callable, Iterable, TypeVar

from .province_tables import Attribute, Tables, tables_of
from .province_ways import Field, Ways

_OBLIGATIONS = {"must": True, "may": False}
_TYPES = {"text": "", "number": "%", "decimal": "#", "time": "@", "base64": "&"}
_OFTEN = {"once": "1", "some": "+", "any": "*"}
_ZONES = {"+08:00": "+08:00", "bare": ""}
_TYPE = re.compile(r"(text|number|decimal|time|base64)(?:\(([0-9]+)\))?")
_FRESH = "?"  # of an attribute whose type is not said yet
_Rules = TypeVar("_Rules")


def province_of(generation: str, peculiarities: Path | None = None) -> Tables:
    """A generation, as it is or with the peculiarities of a file; ValueError with file, line and reason."""
    if peculiarities is None:
        return tables_of(generation)
    return read(peculiarities.read_text("utf-8").splitlines(), generation, str(peculiarities))


def read(lines: Iterable[str], generation: str, name: str = "peculiarities") -> Tables:
    """A generation with the peculiarities that these lines say, in their order: each may speak of what stands above it."""
    province = _Province(tables_of(generation))
    known: dict[str, Callable[..., None]] = {
        "stand-in": province.stand_in, "between": province.between, "places": province.places, "times": province.times,
        "numbers": province.numbers, "says": province.says, "head": province.head, "list": province.code_list,
        "attribute": province.attribute, "table": province.table, "message": province.message, "called": province.called,
        "of": lambda meant: _need(meant == generation, f"these are peculiarities of {meant}, the province is of {generation}")}
    begun = False
    for number, line in enumerate(lines, 1):
        words = line.partition(" # ")[0].split()
        if not words or words[0].startswith("#"):
            continue
        try:
            _need(begun or words[0] == "of", "the first line says of which generation: of v1")
            _need(words[0] in known, f"{words[0]} is none of {', '.join(known)}")
            known[words[0]](*words[1:])
            begun = True
        except (ValueError, TypeError, re.error) as error:
            raise ValueError(f"{name}:{number}: {_reason(error)}") from None
    try:
        return province.made()
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _reason(error: Exception) -> str:
    """For people; a TypeError is Python's way to say that words are missing or too many."""
    return "there are too few or too many words" if isinstance(error, TypeError) else str(error)


def _need(held: bool, otherwise: str) -> None:
    if not held:
        raise ValueError(otherwise)


def _pairs(words: Iterable[str]) -> dict[str, str]:
    pairs = [word.partition("=") for word in words]
    for name, sign, value in pairs:
        _need(bool(sign and value), f"{name} needs = and a value")
    return {name: value for name, _, value in pairs}


def _with(rules: _Rules, words: Iterable[str]) -> _Rules:
    """Rules with other values, by the names of their fields with hyphens."""
    changes = {name.replace("-", "_"): value for name, value in _pairs(words).items()}
    known = [one.name for one in fields(rules)]  # type: ignore[arg-type]
    for name in changes:
        _need(name in known, f"{name} is none of {', '.join(known)}".replace("_", "-"))
    return replace(rules, **changes)  # type: ignore[type-var]


class _Province:
    """What is known of the province so far; one method for each kind of peculiarity, with the words of its line."""

    def __init__(self, usual: Tables) -> None:
        self._attributes = {table: dict(attributes) for table, attributes in usual.attributes.items()}
        self._messages = {rec_type: dict(often) for rec_type, often in usual.messages.items()}
        self._rights, self._codes, self._of_any_type = dict(usual.rights), dict(usual.codes), set(usual.of_any_type)
        self._ways = Ways()

    def made(self) -> Tables:
        """The province; tables of messages in the order of Data."""
        self._fields({"BizMsgID": Field(self._ways.numbers.form())})
        for table, attributes in self._attributes.items():
            _need(bool(attributes), f"the table {table} has no attributes")
            for name, rule in attributes.items():
                _need(rule.kind != _FRESH, f"{table}.{name} is new and has no type")
        return Tables(self._attributes, self._messages, self._rights, self._codes, self._of_any_type, self._ways)

    def stand_in(self, word: str) -> None:
        """In place of a text that must be there and is not known."""
        self._ways = replace(self._ways, stand_in=word)

    def between(self, sign: str) -> None:
        """Between the values of one field of the head."""
        self._ways = replace(self._ways, between=sign)

    def places(self, count: str) -> None:
        """Of decimals whose attribute does not say its own."""
        self._ways = replace(self._ways, places=int(count))

    def times(self, zone: str) -> None:
        """What is behind times of attributes."""
        _need(zone in _ZONES, "times are +08:00 or bare")
        self._ways = replace(self._ways, zone=_ZONES[zone])

    def numbers(self, *words: str) -> None:
        """Of messages that are repeated."""
        self._ways = replace(self._ways, numbers=_with(self._ways.numbers, words))

    def says(self, *words: str) -> None:
        """Codes that it answers with."""
        self._ways = replace(self._ways, says=_with(self._ways.says, words))

    def head(self, name: str, obligation: str, form: str = "", of: str = "", rec_types: str = "") -> None:
        """A field, of all messages or of RecTypes."""
        if obligation == "never":
            _need(name in self._ways.head and not form, "there is such a field, and never has no form")
            self._ways = replace(self._ways, head={one: rule for one, rule in self._ways.head.items() if one != name})
            return
        _need(obligation in _OBLIGATIONS and bool(form), "a field must or may have a form, or is there never")
        re.compile(form)
        rule = Field(form, _OBLIGATIONS[obligation])
        if not of:
            return self._fields({name: rule})
        _need(of == "of" and name in self._ways.head, "a field that is there is otherwise in messages of RecTypes")
        self._ways = replace(self._ways, head_of={**self._ways.head_of, **{(name, one): rule for one in self._known(rec_types)}})

    def _fields(self, changed: dict[str, Field]) -> None:
        self._ways = replace(self._ways, head={**self._ways.head, **changed})

    def code_list(self, name: str, how: str, *codes: str) -> None:
        """Codes of a list: more, or these alone."""
        _need(how in ("adds", "is") and bool(codes), "a list adds codes or is these")
        _need(how == "is" or name in self._codes, f"there is no list {name}")
        self._codes[name] = frozenset(codes) | (self._codes[name] if how == "adds" else frozenset())

    def attribute(self, place: str, *words: str) -> None:
        """An attribute of tables: T1,T2.A1,A2, or *.A for all tables that have it."""
        tables, _, names = place.partition(".")
        _need(bool(names) and bool(words), "an attribute is written TABLE.ATTRIBUTE, and something is said of it")
        found = [(table, name) for name in names.split(",") for table in self._tables(tables, name)]
        _need(bool(found), f"no table has {names}")
        for table, name in found:
            known = self._attributes[table].get(name)
            if words == ("never",):
                _need(known is not None, f"the table {table} has no attribute {name}")
                del self._attributes[table][name]
            else:
                self._attributes[table][name] = self._said(known or Attribute(name, False, _FRESH, 0), words)

    def _tables(self, names: str, attribute: str) -> list[str]:
        if names == "*":
            return [table for table, attributes in self._attributes.items() if attribute in attributes]
        for name in names.split(","):
            _need(name in self._attributes, f"there is no table {name}")
        return names.split(",")

    def _said(self, rule: Attribute, words: tuple[str, ...]) -> Attribute:
        for word in words:
            name, sign, value = word.partition("=")
            if typed := _TYPE.fullmatch(word):
                kind, size = _TYPES[typed[1]], int(typed[2]) if typed[2] else None
                rule = replace(rule, kind=kind, length=size or 0) if not kind else replace(rule, kind=kind, length=0, places=size)
            elif word in _OBLIGATIONS:
                rule = replace(rule, required=_OBLIGATIONS[word])
            elif name == "list" and sign:
                _need(not value or value in self._codes, f"there is no list {value}")
                rule = replace(rule, codes=value)
            elif name == "form" and value:
                re.compile(value)
                rule = replace(rule, form=value)
            else:
                raise ValueError(f"{word} says nothing of an attribute")
        return rule

    def table(self, name: str, side: str, other: str) -> None:
        """A table that is new, or stands elsewhere."""
        _need(side in ("behind", "before"), "a table is behind or before another one")
        attributes = self._attributes.pop(name, {})
        _need(other in self._attributes, f"there is no other table {other}")
        order = list(self._attributes)
        order.insert(order.index(other) + (side == "behind"), name)
        self._attributes = {one: self._attributes.get(one, attributes) for one in order}

    def message(self, rec_types: str, *words: str) -> None:
        """How often messages have tables; with right= these RecTypes are new."""
        often = _pairs(words)
        if right := often.pop("right", ""):
            self._add(rec_types, right)
        for rec_type in self._known(rec_types):
            for table, word in often.items():
                _need(table in self._attributes, f"there is no table {table}")
                _need(table != self._rights[rec_type], f"{table} is the right of {rec_type}")
                _need(word in _OFTEN or word == "never", f"{word} is none of {', '.join(_OFTEN)}, never")
                _need(word in _OFTEN or table in self._messages[rec_type], f"{rec_type} has no {table} anyway")
                self._messages[rec_type] = {**self._messages[rec_type], table: _OFTEN.get(word, "")}
            self._messages[rec_type] = {table: sign for table, sign in self._messages[rec_type].items() if sign}

    def _add(self, rec_types: str, right: str) -> None:
        _need(right in self._attributes, f"there is no table {right}")
        for rec_type in rec_types.split(","):
            _need(bool(re.fullmatch("[1-9][0-9]{6}", rec_type)) and rec_type not in self._messages, f"{rec_type} is no new RecType")
            self._messages[rec_type], self._rights[rec_type] = {right: "1"}, right

    def _known(self, rec_types: str) -> list[str]:
        for rec_type in rec_types.split(","):
            _need(rec_type in self._messages, f"there is no RecType {rec_type}")
        return rec_types.split(",")

    def called(self, place: str, name: str) -> None:
        """Another name of a table or an attribute; lines below say the new one."""
        table, dot, attribute = place.partition(".")
        _need(table in self._attributes, f"there is no table {table}")
        names = self._attributes[table] if dot else self._attributes
        _need((attribute or table) in names and name not in names, f"{place} is there and {name} is not")
        if dot:
            self._attributes[table] = {name if one == attribute else one: rule for one, rule in names.items()}
            return
        self._attributes = {name if one == table else one: rules for one, rules in names.items()}
        self._rights = {rec_type: name if right == table else right for rec_type, right in self._rights.items()}
        self._messages = {rec_type: {name if one == table else one: sign for one, sign in often.items()}
                          for rec_type, often in self._messages.items()}
