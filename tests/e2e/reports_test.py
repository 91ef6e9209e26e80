"""Reports say what the sandbox's books say: uses of certificates, ours and others', and what an inspection looks at."""

import getpass
import json
import re
import unittest
from datetime import datetime, timedelta, timezone
from typing import Any

from window import AVAILABLE, CARD, COMPARE, FIND, PAPER, UNIT, about, query_world, recorded
from world import World, fetch, main

ZONE = timezone(timedelta(hours=8))
TITLE = "11100000MB03271699001"
LOG = '<log format="json"/>'
OPERATE = (f'<operate address="127.0.0.1:0"><person name="wang" roles="operator" user="{getpass.getuser()}" '
           'key="operator-key"/></operate>\n  ')


def period() -> tuple[str, ...]:
    """Yesterday to tomorrow, whatever the hour is."""
    today = datetime.now(ZONE)
    return ("--from", f"{today - timedelta(days=1):%Y-%m-%d}", "--to", f"{today + timedelta(days=1):%Y-%m-%d}")


class Reports(unittest.TestCase):
    def report(self, world: World, *words: str) -> dict[str, Any]:
        return json.loads(world.certbridge("report", *words, *period()).splitlines()[0])

    def logged(self, world: World) -> list[dict[str, Any]]:
        """The library's own books of uses, by certificate."""
        rows = world.books("SELECT caller, unit, purpose, operation, found FROM uses")
        return [row | {"identifier": one} for row in rows for one in json.loads(row["found"]) or [""]]

    def used_by_others(self, world: World, found: list[str]) -> None:
        """A bank asks the library by itself."""
        wish = {"caller": "bank", "operation": "search", "unit": "91410000000000000B", "purpose": "loan", "found": found}
        self.assertEqual(200, fetch(world.library + "/sandbox/uses", "POST", json.dumps(wish).encode())[0])

    def test_of_uses_and_of_an_inspection(self) -> None:
        world, window = query_world(self, changes={LOG: OPERATE + LOG})
        world.host.start()
        person, other = window.person(), window.person()
        case, card = window.open_case(person), window.issue(person)[0]
        for _ in range(3):
            self.assertEqual(200, window.post(FIND, about(case, person)).status)
        self.assertEqual(200, window.post(AVAILABLE, about(case, person, types=[CARD])).status)
        self.assertEqual(200, window.post(COMPARE, about(case, number=card["number"], printed={"number": "1"})).status)
        self.assertEqual(403, window.post(FIND, about(case, other)).status)
        later = window.open_case(other)
        none = window.post(FIND, about(later, other))
        self.assertEqual("200 none-found", none.code)
        self.assertEqual(200, window.post(PAPER, {"record": none.record, "type": CARD}).status)
        last = window.post(FIND, about("20269900009999", person)).record
        recorded(world, last)
        self.used_by_others(world, [card["identifier"]])
        self.used_by_others(world, [])

        with self.subTest("uses: ours and those of others are what the library's books say"):
            report, books = self.report(world, "usage"), self.logged(world)
            ours = [row for row in books if row["caller"] != "bank"]
            self.assertEqual(len([row for row in ours if row["identifier"]]), report["total"])
            self.assertEqual(5, report["total"])
            self.assertEqual(1, report["totalOfLibraries"])
            library = report["libraries"][0]
            self.assertEqual((len(books), len(ours), 1, {"none-found": 1}),
                             (library["logged"], library["ours"], library["counted"], library["notCounted"]))
            self.assertEqual({"denied": 2, "none-found": 1, "paper-accepted": 1}, report["records"]["notCounted"])
            self.assertEqual({UNIT, "91410000000000000B"}, {row["unit"] for row in report["uses"]})
            self.assertEqual({"library", "records"}, {row["source"] for row in report["uses"]})
            self.assertEqual(1, len({(row["issuer"], row["type"]) for row in report["uses"]}), report["uses"])

        with self.subTest("a report is checked against the records"):
            file = world.folder / "usage.json"
            world.certbridge("report", "usage", *period(), "--output", str(file))
            self.assertIn("the records say the same: 5 uses", world.certbridge("report", "check", str(file)))
            file.write_text(file.read_text("utf-8").replace('"counted":5', '"counted":6'), "utf-8")
            self.assertIn("counted records", world.certbridge("report", "check", str(file), allowed=(1,)))

        with self.subTest("in the library's own form"):
            told = self.report(world, "usage", "--format", "library", "--libraries", "no")["params"]["uselog"]
            self.assertEqual(5, sum(row["usecount"] for row in told))
            self.assertIn("search", {row["operation"] for row in told})

        with self.subTest("what an inspection finds"):
            window.issue(other)  # after paper was taken
            self.assertEqual("200 found", (found := window.post(FIND, about(later, other))).code)
            recorded(world, found.record)
            report = self.report(world, "inspection", "--json")
            counts = {one["name"]: one["found"] for one in report["sections"]}
            self.assertEqual((1, 2, 0), (counts["paper-although-available"], counts["denials"], counts["types-out-of-date"]))
            self.assertEqual(12, len(counts))
            text = world.certbridge("report", "inspection", *period())
            for word in (*person, *other, "clerk-7", card["number"]):
                self.assertNotIn(word, text + json.dumps(report, ensure_ascii=False))

        with self.subTest("without a host, libraries are named with the reason"):
            self.assertEqual(0, world.host.terminate())
            report = self.report(world, "usage")
            self.assertEqual((6, 0), (report["total"], report["totalOfLibraries"]))
            self.assertTrue(report["libraries"][0]["trouble"])

    def test_certificates_of_earlier_versions_of_their_type_are_counted(self) -> None:
        world, _ = query_world(self, catalogue=True, verify="none")
        world.generate(2, seed=301)
        world.host.start()
        world.wait_until_ended()
        self.assertEqual(0, self.earlier_versions(world)["found"])
        file = world.folder / "config" / "catalogue" / "own" / "title.xml"
        first = re.search(r"  <version number.*?</version>\n", file.read_text("utf-8"), re.DOTALL)[0]
        second = first.replace('number="1"', 'number="2"').replace("2015-03-01", "2026-01-01")
        file.write_text(file.read_text("utf-8").replace(first, first + second), "utf-8")
        titles = [one for case in world.truth()["cases"] for one in case["certificates"] if one["typeCode"] == TITLE]
        self.assertTrue(titles)
        found = self.earlier_versions(world)
        self.assertEqual(len(titles), found["found"])
        self.assertEqual([{"type": TITLE, "made by version": "1", "in force": "2", "since": "2025-12-31T16:00:00.000Z",
                           "certificates": len(titles)}], found["rows"])
        self.assertEqual(0, world.host.terminate())

    def earlier_versions(self, world: World) -> dict[str, Any]:
        """What an inspection says of certificates in force."""
        sections = self.report(world, "inspection", "--json")["sections"]
        return next(one for one in sections if one["name"] == "made-by-earlier-versions")


main(__name__)
