"""A library that answers "received" and decides later, with its verdicts coming in through the host's HTTP server."""

import json
import unittest

import checks
from fronts import call_back, decide, post, receipt, verdict_address
from world import ROOT, World, main, until

LAST_CALL = {"epoint": "/epoint/rest/cert/publish", "linewell": "/linewell/api/collectCert"}


class LateVerdicts(unittest.TestCase):
    maxDiff = None

    def one_received(self, dialect: str = "epoint", milliseconds: int = -1, kind: str = "receive",
                     **settings: object) -> World:
        """One certificate that the library decides on after so many milliseconds, or when told."""
        self.world = World(self, dialect=dialect, **settings)
        self.world.fault(LAST_CALL[dialect], kind, milliseconds=milliseconds)
        self.start()
        self.world.generate(1, seed=81)
        until(lambda: self.stages() >= {"received"} or "collected" in self.stages(), "the library has received it")
        return self.world

    def start(self) -> None:
        """Start the host and tell the library where it listens now."""
        self.world.host.start()
        call_back(self.world)

    def stages(self) -> set[str]:
        return {row["stage"] for row in self.world.results()}

    def receipt(self) -> str:
        return receipt(self.world)

    def decide(self, accept: bool) -> int:
        return decide(self.world, accept)

    def deliveries(self, state: str) -> float:
        return self.world.host.metrics().get(f'certbridge_deliveries{{endpoint="library",state="{state}"}}', 0)

    def expect_collected(self) -> None:
        self.world.wait_until_ended()
        self.assertEqual([], checks.wrong(self.world))
        row = next(row for row in self.world.results() if row["stage"] == "collected")
        self.assertEqual(row["identifier"], self.world.held()[0]["identifier"])

    def test_late_and_twice(self) -> None:
        for dialect in LAST_CALL:
            with self.subTest(dialect=dialect):
                world = self.one_received(dialect)
                self.assertEqual(1, self.deliveries("open"))
                self.assertEqual(200, self.decide(True))
                self.expect_collected()
                self.assertEqual(200, self.decide(True))
                self.expect_collected()
                self.assertEqual(2, world.host.metrics()['certbridge_verdicts_total{endpoint="library"}'])
                self.assertEqual(0, world.host.terminate())

    def test_before_the_answer_to_send(self) -> None:
        self.one_received(milliseconds=0)
        self.expect_collected()
        self.assertNotIn("received", self.stages(), "it was decided before anybody could be told")

    def test_a_rejection(self) -> None:
        self.one_received(kind="reject-late")
        self.assertEqual(200, self.decide(False))
        until(lambda: "refused" in self.stages(), "the registration system is told")
        row = next(row for row in self.world.results() if row["stage"] == "refused")
        self.assertEqual("delivery.rejected", row["code"])
        self.assertRegex(row["sentence"], "[\u4e00-\u9fff]{8}")
        self.assertEqual(1, self.deliveries("parked"))
        listing = self.world.certbridge("case", row["case_no"])
        self.assertIn("2007: 文件验证未通过", listing)
        self.assertEqual([], self.world.held())

    def test_after_a_restart_of_the_host(self) -> None:
        self.one_received()
        self.world.host.kill()
        self.start()
        self.assertEqual(1, self.deliveries("open"))
        self.assertEqual(200, self.decide(True))
        self.expect_collected()

    def test_a_verdict_is_stored_before_it_is_acknowledged(self) -> None:
        self.one_received()
        self.assertEqual(200, self.decide(True))
        self.world.host.kill()
        self.world.host.start()  # and the library does not say it again
        self.expect_collected()

    def test_one_that_contradicts_an_earlier_one(self) -> None:
        self.one_received()
        self.assertEqual(200, self.decide(True))
        self.expect_collected()
        self.assertEqual(200, self.decide(False))
        until(lambda: "refused" in self.stages(), "the registration system is told")
        self.assertEqual(1, self.deliveries("repair"), "a person decides")
        self.assertEqual(200, self.decide(True))
        until(lambda: self.deliveries("delivered") == 1, "the last word counts")

    def test_a_rejection_that_is_taken_back(self) -> None:
        self.one_received(kind="reject-late")
        receipt = self.receipt()
        self.assertEqual(200, self.decide(False))
        until(lambda: "refused" in self.stages(), "the registration system is told")
        body = json.dumps({"receiptno": receipt, "code": "0000"}).encode()
        self.assertEqual((200, {}), post(verdict_address(self.world), body))
        until(lambda: "collected" in self.stages(), "and is told again")

    def verdicts(self, what: str) -> float:
        return self.world.host.metrics().get(f'certbridge_verdicts_{what}{{endpoint="library"}}', -1)

    def alarms(self) -> list[dict]:
        return json.loads(self.world.host.page("/health/ready")[1])["verdicts"]

    def test_one_that_is_overdue_is_an_alarm_and_never_delivered(self) -> None:
        dialect = (ROOT / "plugins" / "municipal_library" / "dialects" / "epoint.xml").read_text("utf-8")
        self.assertIn('expected="24h"', dialect)
        self.one_received(changes={'value="plugin:epoint.xml"': 'value="hurried.xml"'}, files={
            "hurried.xml": dialect.replace('expected="24h"', 'expected="1s"')})
        until(lambda: self.verdicts("overdue") == 1, "the verdict is overdue")
        self.assertEqual([{"endpoint": "library", "overdue": 1, "unmatched": 0, "parked": 0}], self.alarms())
        until(lambda: self.verdicts("overdue_total") >= 1, "the library is asked")
        self.assertEqual((1, 0), (self.deliveries("open"), self.deliveries("delivered")))
        message = self.world.truth()["cases"][0]["caseNo"]
        self.assertIn(message, self.world.certbridge("messages", "list", "--overdue"))
        self.assertIn("the verdict is overdue", self.world.certbridge("case", message))
        self.assertEqual(200, self.decide(True))
        self.expect_collected()
        self.assertEqual((0, []), (self.verdicts("overdue"), self.alarms()))
        self.assertNotIn(message, self.world.certbridge("messages", "list", "--overdue"))

    def test_one_that_is_not_known_is_kept_for_the_settle_time_and_counted(self) -> None:
        self.one_received(changes={'settle-time="35s"': 'settle-time="900s"'})
        self.assertEqual(0, self.verdicts("unmatched"))
        self.assertEqual((200, {}), post(verdict_address(self.world), b'{"receiptno":"nobody","code":"0000"}'))
        until(lambda: self.verdicts("unmatched") == 1, "it is kept and counted")
        self.assertEqual([{"endpoint": "library", "overdue": 0, "unmatched": 1, "parked": 0}], self.alarms())

    def parked_verdicts(self) -> list[dict]:
        return json.loads(self.world.certbridge("verdicts", "list", "--json"))["verdicts"]

    def give_up(self, verdict: dict) -> None:
        """A person gives the only parked verdict up; it is gone and on record."""
        self.world.certbridge("verdicts", "discard", str(verdict["verdict"]), "--reason", "asked by telephone")
        self.assertEqual([], self.parked_verdicts())
        self.assertEqual((0, []), (self.verdicts("parked"), self.alarms()))
        acts = json.loads(self.world.certbridge("actions", "list", "--json"))["actions"]
        self.assertEqual(("verdicts discard", f"verdict {verdict['verdict']}", "asked by telephone"),
                         tuple(acts[0][name] for name in ("operation", "target", "reason")))

    def test_one_that_nobody_can_name_any_more_is_parked_and_given_up_by_a_person(self) -> None:
        self.one_received()
        self.assertEqual((200, {}), post(verdict_address(self.world), b'{"receiptno":"nobody","code":"0000"}'))
        until(lambda: self.verdicts("parked") == 1, "its settle time is over")
        self.assertEqual([{"endpoint": "library", "overdue": 0, "unmatched": 0, "parked": 1}], self.alarms())
        self.assertEqual(200, self.world.host.page("/health/ready")[0], "it is work for a person")
        listed = self.parked_verdicts()
        self.assertEqual([("library", "nobody", "accepted", "")],
                         [(v["endpoint"], v["correlation"], v["said"], v["message"]) for v in listed])
        until(lambda: self.world.host.tail(10_000_000).count('"event":"verdict.parked"') == 1, "it is told once")
        self.world.host.kill()
        self.start()
        self.assertEqual(listed, self.parked_verdicts())
        self.give_up(listed[0])
        self.assertEqual(200, self.decide(True))
        self.expect_collected()

    def test_an_acceptance_of_what_was_given_up_as_rejected_is_parked_at_once(self) -> None:
        self.one_received(kind="reject-late", changes={'settle-time="35s"': 'settle-time="900s"'})
        receipt = self.receipt()
        self.assertEqual(200, self.decide(False))
        until(lambda: self.deliveries("parked") == 1, "it is parked")
        parked = json.loads(self.world.certbridge("parked", "list", "--json"))["parked"]
        message = next(row["message"] for row in parked if row["delivery"] == "library")
        self.world.certbridge("parked", "discard", message, "--delivery", "library", "--reason", "never published")
        body = json.dumps({"receiptno": receipt, "code": "0000"}).encode()
        self.assertEqual((200, {}), post(verdict_address(self.world), body))
        self.assertEqual(1, self.verdicts("parked"))
        self.assertEqual(1, self.deliveries("discarded"), "a person decides")
        listed = self.parked_verdicts()
        self.assertEqual([(message, f"delivery library of {message} is discarded")],
                         [(v["message"], v["reason"]) for v in listed])
        self.give_up(listed[0])

    def test_one_that_belongs_to_nothing_harms_nobody(self) -> None:
        self.one_received()
        url, known = verdict_address(self.world), self.receipt()
        self.assertEqual((200, {}), post(url, b'{"receiptno":"nobody","code":"0000"}'))
        self.assertEqual((422, {"code": "http.field", "message": "receiptno: must be given, is missing or empty"}),
                         post(url, b'{"code":"0000"}'))
        self.assertEqual((422, {"code": "http.json", "message": "body: must be one JSON value; it is wrong at byte 1 "
                                "of 1"}), post(url, b"{"))
        body = json.dumps({"receiptno": known, "code": "0000"}).encode()
        self.assertEqual((401, {"code": "http.unauthorised", "message": "token or key is missing or wrong"}),
                         post(url[:-1], body))
        self.assertEqual(404, post(url.replace("/verdicts/", "/events/"), body)[0])
        self.assertEqual(1, self.deliveries("open"))
        self.assertEqual(200, self.decide(True))
        self.expect_collected()


main(__name__)
