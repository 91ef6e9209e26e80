"""The host ends at named places (CERTBRIDGE_STOP_AT); it goes on as if nothing had happened."""

import unittest

import checks
from world import World, main

STOP_POINTS = ("engine.sending", "engine.sent", "journal.before_commit", "journal.after_commit")


class StopPoints(unittest.TestCase):
    def killed_at(self, name: str, dialect: str) -> None:
        """The host ends at the n-th arrival at a named place, three times, and goes on each time."""
        world = World(self, dialect=dialect, options={"registration-outbox.lease": "1s"})
        world.generate(16, seed=33)
        for arrival in (2, 5, 11):
            world.host.launch(CERTBRIDGE_STOP_AT=f"{name}:{arrival}")
            self.assertEqual(-9, world.host.wait_until_dead(), f"the host did not stop at {name}:{arrival}")
        world.host.start()
        world.wait_until_ended()
        self.assertEqual([], checks.wrong(world))

    def test_each_stop_point_in_both_dialects(self) -> None:
        for name in STOP_POINTS:
            for dialect in ("epoint", "linewell"):
                with self.subTest(stop_point=name, dialect=dialect):
                    self.killed_at(name, dialect)


main(__name__)
