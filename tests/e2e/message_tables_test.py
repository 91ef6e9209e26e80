"""A registration system that writes tables in the shape of the province's messages, first generation: each kind of registration is
reported once and accepted; a case whose rows come later waits for them."""

import json
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from world import ROOT, World, fetch, main, until

GOLDEN = ROOT / "plugins" / "provincial_platform" / "tests" / "golden" / "v1"
TABLES = ROOT / "config" / "registration" / "message-tables-v1.sql"
OUTBOX = (ROOT / "config" / "registration" / "outbox.xml").read_text("utf-8")
HEAD = ("RightType", "RegType", "CreateDate", "RecFlowID", "RegOrgID", "EstateNum", "PreCertID", "CertCount", "ProofCount")
OF_CASE = ("DJT_DJ_SLSQ", "DJF_DJ_SQR")
Row = tuple[str, dict[str, str]]


class Case:
    """What a registration system writes of one case: the facts of a message that was looked at once, with a number of its own."""

    def __init__(self, number: int, rec_type: str, units: int = 1) -> None:
        self.case_no, self.rec_type = f"202403180{number:05}", rec_type
        self.units = [f"411324001001GB{number:05}F0001{unit:04}" for unit in range(1, units + 1)]
        self.rows: list[Row] = []
        for unit in self.units:
            self._add_booking(unit)

    def _add_booking(self, unit: str) -> None:
        text = (GOLDEN / f"{self.rec_type}.xml").read_text("utf-8")
        for old, new in (("990101001001GB00001F00010002", unit), ("990101", "411324"), ("20240318000123", self.case_no)):
            text = text.replace(old, new)
        message = ElementTree.fromstring(text)
        booking = f"{self.case_no}-{unit[-1]}"
        head = {name.lower(): message.findtext(f"Head/{name}") for name in HEAD}
        self.rows.append(("mw_booked_message", {"booking": booking, **head}))
        places: dict[str, int] = {}
        for element in message.find("Data"):
            places[element.tag] = places.get(element.tag, 0) + 1
            of_case = element.tag in OF_CASE
            if not of_case or unit == self.units[0]:
                self.rows.append((element.tag.lower(), {"booking": "" if of_case else booking, "row_no": str(places[element.tag]),
                                                        **{name.lower(): value for name, value in element.attrib.items()}}))

    def statements(self, rows: list[Row]) -> list[tuple]:
        """Rows of the tables as they are inserted."""
        return [(f"INSERT INTO {table} (case_no, {', '.join(row)}) VALUES (?{', ?' * len(row)})", self.case_no, *row.values())
                for table, row in rows]

    def event(self) -> tuple:
        """登簿, written behind the rows."""
        sequence = int(self.case_no[-5:])
        return ("INSERT INTO mw_case_outbox (seq, event_id, event_type, case_no, case_id, revision, area_code, djlx, qllx, occurred_at)"
                " VALUES (?, ?, 'DENGBU', ?, ?, 1, '411324', '100', '4', '2024-03-18 10:30:18')", sequence,
                f"DENGBU:{self.case_no}:1", self.case_no, self.case_no + "-1")

    def expected(self) -> list[tuple]:
        """What the platform should have of it: number of the case, unit, kind."""
        several = len(self.units) > 1
        return [(self.case_no + (f"-{place}" if several else ""), unit, self.rec_type)
                for place, unit in enumerate(self.units, 1)]


class MessageTables(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        """An office that only reports: no certificates are made."""
        known_units = OUTBOX.replace('table="mw_case_right" column="unit_no"', 'table="mw_booked_message" column="estatenum"')
        self.assertNotEqual(OUTBOX, known_units)
        self.world = World(self, province="folder", generation="v1", verify="none", files={"registration/outbox.xml": known_units},
                           options={"registration-bookings.queries": "registration/message-tables-v1.xml",
                                    "bookings.profile": "plugin:v1.xml", "booking-check.profile": "plugin:v1.xml",
                                    "province.profile": "plugin:v1.xml"})
        for route in ("20-issue.xml", "40-status.xml"):
            Path(self.world.folder, "config", "routes", route).unlink()
        self.world.execute(*((statement,) for statement in TABLES.read_text("utf-8").split(";\n") if "CREATE" in statement))

    def province(self, page: str) -> dict:
        return json.loads(fetch(self.world.addresses["province"] + "/sandbox/" + page)[1])

    def accepted(self) -> list[tuple]:
        return sorted((row["flow"], row["unit"], row["rec_type"]) for row in self.province("messages")["messages"]
                      if row["state"] == "accepted")

    def told(self) -> set[tuple]:
        """Of which bookings the registration system knows that they were accepted."""
        return set(self.world.query("SELECT case_no, case_id FROM mw_booked_result WHERE stage = 'accepted'"))

    def incomplete(self) -> float:
        return self.world.host.metrics().get('certbridge_messages{state="incomplete"}', 0)

    def check_says(self, case: Case, code: int, *words: str) -> None:
        """What the vendor sees before anything is sent."""
        said = self.world.certbridge("bookings", "check", case.case_no, allowed=(code,))
        for word in words:
            self.assertIn(word, said)

    def test_each_kind_of_registration_is_accepted_and_what_is_not_whole_waits(self) -> None:
        kinds = sorted(path.stem for path in GOLDEN.glob("*.xml"))
        cases = [Case(number, kind) for number, kind in enumerate(kinds, 1)] + [Case(90, "2000402", units=3)]
        late = Case(91, "1000301")
        rows = {kind: [row for row in late.rows if (row[0] == "ktt_zdjbxx") == (kind == "late")] for kind in ("early", "late")}
        wrong = Case(93, "2000402")
        dict(wrong.rows)["qlt_fw_fdcq_yz"]["szc"] = "1-3层"
        for case in [*cases, wrong]:
            self.world.execute(*case.statements(case.rows), case.event())
        self.world.execute(*late.statements(rows["early"]), late.event())
        self.check_says(cases[-1], 0, "whole", "2000402")
        self.check_says(late, 1, "incomplete", "KTT_ZDJBXX")
        self.check_says(wrong, 1, "wrong", "attribute SZC: is not a whole number")
        self.check_says(Case(92, "2000402"), 5, "no rows of a booking")
        self.world.host.start()
        expected = sorted(entry for case in cases for entry in case.expected())
        self.assertGreaterEqual(len({kind for _, _, kind in expected}), 42)
        until(lambda: self.incomplete() == 1 and len(self.accepted()) >= len(expected), "all is reported but one case")
        looks = 'certbridge_steps_failed_total{code="provincial.incomplete"}'
        until(lambda: self.world.host.metrics().get(looks, 0) >= 2, "it is looked at again")
        self.assertEqual(1, self.world.host.log.read_text("utf-8").count('"message.incomplete"'), "what it lacks is told once")
        self.assertEqual(expected, self.accepted())
        self.world.execute(*late.statements(rows["late"]))
        expected = sorted(expected + late.expected())
        until(lambda: len(self.told()) >= len(expected), "each is told to the registration system")
        self.assertEqual(expected, self.accepted())
        self.assertEqual(len(expected), len(self.told()))
        self.assertIn(("20240318000090", "20240318000090-2"), self.told())
        refused = self.world.query("SELECT sentence FROM mw_booked_result WHERE case_no = ? AND stage = 'refused'", wrong.case_no)
        self.assertIn("QLT_FW_FDCQ_YZ row 1, attribute SZC", refused[0][0])
        self.assertEqual([], self.province("violations")["violations"])
        self.assertEqual([], [row["number"] for row in self.province("messages")["messages"] if row["times"] > 1])
        self.assertEqual(0, self.world.host.terminate())


main(__name__)
