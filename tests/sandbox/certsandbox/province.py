"""The provincial platform: takes messages, answers late or rejects late, and keeps books."""

from __future__ import annotations

import datetime
import hashlib
import re
import threading
import time
from dataclasses import dataclass
from typing import Any, Callable
from xml.sax.saxutils import escape

from . import clock, rsa
from .books import Books
from .province_judge import Judgement, judge
from .province_numbers import Booked, Logged, finding
from .province_tables import Tables

_TABLES = """CREATE TABLE IF NOT EXISTS provincial (
  id INTEGER PRIMARY KEY, number TEXT NOT NULL, area TEXT NOT NULL, day TEXT NOT NULL, sequence INTEGER NOT NULL, rec_type TEXT NOT NULL,
  unit TEXT NOT NULL, flow TEXT NOT NULL, booked TEXT NOT NULL, sha256 TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('accepted', 'rejected')),
  code TEXT NOT NULL, words TEXT NOT NULL, times INTEGER NOT NULL DEFAULT 1, received_at TEXT NOT NULL)"""
_INDEX = "CREATE INDEX IF NOT EXISTS provincial_number ON provincial (number)"
_NUMBER = re.compile(r"([0-9]{6})([0-9]{6})([0-9]{6})([A-Z_]*)")


def _is_possible(day: str, sequence: str) -> bool:
    """Whether a day exists and has such a number."""
    try:
        datetime.datetime.strptime(day, "%y%m%d")
    except ValueError:
        return False
    return sequence != "000000"


@dataclass(frozen=True)
class Verdict:
    """What is said of a message."""

    number: str
    accepted: bool
    code: str
    words: str
    details: str = ""

    def document(self) -> bytes:
        """The response message."""
        flag = "1" if self.accepted else "2"
        fields = {"BizMsgID": self.number, "SuccessFlag": flag, "ResponseCode": self.code, "ResponseInfo": self.words,
                  "CertID": "", "QRCode": "", "AdditionalData": self.details, "AdditionalData2": ""}
        body = "".join(f"    <{name}>{escape(text)}</{name}>\n" for name, text in fields.items())
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<respond>\n{body}</respond>\n'.encode()


class Province:
    """The platform behind its transports; any thread."""

    def __init__(self, books: Books, tables: Tables, key: rsa.PublicKey | None, delay: float = 0.0) -> None:
        self.books, self._tables, self._key, self._delay = books, tables, key, delay
        self.says, self._numbers = tables.ways.says, tables.ways.numbers
        self._lock = threading.Lock()
        self._refusals: dict[str, str] = {}
        self._due: list[tuple[float, Verdict]] = []
        self.logged: Callable[[str, str], Logged] = lambda area, day: "none"  # whether the log of an area and day came
        with books.transaction() as database:
            database.execute(_TABLES)
            database.execute(_INDEX)

    def take(self, name: str, content: bytes) -> Verdict:
        """A message under the name of its file: what is said of it, now or by due()."""
        with self._lock:
            verdict = self._judged(name, content)
            self.books.note_request(name, verdict.number, verdict.code, verdict.words, "")
            self._due.append((time.monotonic() + self._delay, verdict))
            return verdict

    def due(self) -> list[Verdict]:
        """Verdicts whose time has come, each once."""
        with self._lock:
            now = time.monotonic()
            ready = [verdict for moment, verdict in self._due if moment <= now]
            self._due = [(moment, verdict) for moment, verdict in self._due if moment > now]
            return ready

    def _judged(self, name: str, content: bytes) -> Verdict:
        judgement = judge(content, self._tables, self._key)
        number = judgement.head.get("BizMsgID", "") or name.removeprefix("Biz").removesuffix(".xml")
        digest = hashlib.sha256(content).hexdigest()
        known = self.books.rows("SELECT * FROM provincial WHERE number = ? ORDER BY id DESC", number)
        if known and known[0]["sha256"] == digest:
            return self._again(known[0])
        if any(row["sha256"] == digest for row in known):
            judgement.find("报文已被后来的同号报文取代")
        parts = _NUMBER.fullmatch(number)
        if parts is None or name != f"Biz{number}.xml":
            judgement.find("文件名与 BizMsgID 不一致")
        elif not _is_possible(parts[2], parts[3]):
            judgement.find("BizMsgID 的日期或序号不存在")
        else:
            if not known and parts[4] in ("", self._numbers.late):
                self._find_double(number, judgement)
            if not judgement.findings:
                self._judge_number(number, bool(known), judgement)
        if judgement.findings:
            code = self.says.signature if judgement.signature_wrong else self.says.wrong
            for finding in judgement.findings:
                self.books.note_violation("province", number, "province.message", finding)
            verdict = Verdict(number, False, code, "报文校验不通过", "；".join(judgement.findings)[:2000])
        elif words := self._refusals.pop(judgement.head["EstateNum"], "") or self._refusals.pop("*", ""):
            verdict = Verdict(number, False, self.says.wrong, words)
        else:
            verdict = Verdict(number, True, self.says.accepted, "成功")
        if parts is not None:
            self._enter(verdict, parts, judgement.head, digest)
        return verdict

    def _find_double(self, number: str, judgement: Judgement) -> None:
        """The same right of a case on a unit, accepted under another number; with and without "-1" is the same."""
        flow = judgement.head.get("RecFlowID", "")
        for row in self.books.rows("SELECT number, flow FROM provincial WHERE unit = ? AND rec_type = ? AND state = 'accepted'",
                                   judgement.head.get("EstateNum", ""), judgement.head.get("RecType", "")):
            if flow == row["flow"] and self._numbers.update == "new":
                continue  # its update
            if flow == row["flow"] or flow.startswith(row["flow"] + "-") or row["flow"].startswith(flow + "-"):
                judgement.find(f"业务数据重复：已以 {row['number']} 接入（{number}）")

    def _judge_number(self, number: str, is_known: bool, judgement: Judgement) -> None:
        head = judgement.head
        logged = self.logged(head["EstateNum"][:6], head["CreateDate"][:10])
        if wrong := finding(self.books, number, Booked(head["EstateNum"], head["RecFlowID"]), logged, self._numbers):
            judgement.find(f"报文编号重复，内容不同；{wrong}" if is_known else wrong)

    def _again(self, known: dict[str, Any]) -> Verdict:
        with self.books.transaction() as database:
            database.execute("UPDATE provincial SET times = times + 1 WHERE id = ?", (known["id"],))
        return Verdict(known["number"], known["state"] == "accepted", known["code"], known["words"])

    def _enter(self, verdict: Verdict, parts: re.Match[str], head: dict[str, str], digest: str) -> None:
        values = (verdict.number, parts[1], parts[2], int(parts[3]), head.get("RecType", ""), head.get("EstateNum", ""),
                  head.get("RecFlowID", ""), head.get("CreateDate", "")[:10].replace("-", ""), digest, "accepted" if verdict.accepted else "rejected", verdict.code,
                  verdict.words, clock.stamp())
        with self.books.transaction() as database:
            database.execute("INSERT INTO provincial (number, area, day, sequence, rec_type, unit, flow, booked, sha256, state,"
                             " code, words, received_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", values)

    def gaps(self) -> list[str]:
        """Numbers of 18 digits that lie below the highest of their area and day and never came; what is late has one of its own, other suffixes
        repeat one."""
        missing, late = [], self._numbers.late
        for row in self.books.rows("SELECT area, day, max(sequence) AS top FROM provincial WHERE length(number) = 18"
                                   " GROUP BY area, day"):
            came = {r["sequence"] for r in self.books.rows(
                "SELECT sequence FROM provincial WHERE area = ? AND day = ? AND (length(number) = 18 OR substr(number, 19) = ?)",
                row["area"], row["day"], late)}
            missing += [f"{row['area']}{row['day']}{n:06}" for n in range(1, row["top"]) if n not in came]
        return missing

    def refuse(self, unit: str, words: str) -> None:
        """Reject the next message about a unit, whatever it is; "*": about any unit."""
        with self._lock:
            self._refusals[unit] = words or "业务数据重复"

    def reject_late(self, number: str, words: str) -> bool:
        """Take back an acceptance: a second verdict on the same message."""
        with self._lock, self.books.transaction() as database:
            changed = database.execute("UPDATE provincial SET state = 'rejected', code = ?, words = ? WHERE number = ?"
                                       " AND state = 'accepted'", (self.says.wrong, words or "部级校验不通过", number)).rowcount
            if changed:
                self._due.append((0.0, Verdict(number, False, self.says.wrong, words or "部级校验不通过")))
            return changed > 0

    def page(self, path: str) -> Any:
        """The /sandbox/ pages."""
        if path == "/sandbox/messages":
            return {"messages": self.books.rows("SELECT * FROM provincial ORDER BY area, day, sequence, id")}
        if path == "/sandbox/gaps":
            return {"gaps": self.gaps()}
        if path == "/sandbox/violations":
            rows = self.books.rows("SELECT at, identifier, rule, text FROM violations ORDER BY id")
            return {"count": len(rows), "violations": rows}
        return None

    def command(self, path: str, wish: dict[str, Any]) -> Any:
        """What is posted to a /sandbox/ page."""
        if path == "/sandbox/refuse":
            self.refuse(str(wish["unit"]), str(wish.get("words", "")))
            return {"refused": wish["unit"]}
        if path == "/sandbox/reject-late":
            return {"rejected": self.reject_late(str(wish["number"]), str(wish.get("words", "")))}
        return None


class Periodically:
    """Calls something again and again in a thread of its own, until stopped."""

    def __init__(self, pause: float, action: Callable[[], None]) -> None:
        self._stop, self._pause, self._action = threading.Event(), pause, action
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(self._pause):
            self._action()

    def stop(self) -> None:
        """Returns once the last call has ended."""
        self._stop.set()
        self._thread.join()
