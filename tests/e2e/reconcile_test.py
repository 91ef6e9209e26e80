"""The books of a day are compared: every planted gap is found with what a person may start, and nothing else."""

import getpass
import json
import sqlite3
import time
import unittest
import urllib.error
import urllib.request
from datetime import datetime, timedelta, timezone
from typing import Any

import checks
from world import World, fetch, main, until

ZONE = timezone(timedelta(hours=8))
LOG = '<log format="json"/>'
OPERATE = (f'<operate address="127.0.0.1:0"><person name="wang" roles="operator" user="{getpass.getuser()}" '
           'key="operator-key"/></operate>\n  ')
HOURS = '<hours><open from="02:00" to="05:00"/></hours>'
ALWAYS = '<hours><open from="00:00" to="24:00"/></hours>'
SWEEP = '<sweep older-than="4h"/>'
RECONCILE = '<reconcile zone="+08:00">'
LIST_PATH = {"epoint": "/epoint/rest/cert/list", "linewell": "/linewell/api/countCert"}


class Reconcile(unittest.TestCase):
    maxDiff = None

    def world(self, dialect: str = "epoint", hours: str = "", sweep: str = "", **more: Any) -> World:
        """No schedule unless asked for."""
        world = World(self, dialect=dialect, changes={LOG: OPERATE + LOG, HOURS: hours, SWEEP: sweep,
                                                      **more.pop("changes", {})}, **more)
        self.day = (datetime.now(ZONE) - timedelta(days=1)).strftime("%Y-%m-%d")
        return world

    def generate(self, world: World, count: int, seed: int) -> None:
        """Cases that were booked yesterday, whatever the time is now."""
        world.generate(count, seed=seed)
        moment = self.day + " 10:00:00"
        world.execute(("UPDATE mw_case_right SET djsj = ?", moment), ("UPDATE mw_case_cert SET szsj = ?", moment))

    def collected(self, dialect: str, count: int, seed: int, **more: Any) -> World:
        world = self.world(dialect, **more)
        self.generate(world, count, seed)
        world.host.start()
        world.wait_until_ended()
        self.assertEqual([], checks.wrong(world))
        return world

    def ask(self, world: World, *words: str) -> dict:
        return json.loads(world.certbridge(*words, "--json"))

    def reconcile(self, world: World, *words: str) -> dict:
        return self.ask(world, "reconcile", "--day", self.day, *words)

    def books(self, answer: dict, name: str) -> dict:
        return next(row for row in answer["books"] if row["books"] == name)

    def found(self, answer: dict) -> list[tuple]:
        return sorted((row["books"], row["difference"], row["identifier"] or row["case"])
                      for row in answer["differences"])

    def http(self, world: World, path: str) -> dict:
        lines = [json.loads(line) for line in world.host.log.read_text().splitlines() if "operate.listening" in line]
        request = urllib.request.Request(f"http://127.0.0.1:{lines[-1]['port']}/api/1/{path}", headers={
            "Authorization": "Bearer " + world.secrets["operator-key"]})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    def plant(self, world: World, *statements: tuple) -> None:
        """Change the library's books behind its back."""
        connection = sqlite3.connect(world.folder / "sandbox" / f"{world.dialect}.sqlite", timeout=60)
        try:
            with connection:
                for statement in statements:
                    self.assertEqual(1, connection.execute(statement[0], statement[1:]).rowcount, statement)
        finally:
            connection.close()

    def plant_missing(self, world: World, identifier: str) -> None:
        self.plant(world, ("DELETE FROM held WHERE identifier = ?", identifier))

    def plant_extra(self, world: World, like: str) -> str:
        """What the library has and nobody here ever sent."""
        row = world.books(f"SELECT * FROM held WHERE identifier = '{like}'")[0]
        row["identifier"] = like[:-6] + "7" + like[-5:]
        row["number"] = row["number"].replace("第", "第9")
        row["normalised"] = row["normalised"].replace("第", "第9")
        row["library_id"] = "planted"
        self.plant(world, (f"INSERT INTO held ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", *row.values()))
        return row["identifier"]

    def plant_never_arrived(self, world: World, like: str, booked: str = "") -> str:
        """A case that was booked, with a certificate, and no event that tells of it."""
        case = "2026999999999"
        booked = booked or self.day + " 11:00:00"
        world.execute(
            ("INSERT INTO mw_case_right (case_id, case_no, unit_no, right_type, djlx, djjg, djsj, qszt) SELECT ?, ?,"
             " unit_no, right_type, djlx, djjg, ?, '1' FROM mw_case_right WHERE case_no = ? LIMIT 1", case + "-1", case,
             booked, like),
            ("INSERT INTO mw_case_cert (cert_id, case_no, cert_kind, cert_no, szsj, status)"
             " VALUES (?, ?, '1', '豫（2026）南召县不动产权第9999999号', ?, 1)", case + "-Z1", case, booked))
        return case

    def held(self, world: World) -> list[dict]:
        """What the library holds, flats of the first page of the truth first."""
        return sorted((row for row in world.held() if row["status"] == "valid"), key=lambda row: row["identifier"])

    def test_a_clean_day_has_no_difference(self) -> None:
        for dialect, kind in (("epoint", "list"), ("linewell", "counts")):
            with self.subTest(dialect=dialect):
                world = self.collected(dialect, 30, seed=91)
                answer = self.reconcile(world)
                self.assertEqual((0, []), (answer["found"], answer["differences"]))
                self.assertEqual(["registration", "journal", "library"], [row["books"] for row in answer["books"]])
                self.assertEqual([True] * 3, [row["asked"] for row in answer["books"]])
                self.assertEqual(kind, self.books(answer, "library")["can"])
                sums = {name: sum(row["number"] for row in answer["counts"] if row["books"] == name)
                        for name in ("registration", "journal", "library")}
                self.assertEqual({len(world.held())}, set(sums.values()))
                # Another day has nothing at all.
                self.assertEqual([], self.ask(world, "reconcile", "--day", "2025-01-01")["counts"])
                # One area is a part of it.
                area = answer["counts"][0]["area"]
                part = self.reconcile(world, "--area", area)
                self.assertEqual({area}, {row["area"] for row in part["counts"]})
                self.assertEqual([], part["differences"])
                self.assertEqual([], [row for row in world.books("SELECT rule FROM violations")])
                self.assertEqual(0, world.host.terminate())

    def test_every_planted_gap_is_found_and_nothing_else(self) -> None:
        world = self.collected("epoint", 40, seed=92)
        lost, changed, other, like = (row["identifier"] for row in self.held(world)[:4])
        self.plant_missing(world, lost)
        self.plant(world, ("UPDATE held SET state = 'cancelled', word = '注销' WHERE identifier = ?", changed))
        self.plant(world, ("UPDATE held SET sm3 = ? WHERE identifier = ?", "0" * 64, other))
        extra = self.plant_extra(world, like)
        case = self.plant_never_arrived(world, world.truth()["cases"][0]["caseNo"])
        answer = self.reconcile(world)
        self.assertEqual(sorted([("library", "missing", lost), ("library", "other-state", changed),
                                 ("library", "other-digest", other), ("library", "extra", extra),
                                 ("journal", "never-arrived", case)]), self.found(answer))
        proposals = {row["difference"]: row["proposal"] for row in answer["differences"]}
        self.assertIn("deliveries again", proposals["missing"])
        self.assertIn("looks at the library", proposals["extra"])
        self.assertIn("ask its staff", proposals["other-state"])
        self.assertIn("new revision", proposals["other-digest"])
        self.assertIn("hand over", proposals["never-arrived"])
        # The API says the same, and one row is a row of so many.
        self.assertEqual(answer, self.http(world, f"reconcile?day={self.day}"))
        short = self.reconcile(world, "--limit", "2")
        self.assertEqual((5, 2, 2), (short["found"], short["named"], len(short["differences"])))
        # People's data are in none of it, and numbers are masked.
        text = json.dumps(answer, ensure_ascii=False)
        self.assertEqual([], [what for what, value in checks.canaries(world).items() if value.decode() in text])
        self.assertNotIn("号 ", text)
        self.assertEqual(0, world.host.terminate())

    def test_a_library_that_only_counts_is_compared_by_its_counts(self) -> None:
        world = self.collected("linewell", 40, seed=93)
        titles = [row for row in self.held(world) if row["typeCode"].endswith("001")]
        lost = titles[0]
        changed, other = [row for row in titles if row["areaCode"] != lost["areaCode"]][:2]
        self.plant_missing(world, lost["identifier"])
        self.plant(world, ("UPDATE held SET state = 'cancelled', word = '-3' WHERE identifier = ?", changed["identifier"]),
                   ("UPDATE held SET sm3 = ? WHERE identifier = ?", "0" * 64, other["identifier"]))
        answer = self.reconcile(world)
        library = self.books(answer, "library")
        self.assertEqual((True, "counts", 3), (library["asked"], library["can"], library["differences"]))
        self.assertIn("cannot list", library["remark"])
        rows = [(row["difference"], row["area"], row["identifier"]) for row in answer["differences"]]
        # One less where one is lost; one less valid and one more ended where one was changed. What a count cannot show,
        # as another digest, is not claimed to be so or not.
        self.assertEqual(sorted([("other-count", lost["areaCode"], "")] + 2 * [("other-count", changed["areaCode"], "")]),
                         sorted(rows))
        self.assertEqual(0, world.host.terminate())

    def test_what_a_library_lost_is_delivered_again_by_a_person(self) -> None:
        world = self.collected("epoint", 10, seed=94)
        lost = self.held(world)[0]["identifier"]
        self.plant_missing(world, lost)
        row = self.reconcile(world)["differences"][0]
        # The proposal is what a person types, but for the reason.
        words = row["proposal"].split("then certbridge ")[1].split()
        world.certbridge(*words, "--reason", "lost in a move of the library")
        until(lambda: any(one["identifier"] == lost for one in world.held()), "the library has it again")
        until(lambda: not world.busy_deliveries(), "it is settled")
        self.assertEqual([], self.reconcile(world)["differences"])
        # It comes behind what followed on it: the order in which the library got things is not judged here.
        self.assertEqual([], checks.duplicates(world) + checks.resent_without_asking(world))
        action = self.ask(world, "actions", "list")["actions"][0]
        self.assertEqual(("deliveries again", "wang", "lost in a move of the library"),
                         (action["operation"], action["person"], action["reason"]))
        # What it has is not sent again: it is asked, and that is all.
        saves = "SELECT count(*) AS n FROM requests WHERE path = '/epoint/rest/cert/save'"
        before = world.books(saves)[0]["n"]
        world.certbridge(*words, "--reason", "once more")
        until(lambda: not world.busy_deliveries(), "it is settled")
        self.assertEqual(before, world.books(saves)[0]["n"])
        self.assertEqual(0, world.host.terminate())

    def test_a_dead_library_is_said_so_in_time_and_the_rest_is_compared(self) -> None:
        world = self.collected("epoint", 10, seed=95, changes={RECONCILE: '<reconcile zone="+08:00" timeout="2s">'})
        case = self.plant_never_arrived(world, world.truth()["cases"][0]["caseNo"])
        for kind, times in (("down", 100), ("slow", 1)):
            with self.subTest(kind=kind):
                world.fault("/epoint/rest/cert/list", kind, times=times, milliseconds=40_000)
                began = time.monotonic()
                answer = self.http(world, f"reconcile?day={self.day}")
                # Promised: the time limit and a second; the rest is for a machine that is busy.
                self.assertLess(time.monotonic() - began, 2 + 1 + 20)
                self.assertEqual([("journal", "never-arrived", case)], self.found(answer))
                library = self.books(answer, "library")
                self.assertFalse(library["asked"])
                self.assertIn("not asked", library["remark"])
                self.assertTrue(self.books(answer, "registration")["asked"])
                fetch(world.library + "/sandbox/faults", "DELETE")
        until(lambda: self.books(self.reconcile(world), "library")["asked"], "it is asked again")

    def compared(self, world: World) -> list[dict]:
        return [entry for entry in map(json.loads, world.host.log.read_text().splitlines())
                if entry["event"] == "reconcile.compared"]

    def test_the_schedule_compares_a_day_once_also_across_a_restart(self) -> None:
        world = self.world(hours=ALWAYS)
        self.generate(world, 10, seed=96)
        case = self.plant_never_arrived(world, world.truth()["cases"][0]["caseNo"])
        world.host.start()
        first = until(lambda: self.compared(world), "yesterday is compared")[0]
        self.assertEqual((self.day, "yes"), (first["day"], first["complete"]))
        metric = 'certbridge_reconcile_differences{books="journal",sort="never-arrived"}'
        self.assertGreaterEqual(world.host.metrics()[metric], 1)
        world.wait_until_ended()
        world.host.kill()
        world.host.start()
        world.generate(4, seed=97)
        world.wait_until_ended()
        self.assertEqual(1, len(self.compared(world)), "a day is compared once")
        # What was found then is still shown.
        self.assertGreaterEqual(world.host.metrics()[metric], 1)
        status, text = world.host.page("/health/ready")
        books = json.loads(text)["books"]
        self.assertEqual((200, self.day, True, []), (status, books["day"], books["alarm"], books["notAsked"]))
        # The log has numbers and no identifier.
        self.assertIn('"reconcile.differs"', world.host.log.read_text())
        self.assertNotIn(case, world.host.log.read_text())
        self.assertEqual(0, world.host.terminate())

    def test_a_night_without_the_library_is_not_taken_for_a_whole_one(self) -> None:
        world = self.world(hours=ALWAYS)
        self.generate(world, 4, seed=100)
        world.fault("/epoint/rest/cert/list", "down", times=1)
        world.host.start()
        first = until(lambda: self.compared(world), "yesterday is compared")[0]
        self.assertEqual((self.day, "no"), (first["day"], first["complete"]))
        self.assertEqual(0, world.host.metrics()['certbridge_reconcile_asked{books="library"}'])
        books = until(lambda: json.loads(world.host.page("/health/ready")[1]).get("books"), "the night is shown")
        self.assertEqual((True, ["library"]), (books["alarm"], books["notAsked"]))
        self.assertIn('"reconcile.not_asked"', world.host.log.read_text())
        # It is tried again ten minutes later, and not before, whatever is restarted.
        world.host.terminate()
        world.host.start()
        world.wait_until_ended()
        self.assertEqual(1, len(self.compared(world)))
        self.assertEqual(0, world.host.terminate())

    def test_outside_of_its_window_nothing_is_compared(self) -> None:
        now = datetime.now(ZONE)
        hours = f'<hours><open from="{now + timedelta(hours=3):%H:%M}" to="{now + timedelta(hours=5):%H:%M}"/></hours>'
        world = self.world(hours=hours)
        self.generate(world, 4, seed=98)
        world.host.start()
        world.wait_until_ended()
        self.assertEqual([], self.compared(world))
        self.assertNotIn("books", json.loads(world.host.page("/health/ready")[1]))
        # A person may at any time.
        self.assertEqual(0, self.reconcile(world)["found"])
        self.assertEqual(0, world.host.terminate())

    def test_a_case_that_never_arrived_raises_an_alarm_until_it_comes(self) -> None:
        world = self.world(sweep='<sweep older-than="30m" every="300ms"/>')
        world.generate(6, seed=99)
        world.host.start()
        world.wait_until_ended()
        missing = lambda: world.host.metrics().get("certbridge_arrivals_missing")  # noqa: E731
        until(lambda: missing() == 0, "everything has arrived")
        like = world.truth()["cases"][0]["caseNo"]
        booked = datetime.now(ZONE) - timedelta(hours=1)
        case = self.plant_never_arrived(world, like, booked.strftime("%Y-%m-%d %H:%M:%S"))
        until(lambda: missing() == 1, "it is found")
        self.assertEqual([case], [row["case"] for row in self.ask(world, "arrivals", "missing")["missing"]])
        self.assertEqual([], self.ask(world, "arrivals", "missing", "--hours", "2")["missing"])
        self.assertEqual(self.ask(world, "arrivals", "missing"), self.http(world, "arrivals/missing"))
        arrivals = json.loads(world.host.page("/health/ready")[1])["arrivals"]
        self.assertEqual((1, True), (arrivals["missing"], arrivals["alarm"]))
        self.assertIn('"arrivals.missing"', world.host.log.read_text())
        self.assertNotIn(case, world.host.log.read_text())
        # It comes, late.
        world.execute(("INSERT INTO mw_case_outbox (seq, event_id, event_type, case_no, case_id, area_code, djlx, qllx, occurred_at)"
                       " SELECT max(seq) + 1, ?, 'FAZHENG', ?, ?, '411324', '200', '4', ? FROM mw_case_outbox",
                       f"FAZHENG:{case}:1", case, case + "-1", booked.strftime("%Y-%m-%d %H:%M:%S")))
        until(lambda: missing() == 0, "the alarm is over")
        self.assertEqual(0, world.host.terminate())

    def test_without_a_running_host_or_a_configuration_it_says_so(self) -> None:
        world = self.world()
        world.host.start()
        self.assertEqual(0, world.host.terminate())
        self.assertIn("running host", world.certbridge("reconcile", "--day", self.day, allowed=(8,)))
        text = world.configuration.read_text("utf-8")
        world.configuration.write_text(text.replace(text[text.index("<reconcile"):text.index("</reconcile>") + 12], ""))
        world.host.start()
        self.assertIn("give <reconcile>", world.certbridge("reconcile", "--day", self.day, allowed=(8,)))
        for day in ("2026-13-01", "yesterday", "2026-01-01T00:00:00Z"):
            self.assertIn("`day` must be", world.certbridge("reconcile", "--day", day, allowed=(2,)))
        self.assertIn("six digits", world.certbridge("reconcile", "--day", self.day, "--area", "4113", allowed=(2,)))
        self.assertEqual(0, world.host.terminate())


main(__name__)
