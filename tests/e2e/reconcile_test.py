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
from world import World, main, until

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
        self.assertIn("certbridge case", proposals["other-state"])
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


main(__name__)
