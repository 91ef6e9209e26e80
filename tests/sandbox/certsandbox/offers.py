"""What a library offers to those who ask: its own certificates and other authorities', their files, and who used them."""

from __future__ import annotations

import json
import secrets
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from . import clock, numbers, sm3
from .books import Books
from .foreign import TYPES, ForeignAuthorities, ForeignCertificate, as_page
from .record_rules import TYPES as OWN_TYPES
from .record_rules import Holder, Rejected, Submission

_PASS_LIFE = 300.0
_LONGEST_WORD = 200


@dataclass
class Offer:
    """One certificate as it is told to those who ask, without the dialect."""

    identifier: str
    number: str
    type_code: str
    type_name: str
    version: int
    holders: list[Holder]
    issuer_name: str
    issuer_code: str
    issued: str  # yyyy-mm-dd, as the next two; "" for none
    valid_from: str
    valid_to: str
    face: dict[str, Any]
    state: str
    word: str  # of the dialect, where one was told; else ""
    file_id: str  # "" when there is no file
    sm3: str


@dataclass
class Use:
    """Why and for whom somebody asks."""

    operation: str
    purpose: str
    item: str
    basis: str
    unit: str
    person: str


@dataclass
class Offers:
    """Books of what is offered. Threads may call anything at any time."""

    books: Books
    files: Path | None = None
    by: str = "base64"  # how files are given: "base64" or "address"
    base: str = "http://10.1.2.3:8080/temp/"  # what addresses begin with
    _authorities: ForeignAuthorities = field(default_factory=ForeignAuthorities)
    _foreign: dict[str, ForeignCertificate] = field(default_factory=dict)
    _passes: dict[str, tuple[float, bytes]] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def keep_own(self, record: Submission) -> None:
        """Write down the record of a certificate that is collected."""
        data = {name: value for name, value in vars(record).items() if name != "content"}
        data["holders"] = [asdict(holder) for holder in record.holders]
        self._keep(record.identifier, record.number, [h.code for h in record.holders],
                   json.dumps(data, default=str, ensure_ascii=False))

    def _keep(self, identifier: str, number: str, codes: list[str], record: str) -> None:
        with self.books.transaction() as database:
            database.execute("INSERT OR REPLACE INTO offered VALUES (?,?,?)",
                             (identifier, numbers.normalise_number(number), record))
            database.execute("DELETE FROM offered_holders WHERE identifier = ?", (identifier,))
            database.executemany("INSERT INTO offered_holders VALUES (?,?)", [(code, identifier) for code in set(codes)])

    def keep_foreign(self, certificates: list[ForeignCertificate]) -> None:
        """Take certificates of other authorities up."""
        with self._lock:
            for certificate in certificates:
                self._foreign[certificate.identifier] = certificate
                self._keep(certificate.identifier, certificate.number, [h.code for h in certificate.holders], "")

    def by_holder(self, code: str, types: list[str]) -> list[Offer]:
        """What a holder has now, earlier versions left out."""
        rows = self.books.rows("SELECT identifier FROM offered_holders WHERE code = ? ORDER BY identifier", code)
        return self._wanted(rows, types)

    def by_number(self, number: str, types: list[str]) -> list[Offer]:
        """What stands under a number now, earlier versions left out."""
        rows = self.books.rows("SELECT identifier FROM offered WHERE folded = ? ORDER BY identifier",
                               numbers.normalise_number(number))
        return self._wanted(rows, types)

    def by_identifier(self, identifier: str) -> Offer | None:
        """What stands under an identifier, also when a later version took its place."""
        row = self.books.row("SELECT record FROM offered WHERE identifier = ?", identifier)
        if row is None:
            return None
        foreign = self._foreign.get(identifier)
        return _of_foreign(foreign) if foreign else self._of_own(identifier, row["record"])

    def _wanted(self, rows: list[dict[str, Any]], types: list[str]) -> list[Offer]:
        known = {kind.code for kind in TYPES} | set(OWN_TYPES)
        if set(types) - known:
            raise Rejected("type", "type.unknown", "a type that is asked for is not published")
        offers = [offer for row in rows if (offer := self.by_identifier(row["identifier"]))]
        return [offer for offer in offers if offer.state != "history" and (not types or offer.type_code in types)]

    def _of_own(self, identifier: str, record: str) -> Offer | None:
        held = self.books.row("SELECT state, word, sm3 FROM held WHERE identifier = ?", identifier)
        if held is None or held["state"] in ("draft", "pending"):
            return None
        data = json.loads(record)
        has_file = self.files is not None and (self.files / f"{identifier}.ofd").exists()
        return Offer(identifier, data["number"], data["type_code"], data["type_name"], data["version"],
                     [Holder(**holder) for holder in data["holders"]], data["issuer_name"], data["issuer_code"],
                     data["issued"], data["valid_from"] or "", data["valid_to"] or "", data["extension"],
                     held["state"], held["word"], _file_id(identifier) if has_file else "", held["sm3"])

    def content(self, offer: Offer) -> bytes:
        """The file of what is offered. Raises Rejected."""
        foreign = self._foreign.get(offer.identifier)
        if foreign:
            return foreign.content()
        if not offer.file_id or self.files is None:
            raise Rejected("not_found", "", "there is no file of it")
        return (self.files / f"{offer.identifier}.ofd").read_bytes()

    def file(self, file_id: str, identifier: str) -> Offer:
        """Whose file it is. Raises Rejected."""
        offer = self.by_identifier(identifier)
        if offer is None or offer.file_id != file_id:
            raise Rejected("not_found", "", "no such file")
        return offer

    def address(self, content: bytes) -> str:
        """A new address at which the content lies once, for five minutes."""
        name = secrets.token_hex(16)
        with self._lock:
            self._passes[name] = (time.monotonic() + _PASS_LIFE, content)
        return self.base + name

    def take(self, name: str) -> bytes | None:
        """What lies at an address, the first time and in time."""
        with self._lock:
            expiry, content = self._passes.pop(name, (0.0, b""))
        return content if time.monotonic() < expiry else None

    def of_digest(self, digest: str) -> Offer | None:
        """The certificate whose file has this digest."""
        held = self.books.row("SELECT identifier FROM held WHERE sm3 = ?", digest)
        if held:
            return self.by_identifier(held["identifier"])
        for foreign in list(self._foreign.values()):
            if foreign.digest == digest:
                return _of_foreign(foreign)
        return None

    def note_use(self, use: Use, caller: str, holder: str, found: list[str]) -> None:
        """Write down who asked, why, and what was found."""
        with self.books.transaction() as database:
            database.execute(
                "INSERT INTO uses (at, operation, caller, unit, person, purpose, item, basis, holder, found)"
                " VALUES (?,?,?,?,?,?,?,?,?,?)",
                (clock.stamp(), use.operation, caller, use.unit, use.person, use.purpose, use.item, use.basis,
                 sm3.hexdigest(holder.encode()) if holder else "", json.dumps(found)))

    def logged(self, day: str, page: int, size: int) -> list[dict[str, Any]]:
        """The uses of a day (yyyy-mm-dd), one entry for each certificate that was found; pages from 1."""
        entries = []
        for use in self.books.rows("SELECT * FROM uses WHERE at BETWEEN ? AND ? ORDER BY id", day, day + "~"):
            for place, identifier in enumerate(json.loads(use["found"]) or [""], 1):
                offer = self.by_identifier(identifier)
                entries.append(use | {"id": f"{use['id']}-{place}", "identifier": identifier,
                                      "type_code": offer.type_code if offer else ""})
        return entries[(page - 1) * size:page * size]

    def page(self, path: str) -> Any:
        """The /sandbox/ pages of what is offered."""
        if path == "/sandbox/foreign":
            rows = [as_page(certificate) for certificate in list(self._foreign.values())]
            return {"count": len(rows), "foreign": rows}
        if path == "/sandbox/uses":
            rows = self.books.rows("SELECT * FROM uses ORDER BY id DESC LIMIT 10000")
            return {"count": len(rows), "uses": [row | {"found": json.loads(row["found"])} for row in rows]}
        return None

    def command(self, path: str, wish: dict[str, Any]) -> Any:
        """What is posted to them; None when there is no such page."""
        if path == "/sandbox/foreign":
            if "identifier" in wish:
                made = [self._foreign[str(wish["identifier"])]]
                made[0].state = str(wish["state"])
            elif "some" in wish:
                made = self._authorities.some(int(wish["some"]), int(wish.get("companies", 0)))
            else:
                holders = [Holder(one["name"], one["code"], one["kind"]) for one in wish["holders"]]
                made = self._authorities.issue(holders, list(wish.get("types", [])), wish.get("state", "valid"),
                                               int(wish.get("bytes", 0)))
            self.keep_foreign(made)
            return {"count": len(made), "foreign": [as_page(certificate) for certificate in made]}
        if path == "/sandbox/uses":
            use = read_use(str(wish["operation"]), wish, ())
            self.note_use(use, str(wish["caller"]), "", [str(one) for one in wish.get("found", [])])
            return {"count": 1}
        if path == "/sandbox/files":
            if wish.get("by") not in ("base64", "address"):
                raise ValueError("by must be base64 or address")
            self.by, self.base = wish["by"], str(wish.get("base", self.base))
            return {"by": self.by, "base": self.base}
        return None


def _file_id(identifier: str) -> str:
    """What a file is asked for by; nobody guesses it from the identifier."""
    return sm3.hexdigest(b"file of " + identifier.encode())[:32]


def _of_foreign(it: ForeignCertificate) -> Offer:
    return Offer(it.identifier, it.number, it.type.code, it.type.name, 1, it.holders, it.type.issuer,
                 it.type.issuer_code, it.issued.isoformat(), it.issued.isoformat(),
                 it.valid_to.isoformat() if it.valid_to else "", dict(it.face), it.state, "",
                 _file_id(it.identifier), it.digest)


def read_use(operation: str, words: dict[str, Any], needs: tuple[str, ...]) -> Use:
    """A use from the words of a dialect. Raises Rejected for what is missing or cannot be."""
    for name in ("purpose", "item", "basis", "unit", "person"):
        word = words.get(name, "")
        if not isinstance(word, str) or len(word) > _LONGEST_WORD:
            raise Rejected("wrong", "use.shape", f"{name} of the use is not a text of at most {_LONGEST_WORD}")
        if name in needs and not word.strip():
            raise Rejected("missing", f"use.{name}", f"{name} of the use is missing")
    return Use(operation, *(words.get(name, "") for name in ("purpose", "item", "basis", "unit", "person")))


def shaped(entries: list[dict[str, Any]], fault: str) -> Any:
    """A list as this library has it, or as a fault wants it: one object, a text of JSON, or nothing."""
    if fault in ("data-empty", "data-null") or not entries:
        return None if fault == "data-null" else ""
    if fault == "data-object" and len(entries) == 1:
        return entries[0]
    return json.dumps(entries, ensure_ascii=False) if fault == "data-text" else entries
