"""Commands `registration init|generate|late|report`; those of single cases are in open_cases."""

from __future__ import annotations

import argparse
import datetime
import json
import random
import threading
from pathlib import Path
from typing import Any

from . import bookings, clock, issuers, open_cases, regdb
from .cases import Case, CaseWriter
from .invent import Inventor
from .mistakes import MISTAKES, spoil

_MIX = ("transfer", "first", "transfer", "mortgage", "change", "transfer", "mortgage", "transfer", "change", "first")
_CONCLUDED_AFTER = 10  # BANJIE of a case follows the SHANZHENG of so many later cases


def add_registration(commands: argparse._SubParsersAction) -> None:
    """The command `registration` and its sub-commands."""
    group = commands.add_parser("registration", help="the registration database").add_subparsers(
        required=True, metavar="ACTION")
    for name, function, text in (("init", _init, "make the intermediate tables"),
                                 ("generate", _generate, "insert realistic cases"),
                                 ("late", _late, "insert the child rows that were held back"),
                                 ("report", _report, "what was written back, as JSON")):
        parser = group.add_parser(name, help=text)
        parser.add_argument("--db", required=True, help="sqlite:PATH or postgresql:...")
        parser.set_defaults(run=function)
        if name == "generate":
            _add_generate_options(parser)
    open_cases.add_commands(group)


def _add_generate_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--count", type=int, default=200, help="cases, the wrong ones included")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--refused", type=int, default=0, help="so many of them are wrong on purpose")
    parser.add_argument("--late", type=int, default=0, help="child rows of so many cases arrive late")
    parser.add_argument("--late-after", type=int, metavar="MS",
                        help="insert the late rows so long after the end; without it by `registration late`")
    parser.add_argument("--returned", type=int, default=0, help="so many cases get TUIHUI instead of BANJIE")
    parser.add_argument("--rate", type=float, default=0, help="cases per second; 0 is as fast as possible")
    parser.add_argument("--truth", type=Path, help="file that tells what should come of each case")
    parser.add_argument("--areas", default="", help="only issuers of these areas, by comma")
    parser.add_argument("--issuers", type=Path, default=issuers.default_issuers_file())


def make_cases(count: int, seed: int, known: list[issuers.Issuer], refused: int = 0, late: int = 0,
               returned: int = 0, first_serial: int = 0) -> list[Case]:
    """Cases in order; the same arguments give the same cases (but for the clock)."""
    if refused + late + returned > count:
        raise ValueError("--refused, --late and --returned are together more than --count")
    writer = CaseWriter(Inventor(seed), known, first_serial)
    special = _places(count, [("refused", refused), ("late", late), ("returned", returned)], seed)
    cases, mistakes = [], 0
    for index in range(count):
        what = special.get(index, "")
        if what == "refused":
            name = list(MISTAKES)[mistakes % len(MISTAKES)]
            mistakes += 1
            case = writer.make("transfer", 3 if name == "shares" else index)
            _make_whole(case, name)
            spoil(case, name)
            writer.forget(case)
        else:
            case = writer.make(_MIX[index % len(_MIX)], index)
        if what == "late":
            case.late = True
            case.features.append("child rows arrive late")
        if what == "returned":
            writer.forget(case)
            case.expected = "voided"
            case.features.append("returned")
            case.events[-1] |= {"event_type": "TUIHUI", "event_id": f"TUIHUI:{case.case_no}:1"}
        cases.append(case)
    return cases


def _make_whole(case: Case, mistake: str) -> None:
    """Leave only the one mistake: a case that is to be refused for one reason."""
    if mistake == "shares":
        owners = [p for p in case.parties if p["role"] == "1"]
        for owner in owners:
            owner["gyfs"], owner["qlbl"] = "2", f"1/{len(owners)}"


def _places(count: int, wishes: list[tuple[str, int]], seed: int) -> dict[int, str]:
    """Where in the run the special cases stand, spread by the seed."""
    order = list(range(count))
    random.Random(seed * 7919 + 1).shuffle(order)
    result = {}
    for name, number in wishes:
        for _ in range(number):
            result[order.pop()] = name
    return result


class _Feeder:
    """Writes cases with events in the order of an office."""

    def __init__(self, database: regdb.Database) -> None:
        self._database = database
        self._seq = int(database.rows("SELECT coalesce(max(seq), 0) AS n FROM mw_case_outbox")[0]["n"])
        self._late_id = int(database.rows("SELECT coalesce(max(id), 0) AS n FROM sandbox_late")[0]["n"])

    def case_statements(self, case: Case, due: list[Case]) -> list[str]:
        """Rows and first events of a case, then the last event of cases whose turn has come."""
        children = [regdb.insert("mw_case_party", row) for row in case.parties]
        now = [regdb.insert("mw_cert_image", row) for row in case.images]
        now += [regdb.insert("mw_case_right", row) for row in case.rights]
        now += [regdb.insert("mw_case_cert", row) for row in case.certificates]
        now += [regdb.insert("mw_cert_item", row) for row in case.items]
        if case.late:
            now += [self._hold_back(case, statement) for statement in children]
        else:
            now += children
        now += open_cases.statements_of(case) + bookings.statements_of(case)
        return now + [self._event(e) for e in case.events[:-1]] + [s for c in due for s in self.last_event(c)]

    def last_event(self, case: Case) -> list[str]:
        """BANJIE, or the return of the case: it is not open any more."""
        event, returned = case.events[-1], case.events[-1]["event_type"] == "TUIHUI"
        statements = [open_cases.ended(case.case_no, "withdrawn" if returned else "concluded")]
        if returned:
            statements.append(f"UPDATE mw_case_cert SET status = 0 WHERE case_no = {regdb.quote(case.case_no)};")
        return [*statements, self._event(event)]

    def _event(self, event: dict[str, Any]) -> str:
        self._seq += 1
        return regdb.insert("mw_case_outbox", {"seq": self._seq, **event, "created_at": clock.stamp()})

    def _hold_back(self, case: Case, statement: str) -> str:
        self._late_id += 1
        return regdb.insert("sandbox_late", {"id": self._late_id, "case_no": case.case_no, "statement": statement})


def feed(database: regdb.Database, cases: list[Case], rate: float) -> None:
    """Insert the cases, each as one transaction when a rate is asked for, else in blocks."""
    feeder, waiting, block = _Feeder(database), [], []
    pause = threading.Event()
    for case in cases:
        due = [waiting.pop(0)] if len(waiting) >= _CONCLUDED_AFTER else []
        block += feeder.case_statements(case, due)
        waiting.append(case)
        if rate > 0 or len(block) > 2000:
            database.run(block)
            block = []
        if rate > 0:
            pause.wait(1 / rate)
    database.run(block + [s for c in waiting for s in feeder.last_event(c)])


def insert_late(database: regdb.Database) -> int:
    """Insert all child rows that were held back; how many."""
    rows = database.rows("SELECT id, statement FROM sandbox_late ORDER BY id")
    database.run([row["statement"] for row in rows]
                 + [f"DELETE FROM sandbox_late WHERE id = {row['id']};" for row in rows])
    return len(rows)


def _init(options: argparse.Namespace) -> int:
    regdb.initialise(regdb.connect(options.db))
    return 0


def _generate(options: argparse.Namespace) -> int:
    database = regdb.connect(options.db)
    regdb.initialise(database)
    known = issuers.load_issuers(options.issuers)
    if options.areas:
        known = [i for i in known if i.area in options.areas.split(",")]
    used = database.rows("SELECT count(*) AS n FROM mw_case_cert")[0]["n"] + database.rows(
        "SELECT count(*) AS n FROM mw_case_outbox")[0]["n"]
    cases = make_cases(options.count, options.seed, known, options.refused, options.late, options.returned, int(used))
    if options.truth:
        write_truth(options.truth, options.seed, cases)
    feed(database, cases, options.rate)
    if options.late_after is not None:
        threading.Event().wait(options.late_after / 1000)
        insert_late(database)
    print(json.dumps({"cases": len(cases), "certificates": sum(len(c.certificates) for c in cases)}))
    return 0


def write_truth(path: Path, seed: int, cases: list[Case]) -> None:
    """What should come of each case."""
    counts: dict[str, int] = {}
    for case in cases:
        counts[case.expected] = counts.get(case.expected, 0) + 1
    value = {"seed": seed, "made": datetime.datetime.now(clock.ZONE).isoformat(timespec="seconds"),
             "counts": counts, "cases": [case.truth() for case in cases]}
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _late(options: argparse.Namespace) -> int:
    print(json.dumps({"rows": insert_late(regdb.connect(options.db))}))
    return 0


def results(database: regdb.Database) -> list[dict[str, Any]]:
    """All rows that were written back."""
    return database.rows("SELECT case_no, cert_id, cert_no, stage, identifier, version, file_sm3, library_id, code,"
                         " sentence, happened_at FROM mw_cert_result ORDER BY case_no, cert_id, happened_at, stage")


def _report(options: argparse.Namespace) -> int:
    print(json.dumps(results(regdb.connect(options.db)), ensure_ascii=False, indent=1, default=str))
    return 0
