"""Generated cases are what they say, both databases' texts are equal, and the comparison sees differences."""

import sqlite3
import tempfile
import unittest
from pathlib import Path
from typing import Any

from certsandbox import cli, compare, generate, issuers, numbers, open_cases, regdb
from certsandbox.mistakes import MISTAKES

ISSUERS = issuers.load_issuers(issuers.default_issuers_file())


class GeneratorTest(unittest.TestCase):
    """Cases."""

    def setUp(self) -> None:
        self.cases = generate.make_cases(200, 7, ISSUERS, refused=len(MISTAKES), late=3, returned=3)

    def test_good_cases_keep_every_rule(self) -> None:
        for case in (c for c in self.cases if c.expected != "refused"):
            for right in case.rights:
                numbers.parse_unit(right["unit_no"])
            for party in case.parties:
                check = numbers.parse_citizen_id if party["zjzl"] == "1" else numbers.parse_credit_code
                check(party["zjh"])
            for certificate in case.certificates:
                _, place, kind = numbers.parse_number(certificate["cert_no"])
                self.assertEqual(place, case.issuer.number_word)
                self.assertEqual(kind, "权" if certificate["cert_kind"] == "1" else "证明")

    def test_all_kinds_of_cases_occur(self) -> None:
        features = {f for c in self.cases for f in c.features}
        self.assertLessEqual({"three units", "held separately", "mortgage on a flat bought before", "plans", "rare characters", "long notes", "company",
                              "joint, 2 holders", "by shares, 5 holders", "sole, 1 holders"}, features)
        self.assertEqual({c.kind for c in self.cases}, {"first", "transfer", "change", "mortgage"})
        self.assertEqual({c.issuer.area for c in self.cases}, {i.area for i in ISSUERS})
        self.assertEqual({c.reason for c in self.cases} - {""}, set(MISTAKES))
        numbers_used = [c["cert_no"] for case in self.cases for c in case.certificates]
        self.assertEqual(len(numbers_used), len(set(numbers_used)))

    def test_same_seed_same_cases(self) -> None:
        again = generate.make_cases(200, 7, ISSUERS, refused=len(MISTAKES), late=3, returned=3)
        self.assertEqual([c.parties for c in again], [c.parties for c in self.cases])
        other = generate.make_cases(200, 8, ISSUERS)
        self.assertNotEqual([c.parties for c in other], [c.parties for c in self.cases])

    def test_mistakes_are_mistakes(self) -> None:
        for case in (c for c in self.cases if c.reason == "id-check-digit"):
            with self.assertRaises(numbers.Refused) as caught:
                numbers.parse_citizen_id(case.parties[0]["zjh"])
            self.assertEqual(caught.exception.rule, "citizen_id.check_digit")

    def test_more_special_cases_than_cases(self) -> None:
        with self.assertRaises(ValueError):
            generate.make_cases(3, 1, ISSUERS, refused=2, late=2)

    def test_rows_reach_the_database_late_ones_late(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = str(Path(folder) / "registration.db")
            database = regdb.connect(f"sqlite:{path}")
            regdb.initialise(database)
            generate.feed(database, self.cases, 0)
            late = [c for c in self.cases if c.late]
            books = sqlite3.connect(path)
            count = "SELECT count(*) FROM mw_case_party WHERE case_no = ?"
            for case in late:
                self.assertEqual(books.execute(count, (case.case_no,)).fetchone()[0], 0)
            self.assertGreater(generate.insert_late(database), 0)
            for case in late:
                self.assertEqual(books.execute(count, (case.case_no,)).fetchone()[0], len(case.parties))
            kinds = dict(books.execute("SELECT event_type, count(*) FROM mw_case_outbox GROUP BY 1"))
            self.assertEqual(kinds, {"DENGBU": 200, "SHANZHENG": 200, "BANJIE": 197, "TUIHUI": 3})
            text = books.execute("SELECT fj FROM mw_case_right WHERE fj IS NOT NULL").fetchone()[0]
            self.assertIn("\n", text)
            books.close()

    def test_cases_are_open_until_they_are_concluded_or_returned(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            database = regdb.connect(f"sqlite:{folder}/registration.db")
            regdb.initialise(database)
            generate.feed(database, self.cases, 0)
            rows = {row["case_no"]: row for row in database.rows("SELECT * FROM mw_case")}
            self.assertEqual(len(rows), len(self.cases))
            for case in self.cases:
                returned = case.events[-1]["event_type"] == "TUIHUI"
                self.assertEqual(rows[case.case_no]["state"], open_cases.STATES["withdrawn" if returned else "concluded"])
                self.assertEqual(rows[case.case_no]["classified"], int(case.reason == "classified"))
            asked = {row["item_code"] for row in database.rows("SELECT item_code FROM mw_item_material")}
            self.assertLessEqual({row["item_code"] for row in rows.values()}, asked)
            roles = {row["role"] for row in database.rows("SELECT role FROM mw_case_person")}
            self.assertEqual(roles, {"1", "2", "3", "4", "5", "6"})

    def test_the_same_case_has_the_same_persons(self) -> None:
        self.assertEqual(open_cases.persons_of(self.cases[0]), open_cases.persons_of(self.cases[0]))

    def test_a_case_begins_is_accepted_and_ends(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            database = regdb.connect(f"sqlite:{folder}/registration.db")
            regdb.initialise(database)
            agent = open_cases.Person("agent", "甲", "411302190101010019")
            open_cases.begin(database, "YSL1", [agent], item="BDC-2000402", area="411324", unit="11411324MB1T00009R",
                             handlers=["clerk-1"], provisional=True)
            case = "SELECT case_no, provisional_no, state FROM mw_case"
            self.assertEqual(database.rows(case), [{"case_no": None, "provisional_no": "YSL1", "state": "0"}])
            open_cases.accept(database, "YSL1", "20264113240000009")
            open_cases.accept(database, "YSL1", "20264113240000010")
            self.assertEqual(database.rows(case),
                             [{"case_no": "20264113240000009", "provisional_no": "YSL1", "state": "1"}])
            open_cases.end(database, "20264113240000009")
            self.assertEqual(database.rows(case)[0]["state"], "2")
            self.assertEqual(database.rows("SELECT role, xm FROM mw_case_person"), [{"role": "3", "xm": "甲"}])

    def test_a_case_by_command(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            address = ["--db", f"sqlite:{folder}/registration.db", "--case"]
            database = regdb.connect(address[1])
            regdb.initialise(database)
            begin = ["registration", "begin", *address, "YSL1", "--provisional", "--item", "BDC-2000402", "--handler", "c1"]
            self.assertEqual(cli.main([*begin, "--area", "999999"]), 1)
            self.assertEqual(cli.main([*begin, "--area", "411324", "--started", "2026-11-24 09:30:00",
                                       "--person", "holder,甲,411302190101010019", "--person", "agent,乙公司,91,8"]), 0)
            self.assertEqual(cli.main(["registration", "accept", *address, "1", "--provisional", "YSL1"]), 0)
            self.assertEqual(cli.main(["registration", "end", *address, "1", "--state", "refused"]), 0)
            self.assertEqual(database.rows("SELECT case_no, provisional_no, state, started_at FROM mw_case"),
                             [{"case_no": "1", "provisional_no": "YSL1", "state": "4", "started_at": "2026-11-24 09:30:00"}])
            self.assertEqual(database.rows("SELECT role, zjzl FROM mw_case_person ORDER BY sxh"),
                             [{"role": "1", "zjzl": "1"}, {"role": "3", "zjzl": "8"}])

    def test_literals(self) -> None:
        self.assertEqual(regdb.quote("O'Neil\n\\"), "'O''Neil\n\\'")
        self.assertEqual(regdb.quote(None), "NULL")


class DemonstrationTest(unittest.TestCase):
    """The cases of ./demo.sh: everything that it promises really occurs, also among those that are collected."""

    def setUp(self) -> None:
        counties = [i for i in ISSUERS if i.area in ("411324", "411325", "411381")]
        self.assertEqual(len(counties), 3)
        self.cases = generate.make_cases(200, 2026, counties, refused=12, late=10, returned=4)
        self.good = [c for c in self.cases if c.expected == "collected"]

    @staticmethod
    def owners(case: generate.Case) -> list[dict[str, Any]]:
        return [p for p in case.parties if p["role"] == "1"]

    def occurs(self, what: str, test: Any) -> None:
        self.assertTrue(any(test(c) for c in self.good), f"no case with {what} is collected")

    def test_types_and_counties(self) -> None:
        for kind in ("first", "transfer", "change", "mortgage"):
            self.assertEqual({c.issuer.area for c in self.good if c.kind == kind}, {"411324", "411325", "411381"})

    def test_holders_jointly_and_separately(self) -> None:
        self.occurs("one holder", lambda c: len(self.owners(c)) == 1)
        for count in (2, 5):
            for name, holding in (("jointly", "1"), ("by shares", "2")):
                self.occurs(f"{count} holders {name}", lambda c, n=count, h=holding: len(self.owners(c)) == n
                            and len(c.certificates) == 1 and {p["gyfs"] for p in self.owners(c)} == {h})
            self.occurs(f"{count} holders separately", lambda c, n=count: len(self.owners(c)) == n == len(c.certificates)
                        and {p["cert_id"] for p in self.owners(c)} == {z["cert_id"] for z in c.certificates})

    def test_units_persons_and_companies(self) -> None:
        self.occurs("three units", lambda c: len(c.certificates) == 1 and len({r["unit_no"] for r in c.rights}) == 3
                    and len(c.items) == 3)
        self.occurs("a person", lambda c: any(p["zjzl"] == "1" for p in self.owners(c)))
        self.occurs("a company", lambda c: any(p["zjzl"] == "8" for p in self.owners(c)))

    def test_texts(self) -> None:
        self.occurs("a character outside the BMP", lambda c: any(ord(x) > 0xFFFF for p in self.owners(c) for x in p["xm"]))
        self.occurs("long notes", lambda c: any(len(r.get("fj") or "") > 300 and r["fj"].count("\n") > 4 for r in c.rights))
        self.occurs("full-width brackets", lambda c: "（" in c.certificates[0]["cert_no"])
        self.occurs("half-width brackets", lambda c: "(" in c.certificates[0]["cert_no"])
        self.occurs("late rows", lambda c: c.late)

    def test_wrong_cases(self) -> None:
        reasons = {c.reason for c in self.cases if c.expected == "refused"}
        self.assertEqual(reasons, set(MISTAKES))
        self.assertLessEqual({"id-check-digit", "no-holder", "unit-27", "other-issuer"}, reasons)
        for case in (c for c in self.cases if c.reason == "unit-27"):
            self.assertEqual(len(case.rights[0]["unit_no"]), 27)


class CompareTest(unittest.TestCase):
    """The comparison can fail."""

    def setUp(self) -> None:
        cases = generate.make_cases(30, 3, ISSUERS, refused=3, returned=2)
        self.truth: dict[str, Any] = {"cases": [c.truth() for c in cases]}
        self.held = [self.row(c) for case in self.truth["cases"] if case["expected"] == "collected"
                     for c in case["certificates"]]
        for arrival, row in enumerate(self.held):
            row["arrival"] = arrival + 1

    @staticmethod
    def row(certificate: dict[str, Any]) -> dict[str, Any]:
        return {"normalised": certificate["normalised"], "typeCode": certificate["typeCode"], "arrival": 1,
                "issuerCode": certificate["issuerCode"], "status": "valid", "timesCollected": 1,
                "identifier": "I" + certificate["certId"], "fileDigest": "d"}

    def found(self, results: list[dict[str, Any]] | None = None) -> list[str]:
        return compare.differences(self.truth, [self.held], results)

    def results(self) -> list[dict[str, Any]]:
        rows = [{"case_no": case["caseNo"], "cert_id": c["certId"], "identifier": "I" + c["certId"], "file_sm3": "d",
                 "stage": "collected", "code": None}
                for case in self.truth["cases"] if case["expected"] == "collected" for c in case["certificates"]]
        return rows + [{"case_no": case["caseNo"], "cert_id": None, "stage": "refused", "code": case["reason"]}
                       for case in self.truth["cases"] if case["expected"] == "refused"]

    def test_equal(self) -> None:
        self.assertEqual(self.found(), [])
        self.assertEqual(self.found(self.results()), [])

    def test_missing_doubled_and_foreign(self) -> None:
        first = self.held.pop(0)
        self.assertEqual(len(self.found()), 1)
        self.held += [first, dict(first)]
        self.assertEqual(len(self.found()), 1)
        self.held.pop()
        first["timesCollected"] = 2
        self.assertEqual(len(self.found()), 1)
        first["timesCollected"] = 1
        self.held.append(dict(first, normalised="豫(2026)别处不动产权第0000009号"))
        self.assertEqual(len(self.found()), 1)

    def test_refused_and_returned_must_not_be_held(self) -> None:
        for expected in ("refused", "voided"):
            case = next(c for c in self.truth["cases"] if c["expected"] == expected)
            self.held.append(self.row(case["certificates"][0]))
            self.assertEqual(len(self.found()), 1)
            self.held.pop()

    def test_what_is_written_back(self) -> None:
        self.assertEqual(len(self.found(self.results()[1:])), 1)
        wrong = self.results()
        wrong[0]["file_sm3"] = "e"
        self.assertEqual(len(self.found(wrong)), 1)
        self.assertEqual(len(self.found(self.results()[:-1])), 1)

    def test_order_of_a_unit(self) -> None:
        collected = [c for c in self.truth["cases"] if c["expected"] == "collected"]
        collected[1]["units"] = collected[0]["units"]
        self.assertEqual(self.found(), [])
        self.held[0]["arrival"] = 10_000
        self.assertEqual(len(self.found()), 1)


if __name__ == "__main__":
    unittest.main()
