"""Bookings that the province rejected, that reach it late, or whose case was returned: their numbers before and after the
log of their day, and that both books say the same in the end."""

import json
import unittest

from daily_log_test import AREA, BUSY, SEIZED, TURNS, DailyLogWorld
from world import main, until

# A second fetching turn after the first log, and a log after that.
MORE_TURNS = {**TURNS, "days.times": "1m 24h 1441m 1442m 1443m"}
CHANGES = {'incomplete-retry="1m"': 'incomplete-retry="200ms"', "header.turn = '2'": "header.turn = '2' or header.turn = '4'"}


class ResendingWorld(DailyLogWorld):
    """A world whose registration system corrects and takes back."""

    def mend(self, number: int) -> None:
        """The registration system corrects a case."""
        self.execute(("UPDATE mw_booked_right SET cfwh = '（2026）执1号之一' WHERE case_id = ?", f"c{number}"))

    def tell_again(self, number: int) -> None:
        """A second event of a case: its booking was changed."""
        self.execute(
            ("INSERT INTO mw_case_outbox (seq, event_id, event_type, case_no, case_id, revision, area_code, djlx, djxl, qllx, unit_no,"
             " occurred_at) SELECT 100 + seq, event_id || ':2', event_type, case_no, case_id, 2, area_code, djlx, djxl, qllx, unit_no,"
             " occurred_at FROM mw_case_outbox WHERE seq = ?", number))

    def give_back(self, number: int) -> None:
        """A case is returned: it is booked no more."""
        self.execute(
            ("DELETE FROM mw_case_right WHERE case_no = ?", f"C{number}"),
            ("INSERT INTO mw_case_outbox (seq, event_id, event_type, case_no, case_id, area_code, djlx, djxl, qllx, unit_no, occurred_at)"
             " VALUES (?, ?, 'TUIHUI', ?, ?, ?, '800', '8000101', '98', ?, ?)", 200 + number, f"TUIHUI:C{number}", f"C{number}",
             f"c{number}", AREA, f"{AREA}001001GB00001F{number:08}", f"{BUSY} 11:00:00"))

    def numbers(self, case: str, state: str = "accepted") -> list[str]:
        """Of the messages about a case, in the order of their arrival."""
        return [row["number"] for row in self.ask("messages")["messages"] if (row["flow"], row["state"]) == (case, state)]

    def parked(self) -> dict[str, str]:
        """Messages that the province rejected, by case."""
        rows = json.loads(self.certbridge("parked", "list", "--endpoint", "province", "--json"))["parked"]
        return {row["case"]: row["message"] for row in rows}


class Resent(unittest.TestCase):
    maxDiff = None

    def test_each_booking_has_the_number_that_the_province_asks_for(self) -> None:
        self.world = world = ResendingWorld(self, province="folder", daily_log=True, verify="none", options=MORE_TURNS, changes=CHANGES)
        for number in (1, 2, 3):
            world.book(number)
        world.book(5, told=False)
        for number in (1, 2):
            world.ask("refuse", {"unit": f"{AREA}001001GB00001F{number:08}", "words": "受理员不在字典内"})
        self.repaired_before_the_log()
        self.logged()
        self.repaired_after_the_log()
        self.fetched_late()
        self.returned()
        self.books_are_equal()
        self.assertEqual(0, world.host.terminate())

    def test_what_changed_beside_a_rejected_booking_is_told_too(self) -> None:
        """Two units of a case are corrected, and one of them had been rejected: the event of that waits, and tells the other one."""
        self.world = world = ResendingWorld(self, province="folder", verify="none", changes={'incomplete-retry="2s"': 'incomplete-retry="200ms"'})
        other = f"{AREA}001001GB00001F00000099"
        world.book(1, told=False)
        world.execute(
            ("INSERT INTO mw_case_right (case_id, case_no, unit_no, right_type, djlx, djjg, xz_jg, dbr, djsj, qszt) SELECT 'c1b', case_no, ?,"
             " right_type, djlx, djjg, xz_jg, dbr, djsj, qszt FROM mw_case_right WHERE case_id = 'c1'", other), (SEIZED, "c1b"))
        world.ask("refuse", {"unit": other, "words": "受理员不在字典内"})
        world.tell(1)
        world.host.start()
        until(lambda: world.numbers("C1-1") and world.numbers("C1-2", "rejected"), "one is accepted and one rejected")
        until(lambda: world.deliveries("province", "parked") == 1 and not world.deliveries("province", "open"), "both verdicts are read")
        world.execute(("UPDATE mw_booked_right SET cfwh = '（2026）执1号之一' WHERE case_id IN ('c1', 'c1b')",))
        world.tell_again(1)
        world.certbridge("parked", "refetch", world.parked()["C1"], "--reason", "corrected by the registration office")
        until(lambda: len(world.numbers("C1-1")) == 2 and world.numbers("C1-2"), "both corrections are accepted")
        first, update = world.numbers("C1-1")
        self.assertEqual(first + "BL", update)
        self.assertEqual([], world.ask("violations")["violations"])
        self.assertEqual(0, world.host.terminate())

    def accepted(self, *cases: str) -> None:
        """Wait until these are what the province has."""
        until(lambda: self.world.accepted() == sorted(cases), f"{cases} are accepted")

    def refetch(self, number: int) -> str:
        """Mend a rejected booking at its source and send it again; its first number."""
        (first,) = self.world.numbers(f"C{number}", "rejected")
        self.world.mend(number)
        self.world.certbridge("parked", "refetch", self.parked[f"C{number}"], "--reason", "corrected by the registration office")
        return first

    def repaired_before_the_log(self) -> None:
        """It keeps its number."""
        self.world.host.start()
        self.accepted("C3")
        until(lambda: self.world.deliveries("province", "parked") == 2, "two are rejected")
        self.parked = self.world.parked()
        first = self.refetch(1)
        self.accepted("C1", "C3")
        self.assertEqual([first], self.world.numbers("C1"))
        self.world.host.kill()
        self.world.host.start()
        self.accepted("C1", "C3", "C5")
        self.world.host.kill()

    def logged(self) -> None:
        """The day's log says what was accepted until then."""
        self.world.host.start()
        until(lambda: self.world.logs(BUSY) == [(1, 4, 3, "0200")], "the day is reported")

    def repaired_after_the_log(self) -> None:
        """It is told again with the suffix for that; what changes an accepted booking has another one."""
        first = self.refetch(2)
        self.accepted("C1", "C2", "C3", "C5")
        self.assertEqual([first + "CBXZ"], self.world.numbers("C2"))
        self.world.mend(3)
        self.world.tell_again(3)
        until(lambda: len(self.world.numbers("C3")) == 2, "the change is accepted")
        before, after = self.world.numbers("C3")
        self.assertEqual(before + "BL", after)
        until(lambda: not self.world.deliveries("province", "open"), "all verdicts are read")

    def fetched_late(self) -> None:
        """What never came is fetched after the log: a number of its own, with the suffix of late reports."""
        self.world.book(4, told=False)
        self.world.host.kill()
        self.world.host.start()
        self.accepted("C1", "C2", "C3", "C3", "C4", "C5")
        (number,) = self.world.numbers("C4")
        self.assertRegex(number, "^[0-9]{18}BBXZ$")
        until(lambda: not self.world.deliveries("province", "open"), "its verdict is read")

    def returned(self) -> None:
        """The province has it, and a person sees that; here he does nothing about it."""
        self.world.give_back(5)
        until(lambda: self.world.deliveries("returned-bookings", "parked") == 1, "the returned booking is set aside")
        self.assertTrue(self.world.logged("booking.returned", '"C5"', self.world.numbers("C5")[0]))
        self.world.host.kill()

    def books_are_equal(self) -> None:
        """The next version names the numbers in effect, which the province compares with its own books: it has the booking of
        the returned case, and the register has not."""
        self.world.host.start()
        until(lambda: len(self.world.logs(BUSY)) == 2, "the day is corrected")
        self.assertEqual([(2, 4, 5, "0200")], self.world.logs(BUSY)[1:])
        self.assertEqual({"violations": [], "count": 0}, self.world.ask("violations"))
        self.assertEqual({"gaps": []}, self.world.ask("gaps"))
        self.assertEqual({1}, {row["times"] for row in self.world.ask("messages")["messages"]})
        alarms = [row["alarm"] for row in self.world.ask("daily-logs")["logs"] if row["day"] == f"{BUSY:%Y%m%d}" and row["area"] == AREA]
        self.assertEqual(["接入量小于登簿量", "接入量大于登簿量"], alarms)


if __name__ == "__main__":
    main(__name__)
