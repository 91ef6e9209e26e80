"""The province's books of daily logs (登簿日志): versions, what they say against its own books, and days that lack one."""

from __future__ import annotations

import datetime
import hashlib
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from . import clock, rsa
from .books import Books
from .front_folder import put_down, take_away
from .http_server import Application, Request, Response, json_response
from .province_daily_judge import DailyJudgement, judge_daily
from .province_numbers import Booked, Logged, in_effect
from .province_ways import Numbers

_LOGS = """CREATE TABLE IF NOT EXISTS daily_logs (
  number TEXT PRIMARY KEY, area TEXT NOT NULL, day TEXT NOT NULL, version INTEGER NOT NULL, registered INTEGER NOT NULL,
  accessed INTEGER NOT NULL, sha256 TEXT NOT NULL, code TEXT NOT NULL, words TEXT NOT NULL, alarm TEXT NOT NULL,
  late INTEGER NOT NULL, times INTEGER NOT NULL DEFAULT 1, received_at TEXT NOT NULL)"""
_ACCESSES = "CREATE TABLE IF NOT EXISTS daily_accesses (log TEXT NOT NULL, number TEXT NOT NULL, PRIMARY KEY (log, number))"
# Bookings of an area and day that were accepted here and stand in no accepted log of the day: of none of several messages about
# one booking.
_OMITTED = """SELECT m.number, m.unit, m.booked FROM provincial m WHERE m.state = 'accepted' AND substr(m.unit, 1, 6) = ? AND m.booked = ?
  AND NOT EXISTS (SELECT 1 FROM provincial n JOIN daily_accesses a ON a.number = n.number JOIN daily_logs l ON l.number = a.log
    WHERE n.unit = m.unit AND n.flow = m.flow AND n.rec_type = m.rec_type AND n.state = 'accepted'
    AND l.code = '0200' AND l.area = ? AND l.day = ? AND l.version = (SELECT max(version) FROM daily_logs
      WHERE area = l.area AND day = l.day AND code = '0200')) ORDER BY m.number"""
_DEADLINE = datetime.timedelta(hours=33)  # since the beginning of the day
_ACCEPTED = "0200"


@dataclass(frozen=True)
class DailyReply:
    """What is said of a log."""

    number: str
    code: str
    words: str

    def document(self) -> bytes:
        """The reply message."""
        return (f'<?xml version="1.0" encoding="UTF-8"?>\n<RespondLog><responseLogCode>{self.code}</responseLogCode>'
                f"<responseLogInfo>{escape(self.words)}</responseLogInfo></RespondLog>\n").encode()


class DailyLogs:
    """Takes logs and keeps books of them; any thread."""

    def __init__(self, books: Books, key: rsa.PublicKey | None, delay: float = 0.0, numbers: Numbers = Numbers()) -> None:
        self._books, self._key, self._delay, self._numbers = books, key, delay, numbers
        self._lock = threading.Lock()
        self._refusals: dict[tuple[str, str], str] = {}
        self._since: dict[str, str] = {}
        self._due: list[tuple[float, DailyReply]] = []
        with books.transaction() as database:
            database.execute(_LOGS)
            database.execute(_ACCESSES)

    def take(self, name: str, content: bytes) -> DailyReply:
        """A log under the name of its file."""
        with self._lock:
            reply = self._judged(name, content)
            self._books.note_request(name, reply.number, reply.code, reply.words, "")
            self._due.append((time.monotonic() + self._delay, reply))
            return reply

    def due(self) -> list[DailyReply]:
        """Replies whose time has come, each once."""
        with self._lock:
            now = time.monotonic()
            ready = [reply for moment, reply in self._due if moment <= now]
            self._due = [(moment, reply) for moment, reply in self._due if moment > now]
            return ready

    def _judged(self, name: str, content: bytes) -> DailyReply:
        number = name.removeprefix("Log").removesuffix(".xml")
        digest = hashlib.sha256(content).hexdigest()
        known = self._books.row("SELECT * FROM daily_logs WHERE number = ?", number)
        if known and known["sha256"] == digest:
            with self._books.transaction() as database:
                database.execute("UPDATE daily_logs SET times = times + 1 WHERE number = ?", (number,))
            return DailyReply(number, known["code"], known["words"])
        judgement = judge_daily(content, self._key, self._numbers)
        if known:
            judgement.refuse("04093", "日志编号重复，内容不同")
        elif name != f"Log{judgement.fields.get('BizMsgID', number)}.xml":
            judgement.refuse("04001", "文件名与编号不一致")
        self._judge_against_books(judgement)
        if judgement.code != _ACCEPTED:
            self._books.note_violation("province", number, "province.daily-log", f"{judgement.code} {judgement.words}")
        self._refuse_as_told(judgement)
        if not known and judgement.fields:
            self._enter(number, judgement, digest)
            self._note_omitted(number, judgement)
        return DailyReply(number, judgement.code, judgement.words)

    def _judge_against_books(self, judgement: DailyJudgement) -> None:
        if not judgement.fields:
            return
        area, day, version = judgement.fields["AreaCode"], judgement.fields["AccessDate"], judgement.fields["Remark"]
        last = self._books.row("SELECT max(version) AS version FROM daily_logs WHERE area = ? AND day = ?", area, day)
        if version.isdigit() and int(version) != (last["version"] or 0 if last else 0) + 1:
            judgement.refuse("04093", "版本不连续")
        if day >= f"{clock.now():%Y%m%d}":
            judgement.refuse("04094", "该日尚未结束")
        for access in judgement.accessed:
            if in_effect(self._books, Booked(access["BDCDYH"], access["YWH"])) != access["BWID"]:
                judgement.refuse("04092", f"{access['BWID']} 未接入，或不是该业务现行报文")
        sent = {row["BWID"] for row in judgement.registered if row["SFSB"] == "1"}
        if not sent <= {row["BWID"] for row in judgement.accessed}:
            judgement.refuse("04092", "SFSB 与 AccessList 不一致")

    def _refuse_as_told(self, judgement: DailyJudgement) -> None:
        day = (judgement.fields.get("AreaCode", ""), judgement.fields.get("AccessDate", ""))
        if code := self._refusals.pop(day, ""):
            judgement.refuse(code, "按要求退回")

    def _enter(self, number: str, judgement: DailyJudgement, digest: str) -> None:
        fields, registered, accessed = judgement.fields, len(judgement.registered), len(judgement.accessed)
        alarm = "" if registered == accessed else ("接入量小于登簿量" if accessed < registered else "接入量大于登簿量")
        day = datetime.datetime.strptime(fields["AccessDate"], "%Y%m%d").replace(tzinfo=clock.ZONE)
        values = (number, fields["AreaCode"], fields["AccessDate"], int(fields["Remark"] or 0), registered, accessed, digest,
                  judgement.code, judgement.words, alarm, clock.now() > day + _DEADLINE, clock.stamp())
        with self._books.transaction() as database:
            database.execute("INSERT INTO daily_logs (number, area, day, version, registered, accessed, sha256, code, words,"
                             " alarm, late, received_at) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", values)
            database.executemany("INSERT OR IGNORE INTO daily_accesses (log, number) VALUES (?,?)",
                                 [(number, access["BWID"]) for access in judgement.accessed])

    def _note_omitted(self, number: str, judgement: DailyJudgement) -> None:
        """A log that leaves out what was accepted here is taken, as more or less uploaded than booked is; its sender is wrong."""
        if judgement.code != _ACCEPTED:
            return
        for omitted in self._omitted(judgement.fields["AreaCode"], judgement.fields["AccessDate"]):
            self._books.note_violation("province", number, "province.daily-log", f"AccessList 缺少 {omitted}")

    def _omitted(self, area: str, day: str) -> list[str]:
        return [row["number"] for row in self._books.rows(_OMITTED, area, day, area, day)]

    def expect(self, area: str, since: str) -> None:
        """Logs of an area are wanted from a day (yyyyMMdd) on."""
        with self._lock:
            self._since[area] = since

    def _owed_since(self) -> dict[str, str]:
        """First day of each area: as expected, else that of the first message that was accepted, or of an earlier log."""
        since: dict[str, str] = {}
        for row in self._books.rows("SELECT substr(unit, 1, 6) AS area, booked AS day FROM provincial WHERE state = 'accepted'"
                                    " AND booked <> '' ORDER BY received_at, number"):
            since.setdefault(row["area"], row["day"])
        for row in self._books.rows("SELECT area, min(day) AS day FROM daily_logs GROUP BY area"):
            since[row["area"]] = min(since.get(row["area"], row["day"]), row["day"])
        return {**since, **self._since}

    def _days(self) -> list[tuple[str, str, bool]]:
        """Area, day and whether a log of it was accepted, of each day that is owed and over."""
        days = []
        for area, first in sorted(self._owed_since().items()):
            accepted = {row["day"] for row in self._books.rows("SELECT day FROM daily_logs WHERE area = ? AND code = ?", area, _ACCEPTED)}
            day = datetime.datetime.strptime(first, "%Y%m%d").date()
            while day < clock.now().date():
                days.append((area, f"{day:%Y%m%d}", f"{day:%Y%m%d}" in accepted))
                day += datetime.timedelta(days=1)
        return days

    def missing(self) -> list[str]:
        """Days of which no log was accepted."""
        return [f"{area} {day}" for area, day, reported in self._days() if not reported]

    def omitted(self) -> list[str]:
        """Messages that were accepted and that the last log of their day does not have."""
        return [number for area, day, reported in self._days() if reported for number in self._omitted(area, day)]

    def standing(self, area: str, day: str) -> Logged:
        """Whether a log of an area and day (`yyyy-MM-dd`) came."""
        codes = {row["code"] for row in self._books.rows("SELECT code FROM daily_logs WHERE area = ? AND day = ?", area,
                                                         day.replace("-", ""))}
        return "accepted" if _ACCEPTED in codes else "refused" if codes else "none"

    def refuse(self, area: str, day: str, code: str) -> None:
        """Reject the next log of an area and day, whatever it is."""
        with self._lock:
            self._refusals[(area, day)] = code

    def page(self, path: str) -> Any:
        """Its /sandbox/ pages."""
        if path == "/sandbox/daily-logs":
            return {"logs": self._books.rows("SELECT * FROM daily_logs ORDER BY area, day, version")}
        if path == "/sandbox/daily-missing":
            return {"missing": self.missing(), "omitted": self.omitted()}
        return None


class DailyFront:
    """`{area}/LogMsg` is emptied, `{area}/RepLog` gets the replies."""

    def __init__(self, logs: DailyLogs, folder: Path) -> None:
        self._logs, self._folder = logs, folder

    def step(self) -> None:
        """Take what lies there and put down what is due."""
        for path in sorted(self._folder.glob("[0-9]*/LogMsg/*.xml")):
            self._logs.take(path.name, take_away(path))
        for reply in self._logs.due():
            put_down(self._folder / reply.number[:6] / "RepLog" / f"Rep{reply.number}.xml", reply.document())


class DailySite:
    """The platform over HTTP with its daily logs: what is not about them goes to the other site."""

    def __init__(self, site: Application, logs: DailyLogs) -> None:
        self._site, self._logs, self.faults, self.books = site, logs, site.faults, site.books
        self._said: dict[str, DailyReply] = {}

    def handle(self, request: Request) -> Response:
        """`POST /province/log/{file name}` takes a log, `GET /province/log-reply/{number}` asks for its reply."""
        name = request.path.rsplit("/", 1)[1]
        if request.method == "POST" and request.path.startswith("/province/log/"):
            self._logs.take(name, request.body)
            return json_response({"status": "ok", "code": 1, "message": "已接收，等待处理"})
        if request.method == "GET" and request.path.startswith("/province/log-reply/"):
            for reply in self._logs.due():
                self._said[reply.number] = reply
            said = self._said.get(name)
            return Response(said.document(), content_type="application/xml") if said else json_response({}, 404)
        return self._site.handle(request)

    def page(self, path: str) -> Any:
        """The /sandbox/ pages."""
        return self._logs.page(path) or self._site.page(path)

    def command(self, path: str, wish: dict[str, Any]) -> Any:
        """What is posted to a /sandbox/ page."""
        if path == "/sandbox/refuse-log":
            self._logs.refuse(str(wish["area"]), str(wish["day"]), str(wish.get("code", "04001")))
            return {"refused": wish["day"]}
        if path == "/sandbox/expect-logs":
            self._logs.expect(str(wish["area"]), str(wish["since"]))
            return {"since": wish["since"]}
        return self._site.command(path, wish)

    def odd_answer(self, kind: str) -> Response:
        """As the other site does."""
        return self._site.odd_answer(kind)

    def close(self) -> None:
        """Close the books."""
        self._site.close()
