"""Bookings that the province rejected, that reach it late, or whose case was returned: their numbers before and after the
log of their day, and that both books say the same in the end."""

import json
import sqlite3
import unittest

from daily_log_test import AREA, BUSY, PATIENCE, DailyLogHost, until

# A second fetching turn after the first log, and a log after that; a field that people mend.
TURNS = 'value="1m 24h 1441m 1442m 1443m"'
FETCHES = "header.turn = '2' or header.turn = '4'"
MISSING = """</endpoint>
    <endpoint name="missing" plugin="provincial_platform" kind="missing-bookings">"""
RETURNED = """<verdicts ask="100ms" watch="72h" look="6h" repair="holds"/></endpoint>
    <endpoint name="returned" plugin="provincial_platform" kind="returned-bookings"><option name="bookings" value="province"/></endpoint>
    <endpoint name="missing" plugin="provincial_platform" kind="missing-bookings"><option name="beside" value="booked"/>"""
BESIDE = """<from endpoint="outbox" when="header.event-type = 'DENGBU'" beside="yes"/>"""
MORE_ROUTES = {"returned": """<route xmlns="urn:certbridge:route:1" name="returned">
  <from endpoint="outbox" when="header.event-type = 'TUIHUI'"/>
  <withdraw key="case" type="certificate.void" reported="registration.returned"/><deliver endpoint="returned"/></route>""", "seen": """
<route xmlns="urn:certbridge:route:1" name="seen"><from endpoint="outbox"/></route>"""}


def replaced(text: str, old: str, new: str) -> str:
    """The text with one part changed, which it must have."""
    assert old in text, old
    return text.replace(old, new)


class ResendingHost(DailyLogHost):
    def _write_configuration(self, areas: str, apart: str) -> None:
        super()._write_configuration(areas, apart)
        for name, text in MORE_ROUTES.items():
            (self.folder / "routes" / f"{name}.xml").write_text(text, "utf-8")
        for name, old, new in (("certbridge.xml", 'value="1m 24h 1441m 1442m"', TURNS),
                               ("certbridge.xml", MISSING, RETURNED),
                               ("routes/booked.xml", '<from endpoint="outbox"/>', BESIDE),
                               ("routes/days.xml", "header.turn = '2'", FETCHES),
                               ("queries.xml", "'受理员' AS slry", "'受理员' || coalesce(djyy, '') AS slry")):
            file = self.folder / name
            file.write_text(replaced(file.read_text("utf-8"), old, new), "utf-8")

    def mend(self, number: int) -> None:
        """The registration system corrects a case."""
        with sqlite3.connect(self.folder / "registration.db", timeout=60) as database:
            database.execute("UPDATE mw_case_right SET djyy = '更正' WHERE case_no = ?", (f"C{number}",))

    def tell_again(self, number: int) -> None:
        """A second event of a case: its booking was changed."""
        with sqlite3.connect(self.folder / "registration.db", timeout=60) as database:
            database.execute(
                "INSERT INTO mw_case_outbox (seq, event_id, event_type, case_no, case_id, revision, area_code, djlx, qllx, unit_no,"
                " occurred_at) SELECT 100 + seq, event_id || ':2', event_type, case_no, case_id, 2, area_code, djlx, qllx, unit_no,"
                " occurred_at FROM mw_case_outbox WHERE seq = ?", (number,))

    def give_back(self, number: int) -> None:
        """A case is returned: it is booked no more."""
        with sqlite3.connect(self.folder / "registration.db", timeout=60) as database:
            database.execute("DELETE FROM mw_case_right WHERE case_no = ?", (f"C{number}",))
            database.execute("INSERT INTO mw_case_outbox (seq, event_id, event_type, case_no, case_id, area_code, djlx, qllx, occurred_at)"
                             " VALUES (?, ?, 'TUIHUI', ?, ?, ?, '400', '4', ?)", (200 + number, f"TUIHUI:C{number}", f"C{number}", f"c{number}",
                                                                     AREA, f"{BUSY} 11:00:00"))

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
        self.host = host = ResendingHost(self)
        for number in (1, 2, 3):
            host.book(number)
        host.book(5, told=False)
        for number in (1, 2):
            host.ask("refuse", {"unit": f"990101001001GB00001F{number:08}", "words": "受理员不在字典内"})
        self.repaired_before_the_log()
        self.logged()
        self.repaired_after_the_log()
        self.fetched_late()
        self.returned()
        self.books_are_equal()
        self.assertEqual(0, host.stop())

    def accepted(self, *cases: str) -> None:
        """Wait until these are what the province has."""
        until(lambda: self.host.accepted() == sorted(cases), f"{cases} are accepted", 0.05, PATIENCE)

    def refetch(self, number: int) -> str:
        """Mend a rejected booking at its source and send it again; its first number."""
        (first,) = self.host.numbers(f"C{number}", "rejected")
        self.host.mend(number)
        self.host.certbridge("parked", "refetch", self.parked[f"C{number}"], "--reason", "corrected by the registration office")
        return first

    def repaired_before_the_log(self) -> None:
        """It keeps its number."""
        self.host.start()
        self.accepted("C3")
        until(lambda: self.host.deliveries("province", "parked") == 2, "two are rejected", 0.05, PATIENCE)
        self.parked = self.host.parked()
        first = self.refetch(1)
        self.accepted("C1", "C3")
        self.assertEqual([first], self.host.numbers("C1"))
        self.host.kill()
        self.host.start()
        self.accepted("C1", "C3", "C5")
        self.host.kill()

    def logged(self) -> None:
        """The day's log says what was accepted until then."""
        self.host.start()
        until(lambda: self.host.logs(BUSY) == [(1, 4, 3, "0200")], "the day is reported", 0.05, PATIENCE)

    def repaired_after_the_log(self) -> None:
        """It is told again with the suffix for that; what changes an accepted booking has another one."""
        first = self.refetch(2)
        self.accepted("C1", "C2", "C3", "C5")
        self.assertEqual([first + "CBXZ"], self.host.numbers("C2"))
        self.host.mend(3)
        self.host.tell_again(3)
        until(lambda: len(self.host.numbers("C3")) == 2, "the change is accepted", 0.05, PATIENCE)
        before, after = self.host.numbers("C3")
        self.assertEqual(before + "BL", after)
        until(lambda: not self.host.deliveries("province", "open"), "all verdicts are read", 0.05, PATIENCE)

    def fetched_late(self) -> None:
        """What never came is fetched after the log: a number of its own, with the suffix of late reports."""
        self.host.book(4, told=False)
        self.host.kill()
        self.host.start()
        self.accepted("C1", "C2", "C3", "C3", "C4", "C5")
        (number,) = self.host.numbers("C4")
        self.assertRegex(number, "^[0-9]{18}BBXZ$")
        until(lambda: not self.host.deliveries("province", "open"), "its verdict is read", 0.05, PATIENCE)

    def returned(self) -> None:
        """The province has it, and a person sees that; here he does nothing about it."""
        self.host.give_back(5)
        until(lambda: self.host.deliveries("returned", "parked") == 1, "the returned booking is set aside", 0.05, PATIENCE)
        self.assertTrue(self.host.logged("booking.returned", '"C5"', self.host.numbers("C5")[0]))
        self.host.kill()

    def books_are_equal(self) -> None:
        """The next version names the numbers in effect, which the province compares with its own books: it has the booking of
        the returned case, and the register has not."""
        self.host.start()
        until(lambda: len(self.host.logs(BUSY)) == 2, "the day is corrected", 0.05, PATIENCE)
        self.assertEqual([(2, 4, 5, "0200")], self.host.logs(BUSY)[1:])
        self.assertEqual({"violations": [], "count": 0}, self.host.ask("violations"))
        self.assertEqual({"gaps": []}, self.host.ask("gaps"))
        self.assertEqual({1}, {row["times"] for row in self.host.ask("messages")["messages"]})
        alarms = [row["alarm"] for row in self.host.ask("daily-logs")["logs"] if row["day"] == f"{BUSY:%Y%m%d}" and row["area"] == AREA]
        self.assertEqual(["接入量小于登簿量", "接入量大于登簿量"], alarms)


if __name__ == "__main__":
    unittest.main()
