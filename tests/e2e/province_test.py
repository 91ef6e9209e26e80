"""The provincial platform: each booking is reported to it once and accepted, over folders, SFTP and HTTP; what it rejects, at
once or after it had accepted, is mended at its source and goes again, and later messages of the unit wait for that."""

import json
import os
import re
import unittest
from typing import Callable

import checks
from life_world import OBJECT, SEIZE, LifeWorld
from world import World, fetch, main, until

CANCEL = ("DENGBU", "400", None)
# What a booking is to the platform, by registration type and right; second generation.
REC_TYPES = {("100", "4"): "1000402", ("200", "4"): "2000402", ("300", "4"): "3000402", ("100", "37"): "1003701",
             ("400", "4"): "4000101", ("600", "4"): "6000101", ("800", "4"): "8000101"}
SEIZURE = {"cflx": "1", "cfwj": "56S65b2i", "cfwh": "（2026）执1号", "cfqssj": "2026-02-01 00:00:00",
           "cfjssj": "2029-01-31 00:00:00", "cffw": "全部"}
FOLDERS = """      <lend role="messages" endpoint="province-out"/>
      <lend role="responses" endpoint="province-in"/>
"""
OVER_HTTP = """      <option name="transport" value="http"/>
      <lend role="platform" endpoint="province-http"/>
"""
OFTEN_ASKED = '<verdicts ask="100ms" watch="72h" look="200ms"'
QUICK_BREAKER = '<breaker failures="5" first-probe="200ms" longest-probe="1s"/>'
HTTP_ENDPOINT = """    <endpoint name="province-http" plugin="http" kind="client"><option name="base-url" value="ADDRESS"/></endpoint>
    <endpoint name="province" """


# CERTBRIDGE_UNITS=1200 is a whole development under one case number; CI takes a short form.
UNITS = int(os.environ.get("CERTBRIDGE_UNITS", "25"))


class Bookings(unittest.TestCase):
    maxDiff = None

    def province(self, path: str, wish: dict | None = None) -> dict:
        """A page of the platform, or a command to it."""
        url = self.world.addresses["province"] + "/sandbox/" + path
        status, text = fetch(url, "POST" if wish else "GET", json.dumps(wish).encode() if wish else None)
        self.assertEqual(200, status, text)
        return json.loads(text)

    def messages(self) -> list[dict]:
        return self.province("messages")["messages"]

    def booked(self) -> list[tuple]:
        """What was booked, as the platform should have it."""
        rows = self.world.query("SELECT r.case_no, r.unit_no, r.djlx, r.right_type FROM mw_case_right r WHERE r.djsj IS NOT NULL")
        return sorted((case, unit, REC_TYPES[djlx, right]) for case, unit, djlx, right in rows)

    def accepted(self) -> list[tuple]:
        """What the platform accepted: case, unit, kind."""
        return sorted((row["flow"].split("-")[0], row["unit"], row["rec_type"]) for row in self.messages()
                      if row["state"] == "accepted")

    def nothing_is_wrong(self) -> None:
        self.assertEqual({"gaps": []}, self.province("gaps"))
        self.assertEqual([], [row["times"] for row in self.messages() if row["times"] > 1])
        self.assertEqual([], self.province("violations")["violations"])

    def told(self, case: str) -> list[tuple]:
        """What the registration system was told of the bookings of a case, but for "received"."""
        return self.world.query("SELECT case_id, stage, code, sentence, number FROM mw_booked_result WHERE case_no = ?"
                                " AND stage <> 'received' ORDER BY rowid", case)

    def restrict(self, life: LifeWorld, kind: tuple, case_no: str, it: dict, wait: bool = True, **facts: str) -> None:
        """Book what is about a certificate that is there, with what the platform asks of it."""
        facts = {"case_id": case_no + "-1", **facts}
        words = ", ".join(facts)
        life.world.execute(
            (f"INSERT INTO mw_booked_right ({words}) VALUES ({', '.join('?' * len(facts))})", *facts.values()),
            ("INSERT INTO mw_booked_course (case_no, slry, slsj) VALUES (?, '受理员丙', '2026-02-01 09:00:00')", case_no),
            ("INSERT INTO mw_booked_applicant (case_no, sxh, xm, zjzl, zjh) VALUES (?, 1, '某某人民法院', '99', 'FY-1')", case_no))
        if kind == OBJECT:
            life.world.execute(("INSERT INTO mw_case_party (case_no, role, sxh, xm, zjzl, zjh, lx) SELECT ?, role, sxh, xm,"
                                " zjzl, zjh, lx FROM mw_case_party WHERE case_no = ? AND role = '1' AND sxh = 1", case_no,
                                it["case"]["caseNo"]))
        life.book(kind, case_no, it["number"], it["case"]["caseNo"], wait=wait, authority="某某人民法院")

    def test_every_booking_is_accepted_over_folders(self) -> None:
        life = LifeWorld(self, "epoint", province="folder", verify="none",
                         options={"registration-reader.party-grace": "5s"})
        self.world = life.world
        self.world.host.start()
        self.world.generate(10, seed=201, late=1, late_after=300)
        self.world.wait_until_ended()
        self.assertEqual([], checks.wrong(self.world))
        it = [title for title in life.titles() if len(title["case"]["certificates"]) == 1][:3]
        self.restrict(life, SEIZE, "CF1", it[0], **SEIZURE)
        self.restrict(life, OBJECT, "YY1", it[1], yysx="登记的权利人有误", zmh="豫（2026）某市不动产证明第0000001号")
        self.restrict(life, CANCEL, "ZX1", it[2], bdcqzh=it[2]["number"], zxywh=it[2]["case"]["caseNo"])
        self.assertEqual(self.booked(), self.accepted())
        self.assertLessEqual({"1000402", "2000402", "3000402", "1003701", "8000101", "6000101", "4000101"},
                             {kind for _, _, kind in self.accepted()})
        self.nothing_is_wrong()
        accepted = {(row["flow"].split("-")[0], row["number"]) for row in self.messages()}
        self.assertEqual(accepted, set(self.world.query(
            "SELECT case_no, number FROM mw_booked_result WHERE stage = 'accepted'")), "each is written back")
        self.assertEqual([], checks.acknowledged(self.world))
        self.assertEqual([], checks.leaks(self.world))
        self.assertEqual(0, self.world.host.terminate())

    def copies(self, table: str, of: str, count: int, changes: Callable[[int], dict[str, object]]) -> list[tuple]:
        """Insertions of rows like the first one of a case, each changed."""
        names = [name for (name,) in self.world.query("SELECT name FROM pragma_table_info(?)", table)]
        where = "case_id IN (SELECT case_id FROM mw_case_right WHERE case_no = ?)" if "case_no" not in names else "case_no = ?"
        row = dict(zip(names, self.world.query(f"SELECT * FROM {table} WHERE {where} LIMIT 1", of)[0]))
        insert = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
        return [(insert, *{**row, **changes(i)}.values()) for i in range(count)]

    def test_all_flats_of_a_development_are_one_case(self) -> None:
        life = LifeWorld(self, "epoint", province="folder", verify="none")
        self.world = life.world
        it = life.collect(1, seed=203)[0]
        before, like, unit = len(self.messages()), it["case"]["caseNo"], it["case"]["units"][0]
        self.world.execute(
            *self.copies("mw_case_right", like, UNITS, lambda i: {
                "case_id": f"SC1-{i}", "case_no": "SC1", "unit_no": f"{unit[:20]}{20_000_000 + i}", "djlx": "100",
                "right_type": "4", "prev_certs": None}),
            *self.copies("mw_booked_right", like, UNITS, lambda i: {"case_id": f"SC1-{i}"}),
            *self.copies("mw_booked_course", like, 1, lambda i: {"case_no": "SC1"}),
            *self.copies("mw_case_party", like, 1, lambda i: {"case_no": "SC1", "cert_id": None}),
            ("INSERT INTO mw_case_outbox (seq, event_id, event_type, case_no, case_id, area_code, djlx, qllx, occurred_at) SELECT"
             " max(seq) + 1, 'DENGBU:SC1:1', 'DENGBU', 'SC1', 'SC1-0', area_code, '100', '4', occurred_at FROM mw_case_outbox",))
        until(lambda: len(self.messages()) == before + UNITS, f"{UNITS} units are reported", seconds=max(60, UNITS))
        life.settle()
        self.assertEqual(self.booked(), self.accepted())
        self.assertEqual(UNITS, len({row["flow"] for row in self.messages() if row["flow"].startswith("SC1-")}))
        self.nothing_is_wrong()
        self.assertEqual(0, self.world.host.terminate())

    def test_over_http_with_lost_answers(self) -> None:
        self.world = World(self, province="http", verify="none", changes={FOLDERS: OVER_HTTP})
        file = self.world.configuration
        file.write_text(file.read_text("utf-8").replace('    <endpoint name="province" ', HTTP_ENDPOINT.replace(
            "ADDRESS", self.world.addresses["province"])), "utf-8")
        for kind in ("drop-after", "drop-before", "fail", "busy", "unknown-code", "garble"):
            self.world.fault("/province/exchange/", kind, of=self.world.addresses["province"])
        self.world.generate(3, seed=202)
        self.world.host.start()
        self.world.wait_until_ended()
        self.assertEqual([], json.loads(fetch(self.world.addresses["province"] + "/sandbox/faults")[1])["faults"])
        self.assertEqual(self.booked(), self.accepted())
        self.nothing_is_wrong()
        self.assertEqual(0, self.world.host.terminate())

    def test_over_sftp_while_the_server_is_killed_and_comes_back(self) -> None:
        self.world = World(self, province="sftp", verify="none", changes={OFTEN_ASKED: QUICK_BREAKER + OFTEN_ASKED})
        front = self.world.counterparts["sftp-front"]
        self.world.generate(6, seed=206)
        front.kill()
        self.world.host.start()
        for arrived in (0, 1, 4):
            until(lambda: len(self.messages()) >= arrived, f"{arrived} bookings have arrived")
            front.kill()
            self.sftp_is_missed()
            front.start_again()
        self.world.wait_until_ended()
        self.assertEqual(self.booked(), self.accepted())
        self.assertEqual(len(self.booked()), len(self.world.query("SELECT 1 FROM mw_booked_result WHERE stage = 'accepted'")))
        self.nothing_is_wrong()
        logins = (self.world.folder / "sandbox" / "sftp" / "server.log").read_text().count("Accepted publickey")
        self.assertGreaterEqual(logins, 3, "a session for each time that the server was there")
        self.assertEqual(0, self.world.host.terminate())

    def sftp_is_missed(self) -> None:
        """Until the host has noticed, once more, that the server is away."""
        known = self.world.host.log.read_text().count("file.connection")
        until(lambda: self.world.host.log.read_text().count("file.connection") > known, "the host misses the server")

    # Verdicts.

    def parked(self, kind: str) -> dict:
        """The only thing at the platform that waits for a person."""
        def only() -> dict | None:
            rows = json.loads(self.world.certbridge("parked", "list", "--endpoint", "province", "--json"))["parked"]
            return rows[0] if [row["kind"] for row in rows] == [kind] else None
        return until(only, f"one {kind} is set aside")

    def first_case(self, seed: int) -> tuple[str, str]:
        """A host, and one case that is finished: its number and unit."""
        self.life = LifeWorld(self, "epoint", province="folder", verify="none")
        self.world = self.life.world
        self.world.generate(1, seed=seed)
        ((case, unit),) = self.world.query("SELECT case_no, unit_no FROM mw_case_right")
        return case, unit

    def mend(self, case: str, message: str) -> None:
        """The registration system corrects it; then it is fetched anew."""
        self.world.execute(("UPDATE mw_case_right SET djyy = '买卖（已更正）' WHERE case_no = ?", case))
        self.world.certbridge("parked", "refetch", message, "--reason", "corrected by the registration office")

    def another_of_the_unit(self) -> None:
        """Its certificate is seized: a later message of the unit, of the case CF1."""
        self.restrict(self.life, SEIZE, "CF1", self.life.titles()[0], wait=False, **SEIZURE)

    def book_again(self, case: str, times: int) -> None:
        """The registration system tells once more that the case is booked."""
        self.world.execute(
            ("INSERT INTO mw_case_outbox (seq, event_id, event_type, case_no, case_id, revision, area_code, djlx, djxl, qllx,"
             " unit_no, occurred_at) SELECT (SELECT max(seq) + 1 FROM mw_case_outbox), event_id || ?, event_type, case_no,"
             " case_id, ?, area_code, djlx, djxl, qllx, unit_no, occurred_at FROM mw_case_outbox WHERE case_no = ?"
             " AND event_type = 'DENGBU' AND revision = 1", f"-{times}", times, case))

    def states(self) -> list[str]:
        return [row["state"] for row in self.messages()]

    def test_a_rejection_is_mended_at_its_source_and_the_next_of_the_unit_waits_for_that(self) -> None:
        case, unit = self.first_case(203)
        self.province("refuse", {"unit": unit, "words": "登记原因不在字典内"})
        self.world.host.start()
        item = self.parked("delivery")
        self.assertEqual("delivery.rejected", item["code"])
        self.assertIn("登记原因不在字典内", item["reason"])
        until(lambda: len(self.world.held()) == 1, "the library has it all the same")
        self.another_of_the_unit()
        waits = f"parked delivery of message {item['message']}"
        until(lambda: waits in self.world.certbridge("case", "CF1", allowed=(0, 5)), "the next message of the unit waits for its repair")
        self.assertIn("sent: nothing: its source says what it said before",
                      self.world.certbridge("parked", "refetch", item["message"], "--reason", "nothing was corrected"))
        until(lambda: re.search("read again +same", self.world.certbridge("messages", "show", item["message"].split("/")[0])),
              "it is read again and says the same")
        self.assertEqual(["rejected"], self.states())
        self.mend(case, item["message"])
        self.world.wait_until_ended()
        self.assertEqual(["rejected", "accepted", "accepted"], self.states())
        first, mended, other = [row["number"] for row in self.messages()]
        self.assertEqual(first, mended)
        self.assertRegex(other, "^[0-9]{18}$")
        self.assertEqual({"gaps": []}, self.province("gaps"))
        rejected, *accepted = self.told(case)
        self.assertEqual((case + "-1", "rejected", "provincial.rejected"), rejected[:3])
        self.assertIn("登记原因不在字典内", rejected[3])
        self.assertEqual([(case + "-1", "accepted", None, None)], [row[:4] for row in accepted])
        self.assertEqual(["accepted"], [row[1] for row in self.told("CF1")])
        self.assertEqual(0, self.world.host.terminate())

    def test_a_rejection_after_acceptance_is_a_repair_case(self) -> None:
        case, _ = self.first_case(204)
        self.world.host.start()
        self.world.wait_until_ended()
        (message,) = self.messages()
        self.assertTrue(self.province("reject-late", {"number": message["number"], "words": "部级校验不通过"})["rejected"])
        item = self.parked("repair")
        self.assertIn("部级校验不通过", item["reason"])
        self.world.host.kill()
        self.world.host.start()
        self.assertEqual(item, self.parked("repair"))
        self.another_of_the_unit()
        waits = f"repair delivery of message {item['message']}"
        until(lambda: waits in self.world.certbridge("case", "CF1", allowed=(0, 5)), "the next message of the unit waits for its repair")
        self.mend(case, item["message"])
        self.world.wait_until_ended()
        self.assertEqual(["rejected", "accepted", "accepted"], self.states())
        self.assertEqual(["accepted", "rejected", "accepted"], [row[1] for row in self.told(case)])
        self.assertEqual(["accepted"], [row[1] for row in self.told("CF1")])
        self.assertEqual(0, self.world.host.terminate())

    def test_a_case_that_is_booked_again_reports_only_what_changed(self) -> None:
        case, _ = self.first_case(204)
        self.world.host.start()
        self.world.wait_until_ended()
        self.book_again(case, 2)
        self.world.wait_until_ended()
        self.assertEqual(["accepted"], self.states())
        self.world.execute(("UPDATE mw_case_right SET djyy = '买卖（已更正）' WHERE case_no = ?", case))
        self.book_again(case, 3)
        self.world.wait_until_ended()
        first, update = sorted(row["number"] for row in self.messages())
        self.assertEqual(first + "BL", update)
        self.assertEqual(["accepted", "accepted"], self.states())
        self.nothing_is_wrong()
        self.assertEqual(0, self.world.host.terminate())

    # Returned cases.

    def give_back(self, case: str) -> None:
        """The registration system returns a case."""
        self.world.execute(
            ("INSERT INTO mw_case_outbox (seq, event_id, event_type, case_no, case_id, area_code, djlx, djxl, qllx, unit_no,"
             " occurred_at) SELECT (SELECT max(seq) + 1 FROM mw_case_outbox), 'TUIHUI:' || case_no, 'TUIHUI', case_no, case_id,"
             " area_code, djlx, djxl, qllx, unit_no, occurred_at FROM mw_case_outbox WHERE case_no = ? AND event_type = 'DENGBU'", case))

    def returned(self) -> list[dict]:
        """Bookings that the province has of cases that were returned, as a person sees them."""
        return json.loads(self.world.certbridge("parked", "list", "--endpoint", "returned-bookings", "--json"))["parked"]

    def test_what_the_province_has_of_a_returned_case_is_work_for_a_person(self) -> None:
        case, unit = self.first_case(205)
        self.world.host.start()
        self.world.wait_until_ended()
        (message,) = self.messages()
        self.give_back(case)
        (item,) = until(self.returned, "it is set aside")
        self.assertEqual("provincial.returned", item["code"])
        for part in (case, unit, message["number"]):
            self.assertIn(part, item["reason"])
        until(lambda: '"event":"booking.returned"' in self.world.host.tail(10_000_000), "it is logged")
        self.world.certbridge("parked", "discard", item["message"], "--delivery", "returned", "--reason", "the province has removed it")
        self.assertEqual([], self.returned())
        self.assertEqual(["accepted"], self.states())
        self.assertEqual(0, self.world.host.terminate())

    def test_what_was_not_reported_of_a_returned_case_never_is(self) -> None:
        self.world = World(self, province="folder", verify="none")
        self.world.host.start()
        self.world.certbridge("deliveries", "hold", "--endpoint", "province", "--reason", "the front-end host is moved")
        self.world.generate(1, seed=206)
        ((case,),) = self.world.query("SELECT case_no FROM mw_case_right")
        until(self.ready, "its report waits")
        self.give_back(case)
        until(lambda: [row[1] for row in self.told(case)] == ["withdrawn"], "the registration system is told")
        self.world.certbridge("deliveries", "release", "--endpoint", "province", "--reason", "it is there")
        self.world.wait_until_ended()
        self.assertEqual(([], []), (self.messages(), self.returned()))
        self.assertEqual(0, self.world.host.terminate())

    def ready(self) -> bool:
        """Whether a report waits for its endpoint."""
        metrics = self.world.host.metrics()
        return any(metrics.get(f'certbridge_deliveries{{endpoint="province",state="{state}"}}', 0) for state in ("ready", "waiting"))


main(__name__)
