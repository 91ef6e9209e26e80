"""The province's daily log as it is shipped, through the whole host: missed days, fetched bookings, rejection, correction, kills,
the deadline; and a host that is new, or tells no province."""

import json
import unittest
from datetime import datetime, timedelta, timezone

from world import World, fetch, main, until

AREA = "411324"
TODAY = datetime.now(timezone(timedelta(hours=8))).date()
BUSY, QUIET = TODAY - timedelta(days=3), TODAY - timedelta(days=2)
# Each start of the host hands over the next turn of each day: the turns of one day keep apart for longer than a test.
TURNS = {"days.areas": AREA, "days.since": str(BUSY), "days.times": "1m 24h 1441m 1442m", "days.apart": "1h", "days.poll": "50ms"}
SEIZED = ("INSERT INTO mw_booked_right (case_id, cflx, cfwj, cfwh, cfqssj, cfjssj, cffw) VALUES (?, '1', '56S65b2i', '（2026）执1号',"
          " '2026-02-01 00:00:00', '2029-01-31 00:00:00', '全部')")


class DailyLogWorld(World):
    """A world whose province has daily logs of an area."""

    def book(self, number: int, told: bool = True, complete: bool = True) -> None:
        """A seizure is booked on the busy day; an event tells of it unless something went wrong."""
        case, unit, at = f"C{number}", f"{AREA}001001GB00001F{number:08}", f"{BUSY} 10:00:00"
        self.execute(
            ("INSERT INTO mw_case_right (case_id, case_no, unit_no, right_type, djlx, djjg, xz_jg, dbr, djsj, qszt) VALUES"
             " (?, ?, ?, '4', '800', '镇平县自然资源局', '某某人民法院', '登簿员', ?, '1')", case.lower(), case, unit, at),
            (SEIZED, case.lower()),
            ("INSERT INTO mw_booked_applicant (case_no, sxh, xm, zjzl, zjh) VALUES (?, 1, '某某人民法院', '99', 'FY-1')", case))
        if complete:
            self.execute(("INSERT INTO mw_booked_course (case_no, slry, slsj) VALUES (?, '受理员', ?)", case, at))
        if told:
            self.tell(number)

    def tell(self, number: int) -> None:
        """The event of a case."""
        self.execute(
            ("INSERT INTO mw_case_outbox (seq, event_id, event_type, case_no, case_id, area_code, djlx, djxl, qllx, unit_no,"
             " occurred_at) VALUES (?, ?, 'DENGBU', ?, ?, ?, '800', '8000101', '98', ?, ?)", number, f"DENGBU:C{number}:1",
             f"C{number}", f"c{number}", AREA, f"{AREA}001001GB00001F{number:08}", f"{BUSY} 10:00:00"))

    def ask(self, page: str, wish: dict[str, str] | None = None) -> dict:
        """A /sandbox/ page of the province."""
        url = f"{self.addresses['province']}/sandbox/{page}"
        return json.loads(fetch(url, "POST" if wish else "GET", json.dumps(wish).encode() if wish else None)[1])

    def logs(self, day: object) -> list[tuple[int, int, int, str]]:
        """Version, registered, accessed and code of each log of a day."""
        return [(row["version"], row["registered"], row["accessed"], row["code"]) for row in self.ask("daily-logs")["logs"]
                if row["day"] == f"{day:%Y%m%d}"]

    def versions(self) -> list[tuple[str, str, int]]:
        """Area, day and version of what the province was sent of the days until the quiet one."""
        return [(row["area"], row["day"], row["version"]) for row in self.ask("daily-logs")["logs"] if row["day"] <= f"{QUIET:%Y%m%d}"]

    def accepted(self) -> list[str]:
        """Cases of the messages that the province took."""
        return sorted(row["flow"] for row in self.ask("messages")["messages"] if row["state"] == "accepted")

    def written_back(self) -> list[tuple[str, str]]:
        """Cases and what the registration system was told of them."""
        return self.query("SELECT case_no, stage FROM mw_booked_result WHERE stage <> 'received' ORDER BY case_no")

    def listed(self, day: object) -> list[dict]:
        """What an operator is told of a day."""
        told = json.loads(self.certbridge("daily-logs", "list", "--from", str(BUSY), "--area", AREA, "--json"))
        return [row for row in told["logs"] if row["day"] == str(day)]

    def looks(self, day: object) -> list[str]:
        """States of the deliveries of a day's logs."""
        return [row["state"] for row in self.listed(day) if row["endpoint"] == "province-log"]

    def logged(self, event: str, *words: str) -> bool:
        """Whether the log has an event with these words."""
        lines = self.host.log.read_text("utf-8").splitlines()
        return any(f'"{event}"' in line and all(word in line for word in words) for line in lines)

    def deliveries(self, endpoint: str, state: str) -> int:
        """How many there are in that state."""
        return int(self.host.metrics().get(f'certbridge_deliveries{{endpoint="{endpoint}",state="{state}"}}', 0))


class DailyLog(unittest.TestCase):
    maxDiff = None

    def new_world(self, options: dict[str, str], delay: float = 0.2) -> DailyLogWorld:
        return DailyLogWorld(self, province="folder", daily_log=True, verify="none", options=options, province_delay=delay,
                             changes={'incomplete-retry="1m"': 'incomplete-retry="200ms"'})

    def test_missed_days_are_reported_corrected_and_watched(self) -> None:
        world = self.new_world(TURNS)
        world.book(1)
        world.book(2, told=False)
        world.book(3, told=False, complete=False)
        self.watched(world)
        self.fetched(world)
        self.reported(world)
        self.corrected(world)
        self.assertEqual([], world.ask("violations")["violations"])
        self.assertEqual([], world.ask("daily-missing")["omitted"])
        self.assertEqual([1] * len(world.ask("daily-logs")["logs"]), [row["times"] for row in world.ask("daily-logs")["logs"]])
        self.assertEqual(0, world.host.terminate())

    def watched(self, world: DailyLogWorld) -> None:
        """The deadline of the missed days is over: an alarm until their logs were sent."""
        world.host.start()
        until(lambda: world.accepted() == ["C1"], "what an event told of is accepted")
        until(lambda: world.logged("daily_log.overdue", AREA, str(QUIET)), "the missing log is an alarm")
        world.host.kill()

    def fetched(self, world: DailyLogWorld) -> None:
        """What no event told of is fetched and written back, and an event that comes after that adds nothing."""
        world.host.start()
        until(lambda: world.accepted() == ["C1", "C2"], "what never came is fetched")
        until(lambda: world.written_back() == [("C1", "accepted"), ("C2", "accepted")], "clerks are told of it")
        until(lambda: world.logged("daily_log.not_fetched", "C3"), "what is not whole yet is left to its event, and told")
        world.tell(2)
        until(lambda: not world.open_events(), "the event is taken over")
        world.host.kill()
        self.assertEqual([], world.logs(BUSY))

    def reported(self, world: DailyLogWorld) -> None:
        """Each day has its log; one that is rejected waits for a person, and what he sends again is a version of its own."""
        world.ask("refuse-log", {"area": AREA, "day": f"{QUIET:%Y%m%d}", "code": "04001"})
        world.host.start()
        until(lambda: world.logs(BUSY) == [(1, 3, 2, "0200")], "the busy day is reported")
        until(lambda: world.logs(QUIET) == [(1, 0, 0, "04001")], "so is the day with nothing")
        until(lambda: world.deliveries("province-log", "parked") == 1, "the rejection is parked")
        quiet = {row["endpoint"]: row for row in world.listed(QUIET)}
        self.assertEqual(("parked", "delivery.rejected"), (quiet["province-log"]["state"], quiet["province-log"]["code"]))
        self.assertIn("04001", quiet["province-log"]["reason"])
        self.assertTrue(quiet["province-log-watch"]["overdue"], "it was due days ago and is not accepted")
        world.certbridge("replay", "start", "--endpoint", "province-log", "--rate", "100", "--expect", "1", "--reason",
                         "the province has mended it")
        until(lambda: world.logs(QUIET)[1:] == [(2, 0, 0, "0200")], "it is sent again as a version of its own")
        until(lambda: not world.deliveries("province-log", "open"), "all replies are read")
        until(lambda: world.deliveries("province-log-watch", "delivered") >= 2, "the alarms have ended")
        world.host.kill()

    def corrected(self, world: DailyLogWorld) -> None:
        """Books that changed afterwards make another version; a day that did not change is not sent again."""
        world.book(4, told=False)
        world.host.start()
        until(lambda: world.logs(BUSY)[1:], "the busy day is corrected")
        until(lambda: all(world.looks(day) == ["delivered", "delivered"] for day in (BUSY, QUIET)), "every look has ended")
        self.assertEqual([(1, 3, 2, "0200"), (2, 4, 2, "0200")], world.logs(BUSY))
        self.assertEqual(2, len(world.logs(QUIET)))
        yesterday = f"{AREA} {TODAY - timedelta(days=1):%Y%m%d}"
        self.assertEqual([], [day for day in world.ask("daily-missing")["missing"] if day < yesterday])

    def test_a_rejected_register_is_mended_and_a_day_is_looked_at_once_more(self) -> None:
        world = self.new_world({**TURNS, "days.times": "1m 24h 1441m", "days.apart": "100ms"})
        world.ask("refuse-log", {"area": AREA, "day": f"{BUSY:%Y%m%d}", "code": "04011"})
        world.host.start()
        until(lambda: world.deliveries("province-log", "parked") == 1, "the log is rejected")
        world.book(1)
        until(lambda: world.accepted() == ["C1"], "the case that was forgotten is reported")
        (row,) = json.loads(world.certbridge("parked", "list", "--endpoint", "province-log", "--json"))["parked"]
        self.assertIn("read again: changed", world.certbridge("parked", "refetch", row["message"], "--reason", "the register is mended"))
        until(lambda: [row[0] for row in world.logs(BUSY)] == [1, 2], "what is corrected is the next version")
        until(lambda: not world.deliveries("province-log", "open"), "its reply is read")
        self.assertEqual(0, world.host.terminate())
        world.book(2, told=False)
        world.options["days.again"] = f"{AREA}/{BUSY}"
        world.host.start()
        until(lambda: len(world.logs(BUSY)) == 3, "all turns of the day are over, and it is looked at once more")
        self.assertEqual([(1, 0, 0, "04011"), (2, 1, 1, "0200"), (3, 2, 1, "0200")], world.logs(BUSY))
        self.assertEqual(0, world.host.terminate())

    def test_a_log_without_reply_is_overdue_in_each_area(self) -> None:
        """A later turn that finds nothing new does not make a day count as reported."""
        world = self.new_world({**TURNS, "days.areas": f"{AREA} 411325", "days.apart": "100ms"}, delay=86400)
        world.host.start()
        until(lambda: all(world.looks(day) == ["open", "open"] for day in (BUSY, QUIET)), "each day was looked at twice")
        wanted = [(area, f"{day:%Y%m%d}", 1) for area in (AREA, "411325") for day in (BUSY, QUIET)]
        until(lambda: world.versions() == wanted, "each day of each area has one version")
        until(lambda: any(row["endpoint"] == "province-log-watch" and row["overdue"] for row in world.listed(QUIET)), "its deadline is over")
        self.assertEqual(0, world.deliveries("province-log-watch", "delivered"))
        self.assertEqual([], world.ask("violations")["violations"])
        self.assertEqual(0, world.host.terminate())

    def test_a_new_host_tells_nothing_of_days_before_it(self) -> None:
        world = self.new_world({"days.times": "1m 24h 1441m", "days.apart": "100ms", "days.poll": "20ms"})
        world.book(1, told=False)
        world.host.start()
        until(lambda: world.deliveries("province-log-watch", "open") >= 3, "the day of the start is watched in each area")
        self.assertEqual([], world.ask("daily-logs")["logs"])
        self.assertEqual([], world.accepted())
        self.assertEqual(0, world.host.terminate())

    def test_who_tells_no_province_has_no_days_either(self) -> None:
        world = World(self, verify="none")
        self.assertTrue((world.folder / "config" / "routes" / "47-daily-log.xml").exists())
        told = world.certbridge("check")
        self.assertIn("upward line sector: off", told)
        self.assertNotIn("warning", told)
        world.host.start()
        self.assertEqual([], [name for name in world.host.metrics() if "province-log" in name or '"days"' in name])
        self.assertEqual(0, world.host.terminate())


if __name__ == "__main__":
    main(__name__)
