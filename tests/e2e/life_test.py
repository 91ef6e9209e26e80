"""The life of certificates (article 9): what is booked about them reaches the library in its words, once and in order."""

import sqlite3
import unittest

import checks
from world import World, main, until

STATUS_PATH = {"epoint": "/epoint/rest/cert/status", "linewell": "/linewell/api/changeState"}
# How each library says what a certificate is; epoint has no word for what is suspended and keeps the last one.
WORDS = {"epoint": {"valid": "正常", "suspended": "正常", "lost": "挂失", "cancelled": "注销", "revoked": "注销",
                    "abolished": "注销", "voided": "注销"},
         "linewell": {"valid": "11", "suspended": "13", "lost": "12", "cancelled": "-3", "revoked": "-8",
                      "abolished": "-8", "voided": "-5"}}
STATES = {"epoint": {"valid": "正常", "history": "正常"}, "linewell": {"valid": "11", "history": "-2"}}

SEIZE, WAIT, FREE = ("DENGBU", "800", "8000101"), ("DENGBU", "800", "8000102"), ("DENGBU", "800", "8000201")
OBJECT, CLEAR = ("DENGBU", "600", "6000101"), ("DENGBU", "600", "6000201")
LIMIT, UNLIMIT = ("XIANZHI", "900", None), ("JIECHU", "900", None)
PAUSE, RESUME = ("GUAQI", "900", None), ("HUIFU", "900", None)


class LifeWorld:
    """A world with the words of a registration system for what happens to certificates."""

    def __init__(self, test: unittest.TestCase, dialect: str, **more) -> None:
        self.test, self.world, self.dialect = test, World(test, dialect=dialect, **more), dialect
        self.clock = 0

    def collect(self, count: int, seed: int) -> list[dict]:
        """Certificates that the library holds, each with its case; titles only."""
        self.world.generate(count, seed=seed)
        self.world.host.start()
        self.world.wait_until_ended()
        return self.titles()

    def titles(self) -> list[dict]:
        return [{**certificate, "case": case} for case in self.world.truth()["cases"] for certificate in
                case["certificates"] if case["type"] != "mortgage" and case["expected"] == "collected"]

    def book(self, kind: tuple, case_no: str, numbers: str, like: str, of: str | None = None, wait: bool = True,
             authority: str | None = None) -> None:
        """A case about certificates that are there: its row, then its event. `like`: a case of the same place."""
        event, djlx, djxl = kind
        self.clock += 1
        moment = f"2026-02-01 10:{self.clock // 60:02d}:{self.clock % 60:02d}"
        self.world.execute(
            ("INSERT INTO mw_case_right (case_id, case_no, unit_no, right_type, djlx, prev_certs, xz_ywh, xz_jg, djjg,"
             " djsj, qszt) SELECT ?, ?, unit_no, right_type, ?, ?, ?, ?, djjg, djsj, '1' FROM mw_case_right"
             " WHERE case_no = ? ORDER BY case_id LIMIT 1", case_no + "-1", case_no, djlx, numbers, of, authority, like),
            ("INSERT INTO mw_case_outbox (seq, event_id, event_type, case_no, case_id, area_code, djlx, djxl, qllx, unit_no,"
             " occurred_at) SELECT (SELECT max(seq) + 1 FROM mw_case_outbox), ?, ?, ?, ?, area_code, ?, ?, '98', unit_no,"
             " ? FROM mw_case_outbox WHERE case_no = ? LIMIT 1", f"{event}:{case_no}:1", event, case_no,
             case_no + "-1", djlx, djxl, moment, like))
        if wait:
            self.settle()

    def settle(self) -> None:
        until(lambda: not self.world.open_events() and not self.world.busy_deliveries(), "everything has ended")

    def word(self, number: str, version: int = 1) -> str:
        """What the library says of it, in its own words."""
        rows = self.world.books("SELECT number, version, state, word FROM held")
        row = next(r for r in rows if r["number"] == number and r["version"] == version)
        return STATES[self.dialect].get(row["state"]) or row["word"]

    def changes(self) -> list[tuple[str, str]]:
        return [(row["word"], row["reason"]) for row in self.world.books("SELECT word, reason FROM changes ORDER BY id")]

    def stages(self, case_no: str) -> list[str]:
        return sorted(row["stage"] for row in self.world.results() if row["case_no"] == case_no)

    def is_told(self, number: str, status: str, version: int = 1) -> None:
        self.test.assertEqual(WORDS[self.dialect][status], self.word(number, version))

    def listed(self, state: str) -> str:
        return self.world.certbridge("messages", "list", "--state", state, "--limit", "1000")

    def said_again(self) -> list[dict]:
        """Changes that the library had made already: nobody who asked first hears that."""
        return [row for row in self.world.books("SELECT path, identifier, code FROM requests")
                if (row["path"], row["code"]) in checks.ALREADY]

    def nothing_is_wrong(self, *violations: str) -> None:
        self.test.assertEqual(list(violations), [row["rule"] for row in self.world.books("SELECT rule FROM violations")])
        self.test.assertEqual([], self.said_again() + checks.duplicates(self.world))
        self.test.assertEqual(0, self.world.host.terminate())


def in_both_dialects(test):
    """The test twice, each time with a world of its own."""
    def twice(self: unittest.TestCase) -> None:
        for dialect in ("epoint", "linewell"):
            with self.subTest(dialect):
                life = LifeWorld(self, dialect)
                test(self, life)
                life.world.close()
    twice.__name__, twice.__doc__ = test.__name__, test.__doc__
    return twice


class Restrictions(unittest.TestCase):
    @in_both_dialects
    def test_a_release_closes_one_and_a_waiting_seizure_takes_its_place(self, life: LifeWorld) -> None:
        it = life.collect(3, seed=91)[0]
        number, case = it["number"], it["case"]["caseNo"]
        steps = ((SEIZE, "CF-1", None, "suspended", ["changed"]), (WAIT, "CF-2", None, "suspended", ["noted"]),
                 (OBJECT, "YY-1", None, "suspended", ["noted"]), (SEIZE, "CF-1b", "CF-1", "suspended", ["unchanged"]),
                 (FREE, "JF-1", "CF-1", "suspended", ["noted"]), (FREE, "JF-9", "CF-9", "suspended", ["unchanged"]),
                 (CLEAR, "JY-1", "YY-1", "suspended", ["noted"]), (LIMIT, "XZ-1", None, "suspended", ["noted"]),
                 (PAUSE, "GQ-1", None, "suspended", ["noted"]), (UNLIMIT, "JX-1", "XZ-1", "suspended", ["noted"]),
                 (RESUME, "HF-1", "GQ-1", "suspended", ["noted"]), (FREE, "JF-2", "CF-2", "valid", ["changed"]))
        for kind, case_no, of, status, stages in steps:
            life.book(kind, case_no, number, case, of)
            life.is_told(number, status)
            self.assertEqual(stages, life.stages(case_no), case_no)
        told = [("13", "查封"), ("11", "解除查封")] if life.dialect == "linewell" else []
        self.assertEqual(told, life.changes())
        self.assertNotIn("life.", life.listed("parked"))
        life.nothing_is_wrong()

    @in_both_dialects
    def test_what_suspends_is_policy_of_the_area(self, life: LifeWorld) -> None:
        policy = life.world.folder / "config" / "life.xml"
        life.world.generate(12, seed=92)
        titles = life.titles()
        area = titles[0]["case"]["area"]
        here, there = titles[0], next(t for t in titles if t["case"]["area"] != area)
        policy.write_text(policy.read_text("utf-8").replace(
            "</life>", f'  <suspends area="{area}" kinds="seizure"/>\n</life>'), "utf-8")
        life.world.host.start()
        life.world.wait_until_ended()
        for index, it in enumerate((here, there)):
            life.book(OBJECT, f"YY-{index}", it["number"], it["case"]["caseNo"])
        life.is_told(here["number"], "valid")
        life.is_told(there["number"], "suspended")
        self.assertEqual([["noted"], ["changed"]], [life.stages("YY-0"), life.stages("YY-1")])
        life.nothing_is_wrong()


class Ends(unittest.TestCase):
    @in_both_dialects
    def test_each_event_in_the_words_of_the_library_with_reason_and_time(self, life: LifeWorld) -> None:
        events = (("YISHI", "lost", "遗失"), ("ZHUXIAO", "cancelled", "注销"), ("DIAOXIAO", "revoked", "吊销"),
                  ("FEIZHI", "abolished", "废止"))
        titles = life.collect(12, seed=93)
        for index, (event, status, reason) in enumerate(events):
            it = titles[index]
            life.book((event, "400", None), f"E-{index}", it["number"], it["case"]["caseNo"])
            life.is_told(it["number"], status)
            self.assertEqual(["changed"], life.stages(f"E-{index}"))
        rows = life.world.books("SELECT reason, changed_at FROM changes ORDER BY id")
        self.assertEqual([(reason, f"202602011000{index + 1:02d}") for index, (_, _, reason) in enumerate(events)],
                         [(row["reason"], row["changed_at"]) for row in rows])
        ended = titles[1]
        life.book(("FEIZHI", "400", None), "E-8", ended["number"], ended["case"]["caseNo"])
        self.assertEqual(["unchanged"], life.stages("E-8"))
        life.book(SEIZE, "E-9", ended["number"], ended["case"]["caseNo"])
        self.assertIn("life.ended", life.listed("parked"))
        self.assertEqual(["refused"], life.stages("E-9"))
        self.assertEqual(4, len(life.changes()))
        life.nothing_is_wrong()

    @in_both_dialects
    def test_several_certificates_in_one_field_and_what_is_not_mapped(self, life: LifeWorld) -> None:
        titles = life.collect(8, seed=94)
        first, second = titles[0], titles[1]
        life.book(("ZHUXIAO", "400", None), "Z-1", f"{first['number']}、{second['number']}，{first['number']}",
                  first["case"]["caseNo"])
        same_issuer = first["issuerCode"] == second["issuerCode"]
        life.is_told(first["number"], "cancelled")
        life.is_told(second["number"], "cancelled" if same_issuer else "valid")
        life.book(("DENGBU", "800", "8009999"), "Z-2", first["number"], first["case"]["caseNo"])
        self.assertIn("registration.unmapped_event", life.listed("parked"))
        life.book(("DENGBU", "800", "8000201"), "Z-3", second["number"], second["case"]["caseNo"])
        self.assertIn("registration.restriction_case", life.listed("parked"))
        life.nothing_is_wrong()

    @in_both_dialects
    def test_answers_are_lost_and_the_host_is_killed(self, life: LifeWorld) -> None:
        it = life.collect(2, seed=95)[0]
        world, number, case = life.world, it["number"], it["case"]["caseNo"]
        path = STATUS_PATH[life.dialect]
        world.fault(path, "drop-after")
        life.book(("YISHI", "900", None), "L-1", number, case)
        life.is_told(number, "lost")
        world.fault(path, "drop-before")
        life.book(("ZHUXIAO", "400", None), "L-2", number, case, wait=False)
        until(lambda: world.books(f"SELECT 1 FROM requests WHERE path = '{path}' AND fault = 'drop-before'")
              or life.word(number) != WORDS[life.dialect]["lost"], "the cancellation is on its way")
        world.host.kill()
        world.host.start()
        life.settle()
        life.is_told(number, "cancelled")
        self.assertEqual(2, len(life.changes()))
        life.nothing_is_wrong()


class Versions(unittest.TestCase):
    @in_both_dialects
    def test_a_new_version_of_a_seized_certificate_is_seized_too(self, life: LifeWorld) -> None:
        it = next(t for t in life.collect(6, seed=96) if len(t["case"]["certificates"]) == 1)
        world, number, case = life.world, it["number"], it["case"]["caseNo"]
        life.book(SEIZE, "V-1", number, case)
        world.execute(("UPDATE mw_case_right SET zl = '改址路8号' WHERE case_no = ?", case),
                      ("INSERT INTO mw_case_outbox (seq, event_id, event_type, case_no, case_id, revision, area_code,"
                       " djlx, djxl, qllx, unit_no, occurred_at) SELECT (SELECT max(seq) + 1 FROM mw_case_outbox),"
                       " event_id || '2', event_type, case_no, case_id, 2, area_code, djlx, djxl, qllx, unit_no,"
                       " occurred_at FROM mw_case_outbox WHERE case_no = ? AND event_type = 'SHANZHENG'", case))
        life.settle()
        until(lambda: len(life.changes()) == (2 if life.dialect == "linewell" else 0), "the new version is told of")
        life.is_told(number, "suspended", version=2)
        life.book(FREE, "V-2", number, case, of="V-1")
        life.is_told(number, "valid", version=2)
        life.nothing_is_wrong()


class NotHeld(unittest.TestCase):
    def stash(self, world: World) -> list[tuple]:
        """Take all events out of the outbox, to be said later; one row stays as a pattern for others."""
        rows = world.query("SELECT * FROM mw_case_outbox ORDER BY seq")
        world.execute(("UPDATE mw_case_outbox SET status = 2",))
        return rows

    def say(self, life: LifeWorld, rows: list[tuple], case_no: str) -> None:
        for row in rows:
            if row[3] == case_no:
                life.world.execute(("UPDATE mw_case_outbox SET status = 0 WHERE seq = ?", row[0]))
        life.settle()

    @in_both_dialects
    def test_it_is_final_counted_listed_reported_and_honoured_by_what_comes_later(self, life: LifeWorld) -> None:
        world = life.world
        world.generate(8, seed=97)
        rows = self.stash(world)
        cancelled, seized = [t for t in life.titles() if len(t["case"]["certificates"]) == 1][:2]
        world.host.start()
        like = cancelled["case"]["caseNo"]
        life.book(("ZHUXIAO", "400", None), "N-1", cancelled["number"], like)
        life.book(SEIZE, "N-2", seized["number"], seized["case"]["caseNo"])
        life.book(("ZHUXIAO", "400", None), "N-3", "宛市房权证字第20010001号", like)
        for case_no in ("N-1", "N-2", "N-3"):
            self.assertEqual(["not_held"], life.stages(case_no))
            self.assertIn(case_no, life.listed("not-held"))
        self.assertEqual(3, world.host.metrics()['certbridge_messages{state="not-held"}'])
        self.assertEqual(1, len(life.listed("parked").splitlines()), "only the head")
        world.host.kill()
        world.host.start()
        self.say(life, rows, cancelled["case"]["caseNo"])
        self.assertIn("not_published", life.stages(cancelled["case"]["caseNo"]))
        self.assertNotIn("collected", life.stages(cancelled["case"]["caseNo"]))
        self.say(life, rows, seized["case"]["caseNo"])
        until(lambda: "collected" in life.stages(seized["case"]["caseNo"]), "the seized one is collected")
        life.settle()
        life.is_told(seized["number"], "suspended")
        self.assertEqual([seized["number"]], [row["number"] for row in world.held()])
        self.assertEqual(1 if life.dialect == "linewell" else 0, len(life.changes()))
        life.nothing_is_wrong()

    @in_both_dialects
    def test_the_library_itself_says_that_it_never_had_it(self, life: LifeWorld) -> None:
        it = life.collect(2, seed=98)[0]
        books = sqlite3.connect(life.world.folder / "sandbox" / f"{life.dialect}.sqlite", timeout=60)
        with books:
            books.execute("DELETE FROM held WHERE number = ?", (it["number"],))
        books.close()
        life.book(("ZHUXIAO", "400", None), "N-1", it["number"], it["case"]["caseNo"])
        self.assertEqual(["not_held"], life.stages("N-1"))
        self.assertIn("N-1", life.listed("not-held"))
        self.assertEqual(1, life.world.host.metrics()['certbridge_deliveries{endpoint="library",state="not-held"}'])
        self.assertEqual(1, len(life.listed("parked").splitlines()), "only the head")
        life.nothing_is_wrong("status.before_issue")


main(__name__)
