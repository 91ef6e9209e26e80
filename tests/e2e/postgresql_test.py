"""The main job with a registration system on PostgreSQL 15 as its source."""

import json
import shutil
import unittest
from collections import Counter
from pathlib import Path

import checks
from world import World, fetch, main, until

VENDOR = Path(__file__).resolve().parents[2] / "plugins" / "registration_system" / "tests" / "vendor_a"


class Postgresql(unittest.TestCase):
    maxDiff = None

    def test_the_host_is_killed_and_the_database_restarted_in_the_middle(self) -> None:
        # A claim on outbox rows outlives its owner; with the lease of a minute every kill would cost one.
        world = World(self, postgresql=True, chaos="seed=6,drop-after=0.08,slow=0.1,ms=150", province="folder", options={
            "registration-outbox.lease": "1s", "registration-reader.party-grace": "5s"})
        world.generate(40, seed=91, refused=8, late=4, late_after=700, returned=2, wait=True)
        world.host.start()
        for number in (4, 10, 18):
            until(lambda: len(world.held()) >= number, f"{number} certificates are held")
            world.host.kill()
            world.host.start()
        until(lambda: len(world.held()) >= 24, "24 certificates are held")
        world.database.restart()
        world.set_chaos("")
        world.wait_until_ended()
        self.assertEqual([], checks.wrong(world))
        self.assertEqual([], checks.verified(world))
        self.assertEqual([], checks.leaks(world))
        self.check_reported(world)
        self.assertEqual(0, world.host.terminate())

    def check_reported(self, world: World) -> None:
        """The province accepted each booking of each finished case once, whatever was killed."""
        messages = json.loads(fetch(world.addresses["province"] + "/sandbox/messages")[1])["messages"]
        accepted = Counter((row["flow"].split("-")[0], row["unit"]) for row in messages if row["state"] == "accepted")
        self.assertEqual({1}, set(accepted.values()))
        for case in world.truth()["cases"]:
            if case["expected"] == "collected":
                self.assertLessEqual({(case["caseNo"], unit) for unit in case["units"]}, set(accepted))

    def test_another_vendors_own_tables(self) -> None:
        world = World(self, postgresql=True, changes={
            "'SHANZHENG'": "'SZ'", "'TUIHUI'": "'TH'", "'BANJIE'": "'BJ'", "plugin:intermediate.xml": "vendor/mapping.xml",
            "registration/outbox.xml": "vendor/outbox.xml", "registration/queries.xml": "vendor/queries.xml",
            "registration/results.xml": "vendor/results.xml"})
        shutil.copytree(VENDOR, world.folder / "config" / "vendor")
        world.database.script(VENDOR / "tables.sql")
        world.database.script(VENDOR / "rows.sql")
        world.host.start()
        until(lambda: ("collected",) in world.query("SELECT jd FROM bdc_dzzz_jg"), "it is written back as collected")
        self.assertEqual([(2,)], world.query("SELECT status FROM bdc_ts_sj"))
        self.assertEqual(["豫（2026）镇平县不动产权第0000123号"], [row["number"] for row in world.held()])
        self.assertEqual([], checks.verified(world))
        self.assertEqual(0, world.host.terminate())


main(__name__)
