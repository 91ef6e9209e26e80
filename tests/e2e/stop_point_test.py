"""The host ends at named places (CERTBRIDGE_STOP_AT); it goes on as if nothing had happened."""

import json
import unittest

import checks
from world import World, fetch, main

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

    def test_a_booking_whose_file_was_dropped_and_whose_receipt_was_lost(self) -> None:
        """Its response says that the province has it: no file is put down a second time."""
        world = World(self, province="folder", verify="none", options={"registration-outbox.lease": "1s"})
        world.generate(3, seed=34)
        for _ in range(2):
            world.host.launch(CERTBRIDGE_STOP_AT="engine.sent.province:1")
            self.assertEqual(-9, world.host.wait_until_dead(), "no booking was sent")
        world.host.start()
        world.wait_until_ended()
        messages, gaps, violations = (json.loads(fetch(f"{world.addresses['province']}/sandbox/{page}")[1])[page]
                                      for page in ("messages", "gaps", "violations"))
        self.assertEqual({("accepted", 1)}, {(row["state"], row["times"]) for row in messages})
        self.assertEqual(([], []), (gaps, violations))
        self.assertEqual(0, world.host.terminate())


main(__name__)
