"""G9: bad rows are refused whole and precisely, a person can see why, and the good ones go on."""

import unittest

import checks
from world import World, main, until


class BadRows(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        self.world = World(self, options={"registration-reader.party-grace": "2s"})

    def finished(self, count: int, **options: int) -> World:
        self.world.generate(count, **options)
        self.world.host.start()
        self.world.wait_until_ended()
        return self.world

    def parked(self) -> str:
        return self.world.certbridge("messages", "list", "--state", "parked", "--limit", "1000")

    def case(self, reason: str) -> dict:
        return next(c for c in self.world.truth()["cases"] if c["reason"] == reason)

    def event(self, case: dict, kind: str = "SHANZHENG") -> tuple:
        """Status and last error of an event's row."""
        return self.world.query("SELECT status, last_error FROM mw_case_outbox WHERE case_no = ? AND event_type = ?",
                                case["caseNo"], kind)[0]

    def test_wrong_rows_are_parked_and_the_others_go_on(self) -> None:
        world = self.finished(24, seed=41, refused=8)
        self.assertEqual([], checks.wrong(world))
        listing = self.parked()
        for reason, code in (("empty-date", "registration.date"), ("unknown-code", "registration.unmapped_code")):
            with self.subTest(reason=reason):
                case = self.case(reason)
                lines = [line for line in listing.splitlines() if case["caseNo"] in line]
                self.assertTrue(any(code in line for line in lines), lines)
                shown = world.certbridge("case", case["caseNo"])
                self.assertIn(code, shown)
                # The place of the value is named, the value is not.
                self.assertNotIn("0001-01-01", shown)

    def test_of_a_classified_case_nothing_but_number_and_fact_is_kept(self) -> None:
        world = self.finished(16, seed=42, refused=8)
        case = self.case("classified")
        people = {name for row in world.query("SELECT xm, zjh FROM mw_case_party WHERE case_no = ?", case["caseNo"])
                  for name in row if name}
        places = {row[0] for row in world.query("SELECT zl FROM mw_case_right WHERE case_no = ?", case["caseNo"])}
        units = set(case["units"])
        self.assertTrue(people and places and units)
        self.assertEqual([], checks.leaks(world, {word: word.encode() for word in people | places}))
        shown = world.certbridge("case", case["caseNo"])
        self.assertIn("intake.classified", shown)
        self.assertEqual({4}, {row[0] for row in world.query(
            "SELECT status FROM mw_case_outbox WHERE case_no = ? AND last_error LIKE 'intake.classified%'",
            case["caseNo"])})
        for word in people | places | units:
            self.assertNotIn(word, shown)
        self.assertEqual([], checks.compare(world))

    def test_damaged_bytes_are_refused_with_their_place_and_the_others_go_on(self) -> None:
        """A name in GB18030, a plan that was cut off, and an event with GB18030 in a column of its own."""
        world = self.world
        world.generate(8, seed=44)
        cases = world.truth()["cases"]
        named, drawn, told, *good = cases
        plan = "iVBORw0KGgoAAAANSUhEUgAAAUAAAADw"
        world.execute(("UPDATE mw_case_party SET xm = CAST(X'B2E2CAD4' AS TEXT) WHERE case_no = ?", named["caseNo"]),
                      ("DELETE FROM mw_cert_image WHERE cert_id = ?", drawn["certificates"][0]["certId"]),
                      ("INSERT INTO mw_cert_image VALUES (?, 1, 'image/png', '" + plan + "')",
                       drawn["certificates"][0]["certId"]),
                      ("UPDATE mw_case_outbox SET djxl = CAST(X'D6D0' AS TEXT) WHERE case_no = ? AND "
                       "event_type = 'SHANZHENG'", told["caseNo"]))
        world.host.start()
        until(lambda: not world.open_events() and not world.busy_deliveries(), "everything has ended")
        refused = {row["case_no"]: row for row in world.results() if row["stage"] == "refused"
                   and row["code"] != "registration.case_not_collected"}
        for case, code, place in ((named, "registration.records_refused", "mw_case_party.xm，第1行"),
                                  (drawn, "ofd_compose.picture", "mw_cert_image.content")):
            with self.subTest(code=code):
                self.assertEqual(code, refused[case["caseNo"]]["code"])
                self.assertIn(place, refused[case["caseNo"]]["sentence"])
                self.assertIn(case["caseNo"], self.parked())
        status, error = self.event(told)
        self.assertEqual(4, status, error)
        self.assertRegex(error, "^sql.text: column djxl: byte 1")
        self.assertIn("sql.text", self.parked())
        for case in good:
            collected = [row for row in world.results()
                         if row["case_no"] == case["caseNo"] and row["stage"] == "collected"]
            self.assertEqual(len(case["certificates"]), len(collected), case["caseNo"])

    def test_an_event_that_comes_again_is_the_same_and_with_other_content_a_conflict(self) -> None:
        world = self.finished(6, seed=43)
        same, other = world.truth()["cases"][:2]
        world.execute(("UPDATE mw_case_outbox SET status = 0 WHERE case_no = ? AND event_type = 'SHANZHENG'",
                       same["caseNo"]),
                      ("UPDATE mw_case_outbox SET status = 0, djxl = '7770001' WHERE case_no = ? AND "
                       "event_type = 'SHANZHENG'", other["caseNo"]))
        until(lambda: not world.open_events(), "both rows have an answer")
        self.assertEqual(2, self.event(same)[0])
        status, error = self.event(other)
        self.assertEqual(4, status)
        self.assertTrue(error and "content" in error, error)
        until(lambda: not world.busy_deliveries(), "everything is delivered")
        self.assertEqual([], checks.compare(world) + checks.duplicates(world))


main(__name__)
