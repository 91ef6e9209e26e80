"""A proof must be able to fail: what the sanitizer finds in the host fails the test that ran it (sanitizer builds only)."""

import unittest

from world import World, main


class PlantedLeak(unittest.TestCase):
    def test_a_leak_in_the_host_fails_its_test(self) -> None:
        world = World(self, environment={"CERTBRIDGE_FAULT": "memory-leak"})
        world.generate(1, seed=5)
        world.host.start()
        world.wait_until_ended()
        self.assertEqual(99, world.host.terminate())
        with self.assertRaisesRegex(AssertionError, "a sanitizer found:(.|\n)*detected memory leaks(.|\n)*take_up"):
            world.close()


main(__name__)
