"""A case is returned, or its record changes: what was not sent never leaves, what was sent is voided."""

import unittest
import zipfile

import checks
from world import World, main, until

NEW_PLACE = "改址路8号"


class Returned(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        self.world = World(self)

    def return_case(self, case_no: str) -> None:
        """What a registration system does: certificates withdrawn, then the event."""
        self.world.execute(
            ("UPDATE mw_case_cert SET status = 0 WHERE case_no = ?", case_no),
            ("INSERT INTO mw_case_outbox (seq, event_id, event_type, case_no, case_id, area_code, djlx, djxl, qllx,"
             " unit_no, occurred_at) SELECT (SELECT max(seq) + 1 FROM mw_case_outbox), 'TUIHUI:' || case_no || ':1',"
             " 'TUIHUI', case_no, case_id, area_code, djlx, djxl, qllx, unit_no, occurred_at FROM mw_case_outbox"
             " WHERE case_no = ? AND event_type = 'SHANZHENG'", case_no))

    def stages(self, case_no: str) -> set[str]:
        return {row["stage"] for row in self.world.results() if row["case_no"] == case_no}

    def held(self, case_no: str) -> list[str]:
        return [row["status"] for row in self.world.held() if row["caseNumber"] == case_no]

    def quiet(self) -> None:
        until(lambda: not self.world.open_events() and not self.world.busy_deliveries(), "everything has ended")

    def test_after_collection_it_is_voided_at_the_library(self) -> None:
        self.world.generate(4, seed=51)
        self.world.host.start()
        self.world.wait_until_ended()
        case = self.world.truth()["cases"][1]
        self.return_case(case["caseNo"])
        until(lambda: "voided" in self.stages(case["caseNo"]), "voided is written back")
        self.quiet()
        self.assertEqual(["cancelled"] * len(case["certificates"]), self.held(case["caseNo"]))
        self.assertEqual([], checks.duplicates(self.world) + checks.resent_without_asking(self.world))

    def returned_before_sending(self, case: dict) -> None:
        """Return a case of which the library was sent nothing; then let the library work."""
        world = self.world
        self.return_case(case["caseNo"])
        until(lambda: not world.open_events(), "the return is taken over")
        until(lambda: not any('state="accepted"' in name and value for name, value in world.host.metrics().items()),
              "the return is worked off")
        world.set_chaos("")
        self.quiet()
        self.assertEqual([], self.held(case["caseNo"]))
        self.assertEqual([], world.books("SELECT path, code FROM requests WHERE path LIKE '%status%'"))
        self.assertIn("withdrawn", self.stages(case["caseNo"]))
        self.assertNotIn("voided", self.stages(case["caseNo"]))
        parked = world.certbridge("messages", "list", "--state", "parked")
        self.assertNotIn(case["caseNo"], parked)

    def test_behind_another_of_its_unit_nothing_leaves_and_nothing_is_voided(self) -> None:
        """A mortgage waits behind the transfer of its flat, which the library does not take yet."""
        world = self.world
        world.generate(20, seed=52)
        mortgage = next(c for c in world.truth()["cases"] if "mortgage on a flat bought before" in c["features"])
        world.set_chaos("seed=1,down=1")
        world.host.start()
        until(lambda: mortgage["caseNo"] in world.certbridge("messages", "list", "--type", "certificate.issue"),
              "the mortgage is on its way")
        self.returned_before_sending(mortgage)

    def test_sealed_and_reported_but_not_sent_nothing_is_voided(self) -> None:
        """The library is slow and takes one at a time: the case is sealed and waits for its turn."""
        world = self.world = World(self, changes={'workers="8"': 'workers="1"'})
        world.generate(12, seed=55)
        case = [c for c in world.truth()["cases"] if c["type"] == "transfer" and len(c["certificates"]) == 1][-1]
        world.set_chaos("seed=1,slow=1,ms=4000")
        world.host.start()
        until(lambda: "sealed" in self.stages(case["caseNo"]), "the case is sealed")
        self.returned_before_sending(case)

    def test_what_may_have_been_sent_is_voided_once_that_is_known(self) -> None:
        """The answer to the collection is lost, then the case is returned: in the end it is not valid there."""
        world = self.world
        world.generate(1, seed=53)
        case = world.truth()["cases"][0]
        world.fault("/epoint/rest/cert/publish", "drop-after")
        world.fault("/epoint/rest/cert/query", "down", times=5)
        world.host.start()
        until(lambda: world.books("SELECT 1 FROM requests WHERE path LIKE '%publish' AND fault = 'drop-after'"),
              "the answer is lost")
        self.return_case(case["caseNo"])
        until(lambda: "voided" in self.stages(case["caseNo"]), "voided is written back")
        self.quiet()
        self.assertEqual(["cancelled"] * len(case["certificates"]), self.held(case["caseNo"]))


class SaidAgain(unittest.TestCase):
    """A new revision of a case: without a change nothing is made, with one it is the next version."""

    maxDiff = None

    def say(self, world: World, case_no: str, kind: str, revision: int) -> None:
        world.execute(
            ("INSERT INTO mw_case_outbox (seq, event_id, event_type, case_no, case_id, revision, area_code, djlx, djxl,"
             " qllx, unit_no, occurred_at) SELECT (SELECT max(seq) + 1 FROM mw_case_outbox), ? || ':' || case_no || ':'"
             " || ?, ?, case_no, case_id, ?, area_code, djlx, djxl, qllx, unit_no, occurred_at FROM mw_case_outbox"
             " WHERE case_no = ? AND event_type = 'SHANZHENG' AND revision = 1", kind, revision, kind, revision, case_no))
        until(lambda: not world.open_events() and not world.busy_deliveries(), "everything has ended")

    def versions(self, world: World, case_no: str) -> list[tuple]:
        return sorted((row["version"], row["status"]) for row in world.held() if row["caseNumber"] == case_no)

    def test_unchanged_changed_and_after_a_return(self) -> None:
        world = World(self)
        world.generate(6, seed=56)
        world.host.start()
        world.wait_until_ended()
        case = next(c for c in world.truth()["cases"] if len(c["certificates"]) == 1)["caseNo"]
        self.assertEqual([(1, "valid")], self.versions(world, case))
        self.say(world, case, "SHANZHENG", 2)
        self.assertEqual([(1, "valid")], self.versions(world, case))
        world.execute(("UPDATE mw_case_right SET zl = ? WHERE case_no = ?", NEW_PLACE, case))
        self.say(world, case, "SHANZHENG", 3)
        self.assertIn((2, "valid"), self.versions(world, case))
        world.execute(("UPDATE mw_case_cert SET status = 0 WHERE case_no = ?", case))
        self.say(world, case, "TUIHUI", 1)
        self.assertNotIn("valid", {status for _, status in self.versions(world, case)})
        world.execute(("UPDATE mw_case_cert SET status = 1 WHERE case_no = ?", case))
        self.say(world, case, "SHANZHENG", 4)
        self.assertIn((3, "valid"), self.versions(world, case))
        self.assertEqual(1, len(world.certbridge("messages", "list", "--state", "parked").splitlines()), "only the head")
        self.assertEqual([], checks.duplicates(world))


class Changed(unittest.TestCase):
    def texts(self, world: World) -> list[str]:
        """The text of each file that the library received."""
        found = []
        for file in world.files.glob("*.ofd"):
            with zipfile.ZipFile(file) as package:
                found.append("".join(package.read(name).decode("utf-8", "replace") for name in package.namelist()
                                     if name.endswith(".xml")))
        return found

    def change_after(self, commits: int) -> bool:
        """Stop the host after so many commits, change the record, go on; whether it was before routing."""
        world = World(self, options={"registration-outbox.lease": "1s"})
        world.generate(1, seed=54)
        world.host.launch(CERTBRIDGE_STOP_AT=f"journal.after_commit:{commits}")
        self.assertEqual(-9, world.host.wait_until_dead())
        routed = "certificate.issue" in world.certbridge("messages", "list", "--type", "certificate.issue")
        world.execute(("UPDATE mw_case_right SET zl = ?", NEW_PLACE))
        world.host.start()
        world.wait_until_ended()
        texts = self.texts(world)
        self.assertEqual(len(world.truth()["cases"][0]["certificates"]), len(texts))
        self.assertEqual(not routed, all(NEW_PLACE in text for text in texts), f"after {commits} commits")
        self.assertEqual([], checks.wrong(world))
        self.assertEqual(0, world.host.terminate())
        world.close()
        return not routed

    def test_a_record_that_changes_is_prepared_anew_and_only_the_new_one_leaves(self) -> None:
        before = [self.change_after(commits) for commits in range(1, 7)]
        self.assertIn(True, before, "no stop was before routing: this run proves nothing")


main(__name__)
