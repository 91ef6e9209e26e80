"""The province's daily log through the whole host: missed days, fetched bookings, rejection, correction, kills, the deadline."""

import json
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import unittest
from datetime import datetime, timedelta, timezone

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "load"))

from flooded import BUILD, CONFIGURATION, ROOT, FloodedHost, until  # noqa: E402

PATIENCE = float(os.environ.get("CERTBRIDGE_E2E_PATIENCE", "240"))  # seconds; far above what is ever needed
SANDBOX = [sys.executable, str(ROOT / "tests" / "sandbox" / "sandbox.py")]
AREA = "990101"
TODAY = datetime.now(timezone(timedelta(hours=8))).date()
BUSY, QUIET = TODAY - timedelta(days=3), TODAY - timedelta(days=2)
# Each start of the host hands over the next turn of each day: the turns of one day keep apart for longer than a test.
ENDPOINTS = """
    <endpoint name="outbox" plugin="sql" kind="outbox"><option name="backend" value="sqlite3"/>
      <option name="connection" value="db=registration.db"/><option name="envelope" value="outbox.xml"/><option name="poll" value="20ms"/></endpoint>
    <endpoint name="records" plugin="sql" kind="queries"><option name="backend" value="sqlite3"/>
      <option name="connection" value="db=registration.db"/><option name="queries" value="queries.xml"/></endpoint>
    <endpoint name="days" plugin="calendar" kind="days"><option name="areas" value="{areas}"/><option name="since" value="{since}"/>
      <option name="times" value="1m 24h 1441m 1442m"/><option name="apart" value="{apart}"/><option name="poll" value="50ms"/></endpoint>
    <endpoint name="out" plugin="file" kind="outgoing"><option name="folder" value="drop"/><option name="taken-folder" value="Taken"/></endpoint>
    <endpoint name="in" plugin="file" kind="fetch"><option name="folder" value="drop"/></endpoint>
    <endpoint name="bookings" plugin="provincial_platform" kind="bookings"><option name="bookings" value="province"/><lend role="records" endpoint="records"/></endpoint>
    <endpoint name="province" plugin="provincial_platform" kind="submitter" settle-time="200ms"><option name="profile" value="plugin:v1.xml"/>
      <option name="signing-key" value="secret:province-key"/><option name="daily-log" value="log"/>
      <lend role="messages" endpoint="out"/><lend role="responses" endpoint="in"/></endpoint>
    <endpoint name="missing" plugin="provincial_platform" kind="missing-bookings"><option name="bookings" value="province"/>
      <lend role="records" endpoint="records"/></endpoint>
    <endpoint name="booked-day" plugin="provincial_platform" kind="booked-day"><option name="form" value="form.xml"/>
      <option name="bookings" value="province"/><lend role="records" endpoint="records"/></endpoint>
    <endpoint name="log" plugin="provincial_platform" kind="daily-log" order="accepted" settle-time="200ms"><option name="form" value="form.xml"/>
      <option name="bookings" value="province"/><option name="signing-key" value="secret:province-key"/>
      <lend role="messages" endpoint="out"/><lend role="responses" endpoint="in"/></endpoint>
    <endpoint name="watch" plugin="provincial_platform" kind="log-watch"><option name="form" value="form.xml"/><option name="logs" value="log"/></endpoint>"""
RETRY = '<retry first="100ms" factor="2" most="500ms"/>'
ROUTES = {"booked": f"""<route xmlns="urn:certbridge:route:1" name="booked"><from endpoint="outbox"/>
  <process endpoint="bookings"/><deliver endpoint="province">{RETRY}</deliver></route>""", "days": f"""
<route xmlns="urn:certbridge:route:1" name="days" incomplete-retry="200ms"><from endpoint="days"/>
  <choose>
    <when test="header.turn = '1'"><deliver endpoint="watch">{RETRY}</deliver></when>
    <when test="header.turn = '2'"><process endpoint="missing"/><deliver endpoint="province">{RETRY}</deliver></when>
    <otherwise><process endpoint="booked-day"/><deliver endpoint="log">{RETRY}</deliver></otherwise>
  </choose></route>"""}
BOOKED = "FROM mw_case_right WHERE case_no = :case_no AND fj IS NULL"
SHIPPED = re.search(r'<group name="booked-day">.*?</group>', (ROOT / "config" / "registration" / "queries.xml").read_text("utf-8"), re.DOTALL)[0]
QUERIES = f"""<queries xmlns="urn:certbridge:sql-queries:1">
  <group name="booking">
    <query name="head">SELECT '400' AS regtype, '4' AS righttype, djsj AS createdate, case_no AS recflowid, '中心' AS regorgid, unit_no AS estatenum {BOOKED}</query>
    <query name="QLF_QL_ZXDJ">SELECT '6003' AS ysdm, unit_no AS bdcdyh, case_no AS ywh, case_no AS zxywh, djsj AS zxsj, '990101' AS qxdm,
      '中心' AS djjg, '登簿员' AS dbr, djsj AS djsj {BOOKED}</query>
    <query name="DJT_DJ_SLSQ">SELECT '6004010000' AS ysdm, case_no AS ywh, '400' AS djdl, '0' AS sqzsbs, '0' AS sqfbcz, '990101' AS qxdm,
      '受理员' AS slry, djsj AS slsj {BOOKED}</query>
    <query name="DJF_DJ_SQR">SELECT '6004020000' AS ysdm, case_no AS ywh, '测试甲' AS qlrmc, '1' AS qlrzjzl, '990101' AS qxdm {BOOKED}</query>
  </group>
  {SHIPPED}
</queries>
"""


class DailyLogHost(FloodedHost):
    """A host with a registration database, the province behind a folder, and a calendar that begins three days ago."""

    def __init__(self, test: unittest.TestCase, areas: str = AREA, apart: str = "1h", delay: float = 0) -> None:
        super().__init__(test, [])
        for area in areas.split():
            for name in ("BizMsg", "LogMsg"):
                (self.folder / "drop" / area / name).mkdir(parents=True)
        self._make_keys()
        self._write_configuration(areas, apart)
        with sqlite3.connect(self.folder / "registration.db") as database:
            database.executescript((ROOT / "config" / "registration" / "intermediate.sql").read_text("utf-8"))
        ready = self.folder / "province.json"
        self.province = subprocess.Popen(
            [*SANDBOX, "province", "serve", "--generation", "v1", "--folder", self.folder / "drop", "--public-key",
             self.folder / "public.pem", "--delay", str(delay), "--db", self.folder / "province.sqlite", "--ready-file", ready, "--stop-on-stdin"],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        test.addCleanup(self._end_province)
        until(ready.exists, "the province serves", 0.02, 60)
        self.url = json.loads(ready.read_text("utf-8"))["url"]

    def _make_keys(self) -> None:
        for command in (["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024", "-out", "private.pem"],
                        ["pkey", "-in", "private.pem", "-pubout", "-out", "public.pem"]):
            subprocess.run(["openssl", *command], cwd=self.folder, check=True, capture_output=True)
        os.environ["CERTBRIDGE_SECRET_PROVINCE_KEY"] = (self.folder / "private.pem").read_text("utf-8")
        os.environ["CERTBRIDGE_SECRET_MASTER"] = "ab" * 32

    def _write_configuration(self, areas: str, apart: str) -> None:
        for name, text in ROUTES.items():
            (self.folder / "routes" / f"{name}.xml").write_text(text, "utf-8")
        (self.folder / "queries.xml").write_text(QUERIES, "utf-8")
        shutil.copy(ROOT / "config" / "registration" / "outbox.xml", self.folder)
        form = ROOT / "plugins" / "provincial_platform" / "profiles" / "daily-log.xml"
        (self.folder / "form.xml").write_text(form.read_text("utf-8").replace('reply="30m"', 'reply="1s"'), "utf-8")
        (self.folder / "certbridge.xml").write_text(CONFIGURATION.format(
            plugins=BUILD / "lib" / "certbridge", journal="", endpoints=ENDPOINTS.format(since=BUSY, areas=areas, apart=apart)), "utf-8")

    def _end_province(self) -> None:
        self.province.stdin.close()
        self.province.wait(60)

    def book(self, number: int, told: bool = True, complete: bool = True) -> None:
        """A case is booked on the busy day; an event tells of it unless something went wrong."""
        case, unit, at = f"C{number}", f"990101001001GB00001F{number:08}", f"{BUSY} 10:00:00"
        with sqlite3.connect(self.folder / "registration.db", timeout=60) as database:
            database.execute("INSERT INTO mw_case_right (case_id, case_no, unit_no, right_type, djlx, djsj, fj) VALUES (?,?,?,'4','400',?,?)",
                             (case.lower(), case, unit, at, None if complete else "no message can be made of it"))
        if told:
            self.tell(number)

    def tell(self, number: int) -> None:
        """The event of a case."""
        with sqlite3.connect(self.folder / "registration.db", timeout=60) as database:
            database.execute("INSERT INTO mw_case_outbox (seq, event_id, event_type, case_no, case_id, area_code, djlx, qllx, unit_no,"
                             " occurred_at) VALUES (?,?,'DENGBU',?,?,?,'400','4',?,?)",
                             (number, f"DENGBU:C{number}", f"C{number}", f"c{number}", AREA, f"990101001001GB00001F{number:08}", f"{BUSY} 10:00:00"))

    def query(self, sql: str) -> int:
        """One number of the registration database."""
        with sqlite3.connect(self.folder / "registration.db", timeout=60) as database:
            return database.execute(sql).fetchone()[0]

    def ask(self, page: str, wish: dict[str, str] | None = None) -> dict:
        """A /sandbox/ page of the province."""
        command = ["curl", "-s", "--max-time", "20", f"{self.url}/sandbox/{page}"]
        done = subprocess.run([*command, *(["-d", json.dumps(wish)] if wish else [])], check=True, capture_output=True)
        return json.loads(done.stdout)

    def logs(self, day: object) -> list[tuple[int, int, int, str]]:
        """Version, registered, accessed and code of each log of a day."""
        return [(row["version"], row["registered"], row["accessed"], row["code"]) for row in self.ask("daily-logs")["logs"]
                if row["day"] == f"{day:%Y%m%d}"]

    def accepted(self) -> list[str]:
        """Cases of the messages that the province took."""
        return sorted(row["flow"] for row in self.ask("messages")["messages"] if row["state"] == "accepted")

    def certbridge(self, *words: str) -> str:
        """A command of the program; its output."""
        done = subprocess.run([BUILD / "bin" / "certbridge", *words, "--config", self.folder / "certbridge.xml"], cwd=self.folder,
                              text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def listed(self, day: object) -> list[dict]:
        """What an operator is told of a day."""
        told = json.loads(self.certbridge("daily-logs", "list", "--from", str(BUSY), "--area", AREA, "--json"))
        return [row for row in told["logs"] if row["day"] == str(day)]

    def looks(self, day: object) -> list[str]:
        """States of the deliveries of a day's logs."""
        return [row["state"] for row in self.listed(day) if row["endpoint"] == "log"]

    def logged(self, event: str, *words: str) -> bool:
        """Whether the log has an event with these words."""
        lines = (self.folder / "log").read_text("utf-8").splitlines()
        return any(f'"{event}"' in line and all(word in line for word in words) for line in lines)

    def deliveries(self, endpoint: str, state: str) -> int:
        """How many there are in that state."""
        return int(self.metrics().get(f'certbridge_deliveries{{endpoint="{endpoint}",state="{state}"}}', 0))


class DailyLog(unittest.TestCase):
    def test_missed_days_are_reported_corrected_and_watched(self) -> None:
        host = DailyLogHost(self)
        host.book(1)
        host.book(2, told=False)
        host.book(3, told=False, complete=False)
        self.watched(host)
        self.fetched(host)
        self.reported(host)
        self.corrected(host)
        self.assertEqual([], host.ask("violations")["violations"])
        self.assertEqual([], host.ask("daily-missing")["omitted"])
        self.assertEqual([1] * len(host.ask("daily-logs")["logs"]), [row["times"] for row in host.ask("daily-logs")["logs"]])
        self.assertEqual(0, host.stop())

    def watched(self, host: DailyLogHost) -> None:
        """The deadline of the missed days is over: an alarm until their logs were sent."""
        host.start()
        until(lambda: host.accepted() == ["C1"], "what an event told of is accepted", 0.05, PATIENCE)
        until(lambda: host.logged("daily_log.overdue", AREA, str(QUIET)), "the missing log is an alarm", 0.05, PATIENCE)
        host.kill()

    def fetched(self, host: DailyLogHost) -> None:
        """What no event told of is fetched, and an event that comes after that adds nothing."""
        host.start()
        until(lambda: host.accepted() == ["C1", "C2"], "what never came is fetched", 0.05, PATIENCE)
        until(lambda: host.logged("daily_log.not_fetched", "C3"), "what cannot be fetched is told", 0.05, PATIENCE)
        host.tell(2)
        until(lambda: host.query("SELECT count(*) FROM mw_case_outbox WHERE status = 2") == 2, "the event is taken over", 0.05, PATIENCE)
        host.kill()
        self.assertEqual([], host.logs(BUSY))

    def reported(self, host: DailyLogHost) -> None:
        """Each day has its log; one that is rejected waits for a person, and what he sends again is a version of its own."""
        host.ask("refuse-log", {"area": AREA, "day": f"{QUIET:%Y%m%d}", "code": "04001"})
        host.start()
        until(lambda: host.logs(BUSY) == [(1, 3, 2, "0200")], "the busy day is reported", 0.05, PATIENCE)
        until(lambda: host.logs(QUIET) == [(1, 0, 0, "04001")], "so is the day with nothing", 0.05, PATIENCE)
        until(lambda: host.deliveries("log", "parked") == 1, "the rejection is parked", 0.05, PATIENCE)
        quiet = {row["endpoint"]: row for row in host.listed(QUIET)}
        self.assertEqual(("parked", "delivery.rejected"), (quiet["log"]["state"], quiet["log"]["code"]))
        self.assertIn("04001", quiet["log"]["reason"])
        self.assertTrue(quiet["watch"]["overdue"], "it was due days ago and is not accepted")
        host.certbridge("replay", "start", "--endpoint", "log", "--rate", "100", "--expect", "1", "--reason", "the province has mended it")
        until(lambda: host.logs(QUIET)[1:] == [(2, 0, 0, "0200")], "it is sent again as a version of its own", 0.05, PATIENCE)
        until(lambda: not host.deliveries("log", "open"), "all replies are read", 0.05, PATIENCE)
        until(lambda: host.deliveries("watch", "delivered") >= 2, "the alarms have ended", 0.05, PATIENCE)
        host.book(4)
        until(lambda: host.accepted() == ["C1", "C2", "C4"], "what is booked afterwards is accepted", 0.05, PATIENCE)
        until(lambda: host.deliveries("province", "open") == 3, "it is known to be sent", 0.05, PATIENCE)
        host.kill()

    def corrected(self, host: DailyLogHost) -> None:
        """Books that changed afterwards make another version; a day that did not change is not sent again."""
        self.assertEqual(1, len(host.ask("daily-missing")["omitted"]), "the log of its day does not have it yet")
        host.start()
        until(lambda: host.logs(BUSY)[1:], "the busy day is corrected", 0.05, PATIENCE)
        until(lambda: all(host.looks(day) == ["delivered", "delivered"] for day in (BUSY, QUIET)), "every look has ended", 0.3, PATIENCE)
        self.assertEqual((2, 4, 3), host.logs(BUSY)[1][:3])
        self.assertEqual({"0200"}, {row[3] for row in host.logs(BUSY)})
        self.assertEqual(2, len(host.logs(QUIET)))
        self.assertEqual([], [day for day in host.ask("daily-missing")["missing"] if day < f"{AREA} {TODAY - timedelta(days=1):%Y%m%d}"])

    def test_a_log_without_reply_is_overdue_in_each_area(self) -> None:
        """A later turn that finds nothing new does not make a day count as reported."""
        host = DailyLogHost(self, areas=f"{AREA} 990102", apart="100ms", delay=86400)
        host.start()
        until(lambda: all(host.looks(day) == ["open", "open"] for day in (BUSY, QUIET)), "each day was looked at twice", 0.1, PATIENCE)
        wanted = [(area, f"{day:%Y%m%d}", 1) for area in (AREA, "990102") for day in (BUSY, QUIET)]
        until(lambda: self.versions(host) == wanted, "each day of each area has one version", 0.1, PATIENCE)
        until(lambda: self.overdue(host), "its deadline is over", 0.1, PATIENCE)
        self.assertEqual(0, host.deliveries("watch", "delivered"))
        self.assertEqual([], host.ask("violations")["violations"])
        self.assertEqual(0, host.stop())

    def versions(self, host: DailyLogHost) -> list[tuple[str, str, int]]:
        """What the province was sent of the days until the quiet one."""
        return [(row["area"], row["day"], row["version"]) for row in host.ask("daily-logs")["logs"] if row["day"] <= f"{QUIET:%Y%m%d}"]

    def overdue(self, host: DailyLogHost) -> bool:
        """Whether people are told that the quiet day is not reported."""
        return any(row["endpoint"] == "watch" and row["overdue"] for row in host.listed(QUIET))


if __name__ == "__main__":
    unittest.main()
