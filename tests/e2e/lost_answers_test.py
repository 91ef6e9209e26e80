"""G2, G3: the library loses requests and answers, acts late, is busy or talks nonsense; nothing is lost or doubled."""

import unittest

import checks
from world import World, main

COUNT = 40
CHAOS = "seed={seed},drop-after=0.08,drop-before=0.06,fail=0.05,slow=0.08,busy=0.05,garble=0.06,throttle=0.02,ms=150"
# Shorter than the settle time of the library in this configuration (1500 ms).
LATE = "seed={seed},act-late=0.2,drop-after=0.1,ms=700"


class LostAnswers(unittest.TestCase):
    def survive(self, dialect: str, chaos: str) -> None:
        world = World(self, dialect=dialect, chaos=chaos)
        world.generate(COUNT, seed=23, returned=2, wait=False)
        world.host.start()
        world.wait_for_generator()
        world.wait_until_ended()
        faults = world.books("SELECT count(*) AS n FROM requests WHERE fault <> ''")[0]["n"]
        self.assertGreater(faults, 5, "the library did not misbehave: this run proves nothing")
        self.assertEqual([], checks.wrong(world))
        self.assertEqual([], checks.leaks(world))

    def test_three_calls_with_everything_at_random(self) -> None:
        self.survive("epoint", CHAOS.format(seed=1))

    def test_one_call_with_everything_at_random(self) -> None:
        self.survive("linewell", CHAOS.format(seed=2))

    def test_three_calls_of_which_some_act_late(self) -> None:
        self.survive("epoint", LATE.format(seed=3))

    def test_one_call_that_sometimes_acts_late(self) -> None:
        self.survive("linewell", LATE.format(seed=4))


main(__name__)
