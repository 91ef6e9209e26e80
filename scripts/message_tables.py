#!/usr/bin/env python3
"""Tables of a 中间库 in the shape of the messages to a provincial platform, and the queries that read them, from a profile.

    scripts/message_tables.py                                  write both generations to config/registration/
    scripts/message_tables.py --check                          fail unless they are there as they would be written
    scripts/message_tables.py --profile P.xml [--patch Q.xml] --out FOLDER   the same for a province of one's own

One table for each table of the messages, with the same columns, and `mw_booked_message` with a row for each message; the
attributes that a patch adds are columns too. docs/guides/message-tables.md is for whoever fills them.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[1]
PROFILES = ROOT / "plugins" / "provincial_platform" / "profiles"
SHIPPED = ("v1", "v2")
PROFILE = "{urn:certbridge:provincial-profile:1}"
PATCH = "{urn:certbridge:provincial-patch:1}"
INDEX = "mw_booked_message"
KEYS = frozenset(("booking", "case_no", "row_no"))  # columns of every table that are none of the message
WIDTH = 150


class Refused(Exception):
    """A profile or patch that no tables can be made of; the text says why."""


@dataclass
class Table:
    """A table of the messages: its columns, each with what whoever fills it has to know."""

    name: str
    columns: dict[str, str] = field(default_factory=dict)
    rules: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, attribute: ElementTree.Element) -> None:
        """One attribute of the profile or of a patch."""
        column = attribute.get("name").lower()
        if column in KEYS or column in self.columns:
            raise Refused(f"{self.name}: two columns would be called {column}")
        self._set(column, dict(attribute.attrib))

    def change(self, attribute: ElementTree.Element) -> None:
        """Another rule of an attribute: what is left out stays."""
        column = self._known(attribute.get("name"))
        self._set(column, {**self.rules[column], **attribute.attrib})

    def leave_out(self, name: str) -> None:
        """An attribute that the province does not have."""
        del self.columns[self._known(name)]

    def _known(self, name: str) -> str:
        if name.lower() not in self.columns:
            raise Refused(f"{self.name}: has no attribute {name}")
        return name.lower()

    def _set(self, column: str, rule: dict[str, str]) -> None:
        self.rules[column] = rule
        self.columns[column] = remark(rule)


@dataclass
class Generation:
    """What is read of a profile."""

    name: str
    sources: list[str]
    head: list[str]
    tables: list[Table]
    messages: list[ElementTree.Element]


def remark(attribute: dict[str, str]) -> str:
    """Label, obligation, list and length of an attribute in one line."""
    parts = [attribute.get("label", "")]
    if attribute.get("otherwise"):
        parts.append(f"otherwise {attribute.get('otherwise')}")
    elif attribute.get("required") == "yes" and attribute.get("otherwise") is None:
        parts.append("required")
    kind = attribute.get("type", "text")
    if attribute.get("codes"):
        parts.append(f"a code of {attribute.get('codes')}")
    elif kind != "text":
        parts.append({"binary": "Base64"}.get(kind, kind))
    elif attribute.get("length", "0") != "0":
        parts.append(f"at most {attribute.get('length')} characters")
    return ", ".join(part for part in parts if part)


def read_generation(profile: Path, patch: Path | None) -> Generation:
    """A profile and, when there is one, the patch of a province over it."""
    root = ElementTree.parse(profile).getroot()
    if root.tag != PROFILE + "profile":
        raise Refused(f"{profile}: is no profile of messages")
    head = [one.get("name").lower() for one in root.iter(PROFILE + "field")
            if one.get("constant") is None and one.get("from") is None]
    tables = []
    for element in root.find(PROFILE + "tables"):
        tables.append(Table(element.get("name")))
        for attribute in element:
            tables[-1].add(attribute)
    generation = Generation(root.get("name"), [profile.name], head, tables, list(root.find(PROFILE + "messages")))
    if patch:
        apply_patch(generation, patch)
    return generation


def apply_patch(generation: Generation, patch: Path) -> None:
    """What the province changes in tables and kinds of messages: facts keep the names of the profile, so what it renames changes
    nothing, and a value that it sets is no column of less."""
    root = ElementTree.parse(patch).getroot()
    if root.tag != PATCH + "patch" or root.get("profile") != generation.name:
        raise Refused(f"{patch}: is no patch of the profile {generation.name}")
    for change in root:
        match change.tag.removeprefix(PATCH):
            case "field":
                if change.get("constant") is None and change.get("from") is None:
                    generation.head.append(change.get("name").lower())
            case "attribute":
                for table in named(generation, patch, change):
                    table.add(change)
            case "change-attribute":
                for table in named(generation, patch, change):
                    table.change(change)
            case "leave-out":
                for table in named(generation, patch, change):
                    table.leave_out(change.get("attribute"))
            case "table":
                generation.tables.append(Table(change.get("name")))
                for attribute in change:
                    generation.tables[-1].add(attribute)
            case "message":
                generation.messages.append(change)
            case "change-message":
                change_messages(generation, change)
    generation.sources.append(patch.name)


def named(generation: Generation, patch: Path, change: ElementTree.Element) -> list[Table]:
    """The tables that a change is about."""
    tables = {table.name: table for table in generation.tables}
    for name in change.get("table").split():
        if name not in tables:
            raise Refused(f"{patch}: the profile has no table {name}")
    return [tables[name] for name in change.get("table").split()]


def change_messages(generation: Generation, change: ElementTree.Element) -> None:
    """Other tables of some kinds of messages; one that is changed stands alone from then on."""
    wanted = change.get("rec-types").split()
    for message in list(generation.messages):
        kinds = message.get("rec-types").split()
        for kind in [kind for kind in kinds if kind in wanted]:
            kinds.remove(kind)
            alone = ElementTree.Element(message.tag, {**message.attrib, "rec-types": kind})
            for often in ("one", "some", "any", "none"):
                for table in (change.get(often) or "").split():
                    move_table(alone, table, often)
            generation.messages.append(alone)
        message.set("rec-types", " ".join(kinds))
    generation.messages = [message for message in generation.messages if message.get("rec-types")]


def move_table(message: ElementTree.Element, table: str, often: str) -> None:
    """How often a message has a table: "one", "some", "any", "none"."""
    for key in ("one", "some", "any"):
        names = [name for name in (message.get(key) or "").split() if name != table]
        message.set(key, " ".join(names + ([table] if key == often else [])))


# The tables.

def wrapped(text: str, first: str, next_ones: str) -> list[str]:
    """Lines that are not too long, with what stands in front of them."""
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=next_ones, break_long_words=False,
                         break_on_hyphens=False)


def which_tables(generation: Generation) -> list[str]:
    """For each kind of message which tables have rows of it."""
    lines = []
    for message in generation.messages:
        once = " ".join(filter(None, (message.get("right"), message.get("one"))))
        text = f"{message.get('rec-types')} {message.get('label', '')}: once {once}"
        for words, often in (("some", "at least once"), ("any", "perhaps")):
            if message.get(words):
                text += f"; {often} {message.get(words)}"
        lines += wrapped(text, "--   ", "--     ")
    return lines


def create(name: str, columns: list[tuple[str, str]], key: str) -> list[str]:
    """A statement with a remark behind each column."""
    lines = [f"CREATE TABLE {name} ("]
    for column, about in columns:
        lines.append(f"  {column}," + (f"  -- {about}" if about else ""))
    return [*lines, f"  PRIMARY KEY ({key})", ");"]


def index_table(generation: Generation) -> list[str]:
    """The table with a row for each message."""
    columns = [("case_no VARCHAR(50) NOT NULL", "业务号, as in the event"),
               ("booking VARCHAR(36) NOT NULL", "the right on the unit: one value for each message of the case"),
               ("classified SMALLINT NOT NULL DEFAULT 0", "涉密: 1 is never reported"),
               ("zszmh TEXT", "number of the certificate or proof, for the daily log"),
               ("rectype TEXT", "RecType; may be empty: then it follows from regtype and the table of the right"),
               *((name + " TEXT", {"createdate": "登簿时间, as 2026-11-24 09:30:00", "recflowid": "业务号",
                                   "estatenum": "不动产单元号"}.get(name, "")) for name in generation.head)]
    lines = ["-- One row for each message: what stands in its Head.", *create(INDEX, columns, "case_no, booking")]
    for name in ("createdate", "estatenum"):
        lines.append(f"CREATE INDEX ix_booked_message_{name} ON {INDEX} ({name});")
    return lines


def message_table(table: Table) -> list[str]:
    """One table of the messages."""
    columns = [("case_no VARCHAR(50) NOT NULL", ""), ("booking VARCHAR(36) NOT NULL DEFAULT ''", ""),
               ("row_no INTEGER NOT NULL DEFAULT 1", ""), *((name + " TEXT", about) for name, about in table.columns.items())]
    return create(table.name.lower(), columns, "case_no, booking, row_no")


def source_of(generation: Generation) -> str:
    return f"Written by scripts/message_tables.py from {' and '.join(generation.sources)}"


def tables_text(generation: Generation) -> str:
    """The file of CREATE statements: SQLite and PostgreSQL."""
    about = ("Tables in the shape of the messages to a provincial platform, in a schema of their own: one for each table of the"
             " messages, with the same columns. A row is of the message with the same case_no and booking; with an empty booking it"
             " is of every message of the case. row_no is its place among the rows of its table. Values are text, so that one that is"
             " wrong is refused with a sentence instead of failing the transaction of the case; numbers and times may be inserted as"
             " such. The rows are written in one transaction with the event of the case, before it: docs/guides/message-tables.md.")
    lines = [f"-- {source_of(generation)}: change nothing here.", "--", *wrapped(about, "-- ", "-- "), "--",
             "-- Which tables have rows of a message:", *which_tables(generation), "", *index_table(generation)]
    for table in generation.tables:
        lines += ["", *message_table(table)]
    return "\n".join(lines) + "\n"


# The queries.

def query(name: str, columns: list[str], rest: str) -> list[str]:
    """A query whose lines are not too long."""
    sql = f"SELECT {', '.join(columns)} {rest}"
    text = f'<query name="{name}">{escape(sql)}</query>'
    return wrapped(text, "    ", "      ")


def register_query() -> list[str]:
    """What was booked on a day in an area."""
    return query("register", ["booking", "case_no AS ywh", "regtype AS djlx", "righttype AS qllx", "estatenum AS bdcdyh", "zszmh"],
                 f"FROM {INDEX} WHERE createdate >= :day AND createdate < :next_day AND SUBSTR(estatenum, 1, 6) = :area"
                 " AND classified = 0 ORDER BY case_no, booking")


def queries_text(generation: Generation) -> str:
    """The file of named queries."""
    about = (f"<!-- {source_of(generation)}: change nothing here. What a provincial platform is told of a case, in one snapshot, from"
             f" tables in the shape of its messages (message-tables-{generation.name}.sql), and what was booked on a day. -->")
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', *wrapped(about, "", "     "),
             '<queries xmlns="urn:certbridge:sql-queries:1">', '  <group name="booking">',
             *query("head", ["booking", "rectype", *generation.head],
                    f"FROM {INDEX} WHERE case_no = :case_no AND classified = 0 ORDER BY booking")]
    for table in generation.tables:
        lines += query(table.name, ["booking", *table.columns],
                       f"FROM {table.name.lower()} WHERE case_no = :case_no ORDER BY booking, row_no")
    lines += ["  </group>", '  <group name="booked-day">', *register_query(), "  </group>", "</queries>"]
    return "\n".join(lines) + "\n"


# The command.

def files_of(generation: Generation, folder: Path) -> dict[Path, str]:
    """Both files of a generation."""
    stem = f"message-tables-{generation.name}"
    return {folder / f"{stem}.sql": tables_text(generation), folder / f"{stem}.xml": queries_text(generation)}


def wanted_files(options: argparse.Namespace) -> dict[Path, str]:
    """What should be there, by its place."""
    if options.profile:
        return files_of(read_generation(options.profile, options.patch), options.out)
    files = {}
    for name in SHIPPED:
        files |= files_of(read_generation(PROFILES / f"{name}.xml", None), options.out)
    return files


def differing(files: dict[Path, str]) -> list[Path]:
    """Those that are not there, or are there with another text."""
    return [path for path, text in files.items() if not path.exists() or path.read_text("utf-8") != text]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 when a file is not up to date")
    parser.add_argument("--profile", type=Path, help="a profile of one's own instead of the shipped ones")
    parser.add_argument("--patch", type=Path, help="what the province does differently; with --profile")
    parser.add_argument("--out", type=Path, default=ROOT / "config" / "registration", help="folder of the files")
    options = parser.parse_args()
    if options.patch and not options.profile:
        parser.error("--patch is a patch of a profile: name that too (--profile)")
    try:
        files = wanted_files(options)
    except (Refused, OSError, ElementTree.ParseError) as wrong:
        print(f"message_tables: {wrong}", file=sys.stderr)
        return 2
    old = differing(files)
    for path in old:
        if options.check:
            print(f"{path}: is not what the profile says; run scripts/message_tables.py", file=sys.stderr)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[path], "utf-8")
            print(f"{path}: written")
    return 1 if options.check and old else 0


if __name__ == "__main__":
    sys.exit(main())
