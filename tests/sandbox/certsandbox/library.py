"""What every library checks and keeps, whatever its dialect."""

from __future__ import annotations

import datetime
import json
import re
import threading
import urllib.request
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable

from . import clock, sm3
from .books import Books
from .issuers import Issuer
from .offers import Offers
from .record_rules import Rejected, Submission, check_record
from .seal_judge import SealJudge
from .types import Types

STATES = {"draft": "processing", "pending": "processing", "valid": "valid", "restricted": "restricted",
          "lost": "lost", "expired": "expired", "history": "history", "cancelled": "cancelled"}
_IDENTIFIER = re.compile(r"1\.2\.156\.3005\.2\.[0-9A-Z]{21}\.[0-9A-Z]{18}\.[0-9A-Z]{1,36}\.\d{3}\.[0-9A-Z]")


@dataclass
class Change:
    """A status change as its dialect has read it; `when` is fourteen digits of local time."""

    identifier: str
    word: str  # of the dialect
    state: str  # valid, restricted, lost, expired or cancelled
    reason: str
    when: str
    related: str = ""


@dataclass
class Received:
    """What was answered "received"; `verdict` makes the body of the callback."""

    identifier: str
    accept: bool
    content: bytes
    verdict: Callable[[bool], bytes]


@dataclass
class Library:
    """Rules and books of one library. Threads may call anything at any time."""

    books: Books
    issuers: list[Issuer]
    judge: SealJudge
    files: Path | None = None
    callback: str = ""
    offers: Offers = field(init=False)
    types: Types = field(init=False)
    _order: threading.RLock = field(default_factory=threading.RLock)
    _received: dict[str, Received] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.offers = Offers(self.books, self.files)
        self.types = Types(self.books)

    def admit(self, record: Submission, state: str, attachment: str = "") -> str:
        """Check a record with its file and hold it in `state`; its id here. Raises Rejected."""
        issuer = check_record(record, self.issuers)
        self.types.check_registered(record.type_code)
        self._check_file(record, issuer)
        library_id = uuid.uuid4().hex
        with self._order:
            self._check_known(record)
            with self.books.transaction():  # a process that is killed leaves nothing half admitted
                self._insert(record, library_id, "draft" if state == "draft" else "pending", attachment)
                if state == "valid":
                    self.publish(record.identifier, record.content)
        return library_id

    def _insert(self, record: Submission, library_id: str, state: str, attachment: str) -> None:
        with self.books.transaction() as database:
            database.execute(
                "INSERT INTO held (identifier, number, normalised, type_code, issuer_code, version, holders, area,"
                " case_no, sm3, record_sm3, size, state, library_id, received_at, attachment, issued_on)"
                " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
                (record.identifier, record.number, record.normalised, record.type_code, record.issuer_code,
                 record.version, len(record.holders), record.area, record.case_no, record.sm3, record.digest(),
                 len(record.content), state, library_id, clock.stamp(), attachment, record.issued.isoformat()))
            self.offers.keep_own(record)

    def _check_file(self, record: Submission, issuer: Issuer) -> None:
        if sm3.hexdigest(record.content) != record.sm3:
            raise Rejected("bad_file", "file.digest", "digest of the file differs from the one sent")
        problem = self.judge.problem(record, issuer)
        if problem:
            raise Rejected("bad_file", problem.rule, problem.text)

    def _check_known(self, record: Submission) -> None:
        """Refuse what is held already and versions out of order."""
        held = self.find(record.identifier)
        if held:
            with self.books.transaction() as database:
                database.execute("UPDATE held SET times_offered = times_offered + 1 WHERE identifier = ?",
                                 (record.identifier,))
            if (held["sm3"], held["record_sm3"]) != (record.sm3, record.digest()):
                raise Rejected("exists", "identifier.reused", "identifier is held with other content")
            raise Rejected("exists", "", "identifier is held already")
        newest = self.books.row("SELECT max(version) AS version FROM held WHERE normalised = ? AND type_code = ?"
                                " AND issuer_code = ?", record.normalised, record.type_code, record.issuer_code)
        last = (newest or {}).get("version") or 0
        if record.version <= last:
            raise Rejected("made_before", "version.repeated",
                           f"version {record.version} of this number under another identifier; newest is {last}")
        if record.version != last + 1:
            raise Rejected("wrong", "version.order", f"version {record.version} arrives before version {last + 1}")

    def publish(self, identifier: str, content: bytes) -> None:
        """Make a draft or pending certificate valid; older versions become history."""
        with self._order, self.books.transaction() as database:
            held = self.find(identifier)
            if held is None:
                return
            database.execute("UPDATE held SET state = 'history' WHERE normalised = ? AND type_code = ?"
                             " AND issuer_code = ? AND state IN ('valid', 'restricted', 'lost', 'expired')",
                             (held["normalised"], held["type_code"], held["issuer_code"]))
            database.execute(
                "UPDATE held SET state = 'valid', times_collected = times_collected + 1, received_at = ?,"
                " arrival = (SELECT coalesce(max(arrival), 0) + 1 FROM held) WHERE identifier = ?",
                (clock.stamp(), identifier))
        if self.files:
            (self.files / f"{identifier}.ofd").write_bytes(content)

    def drop(self, identifier: str) -> None:
        """Forget what was received and then refused."""
        with self.books.transaction() as database:
            database.execute("DELETE FROM held WHERE identifier = ? AND state IN ('draft', 'pending')", (identifier,))

    def change(self, wish: Change) -> None:
        """Change the status of what is held, in order of time. Raises Rejected when that cannot be."""
        if wish.related and not _IDENTIFIER.fullmatch(wish.related):
            raise Rejected("wrong", "status.related", "the related certificate has no identifier")
        with self._order, self.books.transaction() as database:
            held = self.find(wish.identifier)
            if held is None:
                raise Rejected("not_found", "status.before_issue", "status change for what is not held")
            _check_change(held, wish)
            database.execute("UPDATE held SET state = ?, word = ?, reason = ?, changed_at = ?, related = ?"
                             " WHERE identifier = ?", (wish.state, wish.word, wish.reason, wish.when, wish.related,
                                                       wish.identifier))
            database.execute("INSERT INTO changes (identifier, word, reason, changed_at, related) VALUES (?,?,?,?,?)",
                             (wish.identifier, wish.word, wish.reason, wish.when, wish.related))

    def find(self, identifier: str) -> dict[str, Any] | None:
        """What is held under an identifier."""
        return self.books.row("SELECT * FROM held WHERE identifier = ?", identifier)

    def issued_on(self, day: datetime.date, area: str, page: int, size: int) -> list[dict[str, Any]]:
        """A page of what is held of one day of issue; pages count from 1, an empty area is every one."""
        return self.books.rows("SELECT * FROM held WHERE issued_on = ? AND (? = '' OR area = ?) ORDER BY identifier"
                               " LIMIT ? OFFSET ?", day.isoformat(), area, area, size, (page - 1) * size)

    def count_issued_on(self, day: datetime.date, area: str) -> list[dict[str, Any]]:
        """How many of each area, type and state are held of one day of issue."""
        return self.books.rows("SELECT area, type_code, state, word, count(*) AS number FROM held WHERE issued_on = ?"
                               " AND (? = '' OR area = ?) GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
                               day.isoformat(), area, area)

    def receive(self, receipt: str, received: Received, milliseconds: int) -> None:
        """Decide after a while; at 0 before "received" is answered, below 0 only when told to."""
        with self._order:
            self._received[receipt] = received
        if milliseconds == 0:
            self.decide(receipt, received.accept)
        elif milliseconds > 0:
            timer = threading.Timer(milliseconds / 1000, self.decide, (receipt, received.accept))
            timer.daemon = True
            timer.start()

    def decide(self, receipt: str, accept: bool) -> int:
        """Accept or drop what was received and tell the callback address; the status of its answer, 0 without one.

        Saying it again, or something else, is told again."""
        received = self._received[receipt]
        held = self.find(received.identifier)
        if accept and held and held["state"] == "pending":
            self.publish(received.identifier, received.content)
        elif not accept:
            self.drop(received.identifier)
        self.books.note_request("callback", received.identifier, "accepted" if accept else "rejected", "", "")
        return self._call_back(received.identifier, received.verdict(accept)) if self.callback else 0

    def _call_back(self, identifier: str, body: bytes) -> int:
        """Post a verdict; up to five attempts, as a vendor would."""
        for attempt in range(5):
            request = urllib.request.Request(self.callback, body, {"Content-Type": "application/json; charset=UTF-8"})
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:
                    self.books.note_request("callback", identifier, str(answer.status), "", "")
                    return answer.status
            except OSError as error:
                self.books.note_request("callback", identifier, "failed", str(error), "")
                threading.Event().wait(0.2 * 2 ** attempt)
        return 0

    def receipts(self) -> dict[str, Any]:
        """What was only received, whether it is decided by now or not."""
        with self._order:
            rows = [{"receipt": receipt, "identifier": received.identifier}
                    for receipt, received in self._received.items()]
        return {"count": len(rows), "receipts": rows}

    def page(self, path: str) -> Any:
        """The /sandbox/ pages of a library."""
        if path == "/sandbox/held":
            rows = self.books.rows("SELECT * FROM held ORDER BY arrival IS NULL, arrival, received_at")
            return {"count": len(rows), "held": [_public(row) for row in rows]}
        if path == "/sandbox/receipts":
            return self.receipts()
        if path == "/sandbox/violations":
            rows = self.books.rows("SELECT at, path, identifier, rule, text FROM violations ORDER BY id")
            return {"count": len(rows), "violations": rows}
        if path == "/sandbox/requests":
            rows = self.books.rows("SELECT * FROM requests ORDER BY id DESC LIMIT 1000")
            return {"count": len(rows), "requests": rows}
        return self.types.page() if path == "/sandbox/types" else self.offers.page(path)

    def command(self, path: str, wish: dict[str, Any]) -> Any:
        """What is posted to the /sandbox/ pages of a library; None when there is no such page."""
        if path == "/sandbox/callback":
            self.callback = str(wish["address"])
            return {"callback": self.callback}
        if path == "/sandbox/receipts":
            return {"answered": self.decide(str(wish["receipt"]), bool(wish["accept"]))}
        return self.types.command(wish) if path == "/sandbox/types" else self.offers.command(path, wish)


def _check_change(held: dict[str, Any], wish: Change) -> None:
    """What may follow on what. Raises Rejected."""
    if held["state"] in ("draft", "pending"):
        raise Rejected("wrong", "status.before_publication", "status change for what is being processed")
    if held["state"] == "cancelled" and wish.state != "cancelled":
        raise Rejected("wrong", "status.after_end", "status change for what has ended")
    if held["state"] == "history" and wish.state != "cancelled":
        raise Rejected("wrong", "status.of_history", "status change for a version that was replaced")
    if held["state"] == wish.state and held["word"] in ("", wish.word) or held["state"] == "cancelled":
        raise Rejected("already", "", "in that status already")
    if held["changed_at"] and wish.when < held["changed_at"]:
        raise Rejected("wrong", "status.order", "status change from before the last one")


def _public(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the books as /sandbox/held shows it."""
    return {"identifier": row["identifier"], "number": row["number"], "normalised": row["normalised"],
            "version": row["version"], "status": STATES[row["state"]], "fileDigest": row["sm3"],
            "timesCollected": row["times_collected"], "timesOffered": row["times_offered"],
            "arrival": row["arrival"], "typeCode": row["type_code"], "issuerCode": row["issuer_code"],
            "holders": row["holders"], "areaCode": row["area"], "caseNumber": row["case_no"],
            "libraryId": row["library_id"], "receivedAt": row["received_at"], "reason": row["reason"],
            "word": row["word"], "changedAt": row["changed_at"], "related": row["related"]}


def strict_json(text: str) -> dict[str, Any]:
    """A JSON object without repeated keys. Raises ValueError."""
    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(items)
        if len(result) != len(items):
            raise ValueError("a key is repeated")
        return result
    try:
        value = json.loads(text, object_pairs_hook=pairs)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def parse_day(text: str, form: str) -> datetime.date:
    """A day in exactly this form. Raises Rejected."""
    try:
        moment = datetime.datetime.strptime(text, form)
    except (ValueError, TypeError) as error:
        raise Rejected("wrong", "date.shape", f"a date is not {form}") from error
    length = 8 if form == "%Y%m%d" else 19
    if len(text) != length or moment.time() != datetime.time(0):
        raise Rejected("wrong", "date.shape", f"a date is not {form} at midnight")
    return moment.date()
