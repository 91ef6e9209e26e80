"""G2, G3: the library loses requests and answers, acts late, is busy or talks nonsense; nothing is lost or doubled."""

import unittest

import checks
from world import World, main, until

COUNT = 40
CHAOS = "seed={seed},drop-after=0.08,drop-before=0.06,fail=0.05,slow=0.08,busy=0.05,garble=0.06,throttle=0.02,ms=150"
# Far below the settle time that is set for it: a busy machine is late itself.
LATE = "seed={seed},act-late=0.2,drop-after=0.1,ms=700"
SETTLE = {'settle-time="35s"': 'settle-time="6s"'}


class LostAnswers(unittest.TestCase):
    def survive(self, dialect: str, chaos: str, changes: dict[str, str] | None = None) -> None:
        world = World(self, dialect=dialect, chaos=chaos, changes=changes)
        world.generate(COUNT, seed=23, returned=2, wait=False)
        world.host.start()
        world.wait_for_generator()
        world.wait_until_ended()
        faults = world.books("SELECT count(*) AS n FROM requests WHERE fault <> ''")[0]["n"]
        self.assertGreater(faults, 5, "the library did not misbehave: this run proves nothing")
        self.assertEqual([], checks.wrong(world))
        self.assertEqual([], checks.leaks(world))

    def park(self, dialect: str, call: str, code: str) -> None:
        """A result code that the dialect file does not name: parked with its words, while the others go on."""
        world = World(self, dialect=dialect)
        world.fault(call, "unknown-code")
        world.generate(8, seed=25)
        world.host.start()
        told = until(lambda: [row for row in world.results() if row["code"] == "municipal.unknown_code"],
                     "the registration system is told")
        shown = world.certbridge("case", told[0]["case_no"])
        self.assertIn("parked", shown)
        self.assertIn(code, shown)
        self.assertIn("未知情形", shown, "the library's own words")
        until(lambda: sum(row["status"] == "valid" for row in world.held()) >= 3, "the others are collected")

    def test_an_unknown_code_parks_one_of_three_calls(self) -> None:
        self.park("epoint", "/epoint/rest/cert/publish", "8888")

    def test_an_unknown_code_parks_the_one_call(self) -> None:
        self.park("linewell", "/linewell/api/collectCert", "888")

    def test_three_calls_with_everything_at_random(self) -> None:
        self.survive("epoint", CHAOS.format(seed=1))

    def test_one_call_with_everything_at_random(self) -> None:
        self.survive("linewell", CHAOS.format(seed=2))

    def test_an_act_thirty_seconds_after_the_caller_gave_up(self) -> None:
        """The shipped settle time of 35 s covers the latest act that a library is known for."""
        calls = {"epoint": "/epoint/rest/cert/publish", "linewell": "/linewell/api/collectCert"}
        shipped = {'settle-time="35s"': 'settle-time="35s"'}
        worlds = [World(self, dialect=dialect, changes=shipped) for dialect in calls]
        for world in worlds:
            world.fault(calls[world.dialect], "act-late", milliseconds=30_000)
            world.generate(1, seed=27)
            world.host.start()
        for world in worlds:
            world.wait_until_ended()
            self.assertEqual([], checks.wrong(world))
            self.assertEqual(1, len(world.held()))
            late = world.books("SELECT count(*) AS n FROM requests WHERE fault = 'act-late'")[0]["n"]
            self.assertEqual(1, late)

    def test_three_calls_of_which_some_act_late(self) -> None:
        self.survive("epoint", LATE.format(seed=3), SETTLE)

    def test_one_call_that_sometimes_acts_late(self) -> None:
        self.survive("linewell", LATE.format(seed=4), SETTLE)


main(__name__)
