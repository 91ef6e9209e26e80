"""The life of certificates (article 9): what is booked about them reaches the library in its words, once and in order."""

import sqlite3
import unittest

from life_world import (CLEAR, FREE, LAST_CALL, LIMIT, OBJECT, PAUSE, RESUME, SEIZE, STATUS_PATH, UNLIMIT, WAIT, WORDS,
                        LifeWorld)
from world import World, main, until


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
            "  <terms", f'  <suspends area="{area}" kinds="seizure"/>\n  <terms'), "utf-8")
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


class BehindAParkedIssue(unittest.TestCase):
    """What a later event makes of an issue that the library did not take."""

    def parked(self, life: LifeWorld, fault: str) -> dict:
        world = life.world
        world.fault(LAST_CALL[life.dialect], fault)
        world.generate(1, seed=95)
        world.host.start()
        until(lambda: any(row["stage"] == "refused" for row in world.results()), "the issue is parked")
        case = world.truth()["cases"][0]
        return {**case["certificates"][0], "case": case}

    @in_both_dialects
    def test_it_is_asked_about_before_it_is_cancelled_and_never_published(self, life: LifeWorld) -> None:
        """A code that the dialect does not know says nothing of what the library has: it is asked, and does not have it."""
        it = self.parked(life, "unknown-code")
        life.book(("ZHUXIAO", "400", None), "N-1", it["number"], it["case"]["caseNo"])
        self.assertEqual(["not_published"], life.stages("N-1"))
        # What three calls began is a draft there for ever; it never was a certificate.
        self.assertEqual([], [row for row in life.world.held() if row["status"] != "processing"])
        self.assertEqual([], life.changes())
        parked = 'certbridge_deliveries{endpoint="library",state="parked"}'
        self.assertEqual(0, life.world.host.metrics().get(parked, 0), "nothing is left for a person")
        life.nothing_is_wrong()


main(__name__)
