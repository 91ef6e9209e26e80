"""The cases themselves (mw_case): those of generated cases, and what tests begin, accept and end."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Iterable

from . import clock, issuers, regdb
from .cases import KINDS, Case
from .invent import Inventor

# Words of the mapping file and codes of the tables.
ROLES = {"applicant": "0", "holder": "1", "obligor": "2", "agent": "3", "guardian": "4", "spouse": "5",
         "legal-representative": "6", "other": "9"}
STATES = {"provisional": "0", "accepted": "1", "concluded": "2", "paused": "3", "refused": "4", "withdrawn": "5"}


@dataclass(frozen=True)
class Person:
    """Somebody who has a part in a case."""

    role: str  # a word of ROLES
    name: str
    code: str
    document: str = "1"  # 证件种类


def item_of(kind: str) -> str:
    """Code of the item of a kind of case."""
    return f"BDC-{KINDS[kind][1]}"


def clerk_of(case_no: str, area: str) -> str:
    """Who handles a generated case, as the office's sign-on names him."""
    return f"clerk-{area}-{int(case_no) % 4 + 1:02d}"


def provisional_number(case_no: str) -> str:
    """The number that a generated case had before it was accepted."""
    return f"YSL{case_no}"


def persons_of(case: Case) -> list[Person]:
    """The parties of a generated case, and who acts for them: the same for the same number."""
    words = {code: word for word, code in ROLES.items()}
    persons = [Person(words[p["role"]], p["xm"], p["zjh"], p["zjzl"]) for p in case.parties]
    inventor = Inventor(int(case.case_no))
    natural = [p for p in persons if p.document == "1"]
    if natural and inventor.chance.random() < 0.3:
        persons.append(Person("spouse", *inventor.person()))
    if natural and inventor.chance.random() < 0.1:
        persons.append(Person("guardian", *inventor.person()))
    if len(natural) != len(persons):
        persons.append(Person("legal-representative", *inventor.person()))
    if inventor.chance.random() < 0.5:
        persons.append(Person("agent", *inventor.person()))
    return persons


def statements_of(case: Case) -> list[str]:
    """The rows of a generated case, which is accepted and not concluded yet."""
    row = {"case_key": case.case_no, "case_no": case.case_no, "provisional_no": provisional_number(case.case_no),
           "state": STATES["accepted"], "started_at": case.events[0]["occurred_at"], "area_code": case.area,
           "unit_code": case.issuer.code, "item_code": item_of(case.kind),
           "classified": case.events[0]["classified"]}
    return [regdb.insert("mw_case", row),
            *_parts(case.case_no, persons_of(case), [clerk_of(case.case_no, case.area)])]


def _parts(case_key: str, persons: Iterable[Person], handlers: Iterable[str]) -> list[str]:
    return [*(regdb.insert("mw_case_handler", {"case_key": case_key, "handler": one}) for one in handlers),
            *(regdb.insert("mw_case_person", {"case_key": case_key, "sxh": order, "role": ROLES[one.role],
                                              "xm": one.name, "zjzl": one.document, "zjh": one.code})
              for order, one in enumerate(persons, 1))]


def ended(case_no: str, state: str) -> str:
    """The statement that ends a case: concluded, refused or withdrawn."""
    return f"UPDATE mw_case SET state = {regdb.quote(STATES[state])} WHERE case_no = {regdb.quote(case_no)};"


def begin(database: regdb.Database, number: str, persons: Iterable[Person], *, item: str, area: str, unit: str,
          handlers: Iterable[str] = (), provisional: bool = False, started: str = "") -> None:
    """A case that is open from now on, under its number or, not accepted yet, under a provisional one."""
    database.run([regdb.insert("mw_case", {
        "case_key": number, "case_no": None if provisional else number,
        "provisional_no": number if provisional else None,
        "state": STATES["provisional" if provisional else "accepted"], "started_at": started or clock.stamp(),
        "area_code": area, "unit_code": unit, "item_code": item, "classified": 0}),
        *_parts(number, persons, handlers)])


def accept(database: regdb.Database, provisional_no: str, case_no: str) -> None:
    """A provisional number becomes a case; the case keeps it."""
    database.run([f"UPDATE mw_case SET case_no = {regdb.quote(case_no)}, state = {regdb.quote(STATES['accepted'])}"
                  f" WHERE provisional_no = {regdb.quote(provisional_no)} AND case_no IS NULL;"])


def end(database: regdb.Database, case_no: str, state: str = "concluded") -> None:
    """Conclude, refuse or withdraw a case."""
    database.run([ended(case_no, state)])


def add_commands(commands: argparse._SubParsersAction) -> None:
    """The commands `registration begin|accept|end`."""
    for name, function, text in (("begin", _begin, "a case that is open from now on"),
                                 ("accept", _accept, "a provisional number becomes a case"),
                                 ("end", _end, "conclude, refuse or withdraw a case")):
        parser = commands.add_parser(name, help=text)
        parser.add_argument("--db", required=True, help="sqlite:PATH or postgresql:...")
        parser.add_argument("--case", required=True, metavar="NUMBER", help="case number")
        parser.set_defaults(run=function)
        if name == "begin":
            _add_begin_options(parser)
        elif name == "accept":
            parser.add_argument("--provisional", required=True, metavar="NUMBER")
        else:
            parser.add_argument("--state", choices=["concluded", "paused", "refused", "withdrawn"], default="concluded")


def _add_begin_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--provisional", action="store_true", help="the number was given before it was accepted")
    parser.add_argument("--item", required=True, help="item code of config/guide/items.xml")
    parser.add_argument("--area", required=True, help="of an issuer, which handles the case")
    parser.add_argument("--started", default="", help="2026-11-24 09:30:00, local time; otherwise now")
    parser.add_argument("--handler", action="append", default=[])
    parser.add_argument("--person", action="append", default=[], type=_person, metavar="ROLE,NAME,CODE[,DOCUMENT]",
                        help=f"ROLE is one of {', '.join(ROLES)}; DOCUMENT is 证件种类, otherwise 1")


def _person(text: str) -> Person:
    parts = text.split(",")
    if len(parts) not in (3, 4) or parts[0] not in ROLES:
        raise argparse.ArgumentTypeError("a person is ROLE,NAME,CODE or ROLE,NAME,CODE,DOCUMENT")
    return Person(*parts)


def _begin(options: argparse.Namespace) -> int:
    known = {one.area: one.code for one in issuers.load_issuers(issuers.default_issuers_file())}
    if options.area not in known:
        raise ValueError(f"--area: there is no issuer for {options.area}; known are {', '.join(sorted(known))}")
    begin(regdb.connect(options.db), options.case, options.person, item=options.item, area=options.area,
          unit=known[options.area], handlers=options.handler, provisional=options.provisional, started=options.started)
    return 0


def _accept(options: argparse.Namespace) -> int:
    accept(regdb.connect(options.db), options.provisional, options.case)
    return 0


def _end(options: argparse.Namespace) -> int:
    end(regdb.connect(options.db), options.case, options.state)
    return 0
