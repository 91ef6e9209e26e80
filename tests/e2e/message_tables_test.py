"""A registration system that writes tables in the shape of the province's messages, first generation: each kind of registration is
reported once and accepted; a case whose rows come later waits for them. And a province that wants things otherwise than its generation:
a patch tells the host of it, and whoever leaves it out is rejected."""

import json
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from world import ROOT, World, fetch, main, until

GOLDEN = ROOT / "plugins" / "provincial_platform" / "tests" / "golden" / "v1"
TABLES = ROOT / "config" / "registration" / "message-tables-v1.sql"
PROFILES = ROOT / "plugins" / "provincial_platform" / "profiles"
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


class Office(unittest.TestCase):
    """One that only reports: no certificates are made."""

    maxDiff = None

    def open(self, tables: Path, **more: str) -> None:
        """Its world; `tables`: the file of CREATE statements, with that of the queries beside it."""
        known_units = OUTBOX.replace('table="mw_case_right" column="unit_no"', 'table="mw_booked_message" column="estatenum"')
        self.assertNotEqual(OUTBOX, known_units)
        files = {"registration/outbox.xml": known_units, "registration/tables.xml": tables.with_suffix(".xml").read_text("utf-8")}
        self.world = World(self, province="folder", generation="v1", verify="none", files=files, **more,
                           options={"registration-bookings.queries": "registration/tables.xml",
                                    **{f"{name}.profile": "plugin:v1.xml" for name in ("bookings", "booking-check", "province")}})
        for route in ("20-issue.xml", "40-status.xml"):
            Path(self.world.folder, "config", "routes", route).unlink()
        self.world.execute(*((statement,) for statement in tables.read_text("utf-8").split(";\n") if "CREATE" in statement))

    def province(self, page: str, wish: dict | None = None) -> dict:
        body = json.dumps(wish).encode() if wish else None
        return json.loads(fetch(f"{self.world.addresses['province']}/sandbox/{page}", "POST" if wish else "GET", body)[1])

    def accepted(self) -> list[tuple]:
        return sorted((row["flow"], row["unit"], row["rec_type"]) for row in self.province("messages")["messages"]
                      if row["state"] == "accepted")

    def messages(self) -> list[tuple]:
        """Each that the platform was sent: its number and what became of it, in the order of arrival."""
        rows = sorted(self.province("messages")["messages"], key=lambda row: row["id"])
        return [(row["number"], row["state"]) for row in rows]

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


class MessageTables(Office):
    def setUp(self) -> None:
        self.open(TABLES)

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


class PatchedProvince(Office):
    """The province of the patch that comes with the plugin."""

    def setUp(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, ROOT / "scripts" / "message_tables.py", "--profile", PROFILES / "v1.xml", "--patch",
                            PROFILES / "example-patch.xml", "--out", folder], check=True, capture_output=True)
            self.open(Path(folder) / "message-tables-v1.sql", peculiarities="invented")

    def write_patch(self) -> None:
        """Operations staff tell the host what the province has otherwise."""
        self.world.options |= {f"{name}.patch": "plugin:example-patch.xml" for name in ("bookings", "booking-check", "province")}

    def house(self, number: int, rec_type: str) -> Case:
        """A case of one flat: with the geometry that this province wants, without what it does not take, and with a text that nobody knows."""
        case = Case(number, rec_type)
        case.rows = [row for row in case.rows if row[0] not in ("djf_dj_sf", "fj_f_100")]
        dict(case.rows)["qlt_fw_fdcq_yz"]["djyy"] = ""
        case.rows.append(("zrz_k_101", {"booking": f"{case.case_no}-1", "zrzh": "F0001", "yslx": "2", "xzb": "3657120.25"}))
        return case

    def became(self) -> list[list[str]]:
        """What became of the messages of each number, one after the other."""
        states: dict[str, list[str]] = {}
        for number, state in self.messages():
            states.setdefault(number, []).append(state)
        return sorted(states.values())

    def rejected(self) -> dict:
        """The only thing at the platform that waits for a person."""
        listed = until(lambda: json.loads(self.world.certbridge("parked", "list", "--endpoint", "province", "--json"))["parked"],
                       "a rejection is set aside")
        self.assertEqual(["delivery.rejected"], [one["code"] for one in listed])
        return listed[0]

    def test_who_leaves_the_patch_out_is_rejected_and_with_it_all_is_accepted(self) -> None:
        first = Case(1, "4000101")
        wrong = self.left_out(first)
        self.write_patch()
        self.world.host.start()
        self.made_anew(first)
        cases = [first, *self.accepted_with_it(first)]
        self.assertEqual(sorted(entry for case in cases for entry in case.expected()), self.accepted())
        self.assertEqual({(case.case_no, case.case_no + "-1") for case in cases}, self.told())
        self.assertEqual({"gaps": []}, self.province("gaps"))
        self.assertEqual(wrong, self.province("violations")["violations"], "nothing was wrong but the message without the patch")
        self.assertEqual([["accepted"]] * 2 + [["rejected", "accepted"]] * 2, self.became())
        self.assertEqual(0, self.world.host.terminate())

    def left_out(self, case: Case) -> list[dict]:
        """A message of the generation; what the province finds wrong with it."""
        self.world.execute(*case.statements(case.rows), case.event())
        self.world.host.start()
        self.assertIn("元素 IsRoutine 缺失", self.rejected()["reason"])
        wrong = self.province("violations")["violations"]
        self.assertLessEqual({"元素 ASID 赋值非法", "元素 AreaCode 赋值非法", "元素 PreCertID 赋值非法", "Data 下的元素顺序不正确"},
                             {one["text"] for one in wrong})
        self.assertEqual(0, self.world.host.terminate())
        return wrong

    def made_anew(self, case: Case) -> None:
        """Nobody has to touch the record for that."""
        self.world.certbridge("replay", "start", "--endpoint", "province", "--rate", "100", "--expect", "1", "--reason", "the patch was missing")
        until(lambda: self.accepted() == case.expected(), "the same facts are made anew with the patch")

    def accepted_with_it(self, first: Case) -> list[Case]:
        """One that is whole, one that is rejected and mended at its source, and one whose geometry comes later."""
        whole, mortgage, late = self.house(2, "2000402"), Case(3, "9000101"), self.house(4, "1000402")
        self.province("refuse", {"unit": mortgage.units[0], "words": "抵押方式与合同不一致"})
        for case, rows in ((whole, whole.rows), (mortgage, mortgage.rows), (late, late.rows[:-1])):
            self.world.execute(*case.statements(rows), case.event())
        item = self.rejected()
        self.assertIn("抵押方式与合同不一致", item["reason"])
        self.world.execute(("UPDATE qlf_ql_dyaq SET djyy = '抵押（已更正）' WHERE case_no = ?", mortgage.case_no))
        self.world.certbridge("parked", "refetch", item["message"], "--reason", "corrected by the registration office")
        expected = sorted(entry for case in (first, whole, mortgage) for entry in case.expected())
        until(lambda: self.accepted() == expected and self.incomplete() == 1, "all is accepted but what lacks its geometry")
        self.check_says(late, 1, "incomplete", "ZRZ_K_101")
        self.world.execute(*late.statements(late.rows[-1:]))
        until(lambda: len(self.told()) == 4, "each is told to the registration system")
        return [whole, mortgage, late]


main(__name__)
