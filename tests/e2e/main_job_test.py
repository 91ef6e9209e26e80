"""The main job, in both dialects: rows of finished cases become certificates in the library, and results come back."""

import unittest

import checks
from world import World, main

COUNT = 40
NOT_COLLECTED = "registration.case_not_collected"  # said of a closed case, whatever the reasons are
REFUSED = 8  # each way to be wrong once
# What a clerk is told about each mistake; the classified case leaves nothing but the fact.
CODES = {"id-check-digit": ("citizen_id.",), "no-holder": ("validation.holder.present", "registration.holder_name"),
         "unit-27": ("unit_code.",), "other-issuer": ("validation.issuer.",), "empty-date": ("registration.date",),
         "shares": ("validation.shares.",), "unknown-code": ("registration.unmapped_",)}


class MainJob(unittest.TestCase):
    maxDiff = None

    def run_cases(self, dialect: str) -> World:
        """Forty cases from the first row to the last result."""
        world = World(self, dialect=dialect, catalogue=True, options={"registration-reader.party-grace": "5s"})
        world.generate(COUNT, seed=11, refused=REFUSED, late=4, late_after=700, returned=2, wait=False)
        world.host.start()
        world.wait_for_generator()
        world.wait_until_ended()
        return world

    def check(self, world: World) -> None:
        self.assertEqual([], checks.wrong(world))
        self.assertEqual([], checks.verified(world))
        self.assertEqual([], checks.leaks(world))
        self.check_refusals(world)
        self.assertEqual(0, world.host.terminate())
        self.assertEqual([], checks.leaks(world), "after the end")

    def check_refusals(self, world: World) -> None:
        """The code says what is wrong, and a sentence in Chinese says what to do."""
        refused = [row for row in world.results() if row["stage"] == "refused"]
        told = {row["case_no"]: row for row in refused if row["code"] != NOT_COLLECTED}
        # When the case is closed its clerk is told once more that something of it is left to mend.
        self.assertLessEqual({row["case_no"] for row in refused if row["code"] == NOT_COLLECTED}, set(told))
        for case in world.truth()["cases"]:
            if case["expected"] != "refused" or case["reason"] == "classified":
                self.assertNotIn(case["caseNo"], told)
                continue
            with self.subTest(mistake=case["reason"]):
                row = told[case["caseNo"]]
                self.assertTrue(row["code"].startswith(CODES[case["reason"]]), row["code"])
                self.assertRegex(row["sentence"], "[\u4e00-\u9fff]{8}")

    def test_three_calls_in_utf8(self) -> None:
        self.check(self.run_cases("epoint"))

    def test_one_signed_and_encrypted_call_in_gb18030(self) -> None:
        self.check(self.run_cases("linewell"))


main(__name__)
