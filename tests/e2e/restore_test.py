"""The journal is lost and restored from a backup of yesterday: what was delivered since is asked about, not sent again."""

import shutil
import unittest

import checks
from world import World, main, until

CALLS = ("/epoint/rest/cert/save", "/epoint/rest/cert/publish", "/epoint/rest/cert/status",
         "/linewell/api/collectCert", "/linewell/api/changeState")


class Restore(unittest.TestCase):
    maxDiff = None

    def journal(self):
        return self.world.run / "journal"

    def states(self, state: str) -> float:
        return self.world.host.metrics().get(f'certbridge_deliveries{{endpoint="library",state="{state}"}}', 0)

    def back_up_and_lose(self) -> None:
        """Everything is sealed and nothing collected when the copy is made; then all is collected, and lost."""
        world = self.world
        world.generate(8, seed=95)
        world.set_chaos("down=1")
        world.host.start()
        # A mortgage of a flat whose certificate is not collected yet is reported behind that.
        cases = world.truth()["cases"]
        free = sum(len(case["certificates"]) for case in cases if case["type"] != "mortgage")
        until(lambda: sum(row["stage"] == "sealed" for row in world.results()) >= free, "all are sealed")
        backup = str(world.folder / "backup")
        self.assertIn("are in " + backup, world.certbridge("journal", "backup", backup))
        self.assertIn("is not empty", world.certbridge("journal", "backup", backup, allowed=(4,)))
        world.set_chaos("")
        world.wait_until_ended()
        self.delivered = self.states("delivered")  # certificates, and mortgages as changes of status
        self.assertGreaterEqual(self.delivered, sum(len(case["certificates"]) for case in cases))
        world.host.kill()
        shutil.move(self.journal(), world.folder / "lost")

    def lose_and_restore(self, dialect: str) -> None:
        self.world = world = World(self, dialect=dialect)
        self.back_up_and_lose()
        acted = self.acted()
        before = {row["identifier"]: row["fileDigest"] for row in world.held()}
        text = world.certbridge("journal", "restore", str(world.folder / "backup"))
        self.assertRegex(text, r"[1-9]\d* deliveries may have been sent since")
        self.assertIn("holds a journal",
                      world.certbridge("journal", "restore", str(world.folder / "backup"), allowed=(4,)))
        world.host.start()
        world.wait_until_ended()
        self.assertEqual(self.delivered, self.states("delivered"))
        self.assertEqual(before, {row["identifier"]: row["fileDigest"] for row in world.held()})
        self.assertEqual(acted, self.acted(), "the library was made to act again")
        self.assertEqual([], checks.duplicates(world) + checks.resent_without_asking(world) + checks.compare(world))
        self.assertIn("all as they were written", world.certbridge("journal", "verify"))
        stats = world.certbridge("journal", "stats")
        self.assertRegex(stats, rf"deliveries to library delivered +{self.delivered:.0f}\b")

    def acted(self) -> int:
        """How often the library was asked to take something in, whether it answered or not."""
        places = ", ".join(f"'{call}'" for call in CALLS)
        return self.world.books(f"SELECT count(*) AS n FROM requests WHERE path IN ({places}) AND fault = ''")[0]["n"]

    def test_three_calls(self) -> None:
        self.lose_and_restore("epoint")

    def test_one_call(self) -> None:
        self.lose_and_restore("linewell")


main(__name__)
