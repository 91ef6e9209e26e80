"""G2, G12: a seal service over HTTP signs, and is slow, silent, wrong or away; each certificate is sealed once in effect."""

import json
import unittest
from collections import Counter

import checks
from world import World, fetch, main, until

COUNT = 24
CHAOS = "seed=7,drop-after=0.1,drop-before=0.06,fail=0.06,slow=0.08,busy=0.05,garble=0.06,act-late=0.06,ms=150"


class RemoteSeal(unittest.TestCase):
    maxDiff = None

    def world(self) -> World:
        world = World(self, seal="service", options={"registration-outbox.lease": "1s"})
        self.service = world.addresses["sealService"]
        return world

    def page(self, name: str) -> dict:
        return json.loads(fetch(f"{self.service}/sandbox/{name}")[1])

    def sealed_once(self, world: World) -> list[str]:
        """One signature for each step that sealed, although it was asked for again and again."""
        steps = Counter(row["request_id"].rsplit("/", 1)[0] for row in self.page("signed")["signed"])
        found = [f"{step}: {number} different seals" for step, number in steps.items() if number > 1]
        if len(steps) < len(world.held()):
            found.append(f"{len(steps)} steps sealed, but {len(world.held())} certificates are held")
        return found + [str(row) for row in self.page("violations")["violations"]]

    def check(self, world: World) -> None:
        self.assertEqual([], checks.wrong(world))
        self.assertEqual([], checks.verified(world))
        self.assertEqual([], self.sealed_once(world))
        self.assertEqual([], checks.leaks(world))

    def test_with_everything_at_random(self) -> None:
        world = self.world()
        world.set_chaos(CHAOS, of=self.service)
        world.generate(COUNT, seed=41, returned=1, wait=False)
        world.host.start()
        world.wait_for_generator()
        world.wait_until_ended()
        self.check(world)

    def test_cases_wait_while_the_service_is_away(self) -> None:
        world = self.world()
        world.fault("", "down", times=1_000_000, of=self.service)
        world.generate(6, seed=42)
        world.host.start()
        until(lambda: "seal_service.transport" in world.certbridge("messages", "list"), "a case waits for its seal")
        self.assertEqual([], world.held())
        self.assertNotIn("parked", world.certbridge("messages", "list"))
        self.assertEqual(200, fetch(self.service + "/sandbox/faults", "DELETE")[0])
        world.wait_until_ended()
        self.check(world)

    def test_killed_while_sealing(self) -> None:
        """The process ends around the commits of the sealing step, and asks for the same signature again."""
        world = self.world()
        world.generate(16, seed=43)
        for arrival in (4, 8, 12):
            world.host.launch(CERTBRIDGE_STOP_AT=f"journal.before_commit:{arrival}")
            self.assertEqual(-9, world.host.wait_until_dead(), f"the host did not stop at commit {arrival}")
        world.host.start()
        world.wait_until_ended()
        self.check(world)


main(__name__)
