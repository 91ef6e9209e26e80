"""G1, G2, G3: the host is killed under load while answers get lost; afterwards everything is there exactly once."""

import random
import threading
import unittest

import checks
from world import World, main

KILLS = 20
CASES = 120
CHAOS = "seed=5,drop-after=0.08,drop-before=0.05,fail=0.03,garble=0.03,slow=0.05,ms=150"


class Kill(unittest.TestCase):
    def finish(self, world: World) -> None:
        """The last start: without faults, until everything has come to its end."""
        world.set_chaos("")
        world.host.start()
        world.wait_for_generator()
        world.wait_until_ended()
        self.assertEqual([], checks.wrong(world))
        self.assertEqual([], checks.leaks(world))
        self.assertEqual(0, world.host.terminate())

    def test_twenty_kills_at_random_moments(self) -> None:
        # A claim on outbox rows outlives its owner; with the lease of a minute every kill would cost one.
        world = World(self, chaos=CHAOS, options={"registration-outbox.lease": "1s"})
        chance = random.Random(2026)
        world.generate(CASES, seed=31, rate=6, returned=4, wait=False)
        moment = threading.Event()
        for _ in range(KILLS):
            world.host.start()
            moment.wait(chance.uniform(0.05, 1.5))  # the moment is what is tried out here
            self.assertIsNone(world.host.process.poll(), f"the host ended by itself:\n{world.host.tail()}")
            world.host.kill()
        self.finish(world)

    def test_kills_while_starting(self) -> None:
        world = World(self, chaos=CHAOS, options={"registration-outbox.lease": "1s"})
        chance = random.Random(7)
        world.generate(20, seed=32)
        moment = threading.Event()
        for _ in range(10):
            world.host.launch()
            moment.wait(chance.uniform(0.0, 0.4))
            world.host.kill()
        self.finish(world)


main(__name__)
