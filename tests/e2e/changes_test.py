"""Changes (earlier certificates and new ones of one case) and terms: what ends when, and what is told of it."""

import datetime
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "crash"))

from fronts import call_back, decide  # noqa: E402
from life_test import in_both_dialects  # noqa: E402
from life_world import LAST_CALL, STATUS_PATH, LifeWorld  # noqa: E402
from office import Office  # noqa: E402
from world import main, until  # noqa: E402

TRANSFER, REPLACEMENT = "200", "500"
EXPIRED = "-4"  # as linewell says it


def ask(life: LifeWorld, *words: str) -> dict:
    """The answer of an operation."""
    return json.loads(life.world.certbridge(*words, "--json"))


def of_issuer(titles: list[dict], count: int) -> dict[str, str]:
    """Number and case of several titles of one issuer and unit each."""
    single = [it for it in titles if len(it["case"]["units"]) == 1 and len(it["case"]["certificates"]) == 1]
    for first in single:
        same = [it for it in single if it["issuerCode"] == first["issuerCode"]]
        if len(same) >= count:
            return {it["number"]: it["case"]["caseNo"] for it in same[:count]}
    raise AssertionError("no issuer has so many")


class Changes(unittest.TestCase):
    def changes(self, life: LifeWorld, *words: str) -> dict[str, str]:
        """State by case."""
        return {row["case"]: row["state"] for row in ask(life, "changes", "list", *words)["changes"]}

    @in_both_dialects
    def test_where_the_right_has_passed_the_old_one_ends_whatever_becomes_of_the_new(self, life: LifeWorld) -> None:
        office, earlier = Office(life), of_issuer(life.collect(12, seed=301), 1)
        (old,) = earlier
        office.rearrange("ZY-1", TRANSFER, ("DENGBU",), earlier, 1)
        life.settle()
        life.is_told(old, "cancelled")
        self.assertEqual({"ZY-1": "under-way"}, self.changes(life))
        self.assertEqual(["changed"], life.stages("ZY-1"))
        life.world.execute(office.event("ZY-1", "SHANZHENG", next(iter(earlier.values())), registration=TRANSFER, right="4",
                                        unit=life.world.query("SELECT unit_no FROM mw_case_right WHERE case_no = 'ZY-1'")[0][0]))
        life.settle()
        self.assertEqual({"ZY-1": "complete"}, self.changes(life, "--state", "all"))
        self.assertEqual([("cancelled", "转移登记")], [(row["state"], row["reason"]) for row in life.world.books(
            "SELECT state, reason FROM held WHERE number = '%s'" % old)])
        life.nothing_is_wrong()

    @in_both_dialects
    def test_a_replacement_is_collected_before_the_old_one_ends(self, life: LifeWorld) -> None:
        """Two certificates become two; the library takes one, is out of order for the other, then takes that too."""
        office, earlier = Office(life), of_issuer(life.collect(24, seed=302), 2)
        life.world.certbridge("deliveries", "hold", "--endpoint", "library", "--reason", "the library is moved")
        new = office.rearrange("GZ-1", REPLACEMENT, ("DENGBU", "SHANZHENG"), earlier, 2)
        until(lambda: self.changes(life) == {"GZ-1": "under-way"}, "the change is known")
        for old in earlier:
            life.is_told(old, "valid")
        life.world.certbridge("deliveries", "release", "--endpoint", "library", "--reason", "it is there again")
        life.settle()
        for old in earlier:
            life.is_told(old, "cancelled")
        for number in new:
            life.is_told(number, "valid")
        identifiers = {row["identifier"] for number in new for row in life.world.books(
            "SELECT identifier FROM held WHERE number = '%s'" % number)}
        for old in earlier:
            (row,) = life.world.books("SELECT reason, related, arrival FROM held WHERE number = '%s'" % old)
            self.assertEqual("更正换证", row["reason"])
            self.assertIn(row["related"], identifiers)
        told = [row["identifier"] for row in life.world.books(
            "SELECT identifier FROM requests WHERE path = '%s'" % STATUS_PATH[life.dialect])]
        self.assertEqual(2, len(told))
        listed = ask(life, "changes", "list", "--state", "all")
        self.assertEqual(["complete"], [row["state"] for row in listed["changes"]])
        self.assertEqual(["collected", "collected", "ended", "ended"],
                         sorted(row["standing"] for row in listed["certificates"]))
        life.nothing_is_wrong()

    @in_both_dialects
    def test_a_replacement_that_is_refused_leaves_the_old_one_and_is_late(self, life: LifeWorld) -> None:
        policy = life.world.folder / "config" / "life.xml"
        policy.write_text(policy.read_text("utf-8").replace('limit="72h"', 'limit="1s"'), "utf-8")
        office, earlier = Office(life), of_issuer(life.collect(12, seed=303), 1)
        (old,) = earlier
        life.world.certbridge("deliveries", "hold", "--endpoint", "library", "--reason", "the library is moved")
        office.rearrange("GZ-2", REPLACEMENT, ("SHANZHENG",), earlier, 1)
        until(lambda: self.changes(life, "--late", "yes") == {"GZ-2": "under-way"}, "the change is late")
        life.is_told(old, "valid")
        life.world.host.terminate()
        life.world.host.start()
        until(lambda: life.world.host.metrics().get("certbridge_changes_half_done") == 1, "it is an alarm")
        changes = json.loads(life.world.host.page("/health/ready")[1])["changes"]
        self.assertEqual((1, True), (changes["half-done"], changes["alarm"]))
        self.assertIn("life.change_half_done", life.world.host.log.read_text("utf-8"))
        life.world.execute(("UPDATE mw_case_cert SET status = 0 WHERE case_no = 'GZ-2'",),
                           office.event("GZ-2", "TUIHUI", "GZ-2"))
        until(lambda: self.changes(life, "--state", "given-up") == {"GZ-2": "given-up"}, "it is given up")
        life.world.certbridge("deliveries", "release", "--endpoint", "library", "--reason", "it is there again")
        life.settle()
        life.is_told(old, "valid")
        life.nothing_is_wrong()

    @in_both_dialects
    def test_a_new_one_that_its_library_rejects_after_it_had_taken_it_is_awaited_again(self, life: LifeWorld) -> None:
        office, earlier = Office(life), of_issuer(life.collect(12, seed=306), 1)
        (old,) = earlier
        call_back(life.world)
        life.world.fault(LAST_CALL[life.dialect], "receive", milliseconds=-1)
        (new,) = office.rearrange("HZ-1", REPLACEMENT, ("SHANZHENG",), earlier, 1)
        until(lambda: "received" in life.stages("HZ-1"), "the library has received it")
        self.assertEqual(200, decide(life.world, True))
        life.settle()
        life.is_told(old, "cancelled")
        self.assertEqual(("complete", {old: "ended", new: "collected"}), self.standing(life))
        self.assertEqual(200, decide(life.world, False))
        until(lambda: "refused" in life.stages("HZ-1"), "the registration system is told")
        self.assertEqual(("under-way", {old: "ended", new: "awaited"}), self.standing(life))
        self.assertEqual(1, life.world.host.metrics()['certbridge_deliveries{endpoint="library",state="repair"}'])
        life.world.host.kill()
        life.world.host.start()
        call_back(life.world)
        life.is_told(old, "cancelled")
        self.assertEqual(200, decide(life.world, True))
        life.settle()
        self.assertEqual(("complete", {old: "ended", new: "collected"}), self.standing(life))
        life.is_told(new, "valid")
        life.nothing_is_wrong()

    def standing(self, life: LifeWorld) -> tuple[str, dict[str, str]]:
        """State of the only change, and how each certificate stands in it."""
        listed = ask(life, "changes", "list", "--state", "all")
        (change,) = listed["changes"]
        return change["state"], {row["number"]: row["standing"] for row in listed["certificates"]}

    def test_what_was_never_electronic_is_final_and_several_in_one_field_are_found(self) -> None:
        life = LifeWorld(self, "linewell")
        office, earlier = Office(life), of_issuer(life.collect(12, seed=304), 1)
        ((old, case),) = earlier.items()
        office.rearrange("GZ-3", REPLACEMENT, ("SHANZHENG",), earlier, 1)
        life.world.execute(("UPDATE mw_case_right SET prev_certs = ? WHERE case_no = 'GZ-3'",
                            f"{old}、宛市房权证字第20010001号，{old.replace('（', '(').replace('）', ')')}"))
        life.settle()
        life.is_told(old, "cancelled")
        listed = ask(life, "changes", "list", "--state", "all")
        self.assertEqual(["complete"], [row["state"] for row in listed["changes"]])
        self.assertEqual(3, len(listed["certificates"]), listed)
        self.assertIn("life.not_held", life.listed("not-held"))
        life.nothing_is_wrong()


class Terms(unittest.TestCase):
    def test_one_that_has_expired_is_renewed_and_ends_once_the_new_one_is_collected(self) -> None:
        life = LifeWorld(self, "linewell")
        policy = life.world.folder / "config" / "life.xml"
        policy.write_text(policy.read_text("utf-8").replace('<term at-end="warn"/>', '<term at-end="expire"/>'), "utf-8")
        today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
        life.world.generate(12, seed=307)
        earlier = of_issuer(life.titles(), 1)
        ((old, case),) = earlier.items()
        life.world.execute(("UPDATE mw_case_right SET yt = '工业', syqx_js = ? WHERE case_no = ?",
                            f"{today - datetime.timedelta(days=1)} 00:00:00", case))
        life.world.host.start()
        until(lambda: life.world.books(f"SELECT 1 FROM held WHERE number = '{old}'") and life.word(old) == EXPIRED,
              "it has expired")
        life.settle()
        life.world.certbridge("deliveries", "hold", "--endpoint", "library", "--reason", "the library is moved")
        (new,) = Office(life).rearrange("XQ-1", "300", ("DENGBU", "SHANZHENG"), earlier, 1, taken=True)
        life.world.execute(("UPDATE mw_case_right SET djyy = '续期', syqx_js = ? WHERE case_no = 'XQ-1'",
                            f"{today.replace(year=today.year + 20, day=1)} 00:00:00"),
                           ("UPDATE mw_case_outbox SET status = 0 WHERE case_no = 'XQ-1'",))
        until(lambda: ask(life, "changes", "list")["changes"], "the renewal is known")
        self.assertEqual(EXPIRED, life.word(old), "it stands until the new one is there")
        life.world.certbridge("deliveries", "release", "--endpoint", "library", "--reason", "it is there again")
        until(lambda: "collected" in life.stages("XQ-1"), "the new one is collected")
        life.settle()
        life.is_told(new, "valid")
        life.is_told(old, "cancelled")
        ((reason, related, identifier),) = [tuple(row.values()) for row in life.world.books(
            "SELECT old.reason, old.related, new.identifier FROM held old JOIN held new"
            f" WHERE old.number = '{old}' AND new.number = '{new}'")]
        self.assertEqual(("变更换证", identifier), (reason, related))
        listed = ask(life, "changes", "list", "--state", "all")
        self.assertEqual(["complete"], [row["state"] for row in listed["changes"]])
        ending = ask(life, "certificates", "ending", "--days", "0")["certificates"]
        self.assertNotIn(old, {row["number"] for row in ending})
        self.assertEqual(2, len(life.changes()), "expired, then cancelled")
        life.nothing_is_wrong()

    def test_what_ends_is_listed_and_expires_where_the_policy_says_so(self) -> None:
        life = LifeWorld(self, "linewell")
        policy = life.world.folder / "config" / "life.xml"
        policy.write_text(policy.read_text("utf-8").replace('<term at-end="warn"/>',
                          '<term use="商业" at-end="expire"/>\n    <term at-end="warn"/>'), "utf-8")
        today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
        yesterday, next_week = today - datetime.timedelta(days=1), today + datetime.timedelta(days=7)
        life.world.generate(20, seed=305)
        cases = [it["case"]["caseNo"] for it in life.titles() if len(it["case"]["certificates"]) == 1][:4]
        for case, use, day in zip(cases, ("商业", "工业", "城镇住宅用地", "商业"), (yesterday, yesterday, yesterday, next_week)):
            life.world.execute(("UPDATE mw_case_right SET yt = ?, syqx_js = ? WHERE case_no = ?", use, f"{day} 00:00:00", case))
        life.world.host.start()
        life.world.wait_until_ended()
        numbers = {it["case"]["caseNo"]: it["number"] for it in life.titles()}
        shop, works, home, soon = (numbers[case] for case in cases)
        ending = {row["number"]: row for row in ask(life, "certificates", "ending", "--days", "30")["certificates"]}
        self.assertEqual({shop, works, soon}, set(ending))
        self.assertEqual(("expire", "warn"), (ending[shop]["at-the-end"], ending[works]["at-the-end"]))
        every = ask(life, "certificates", "ending", "--days", "30", "--all", "yes")["certificates"]
        self.assertIn(home, {row["number"] for row in every})
        for _ in range(2):  # over a restart, and once more
            life.world.host.terminate()
            life.world.host.start()
            until(lambda: life.word(shop) == EXPIRED, "it has expired")
            life.settle()
        for number in (works, home, soon):
            life.is_told(number, "valid")
        self.assertEqual(1, len(life.changes()))
        life.nothing_is_wrong()


main(__name__)
