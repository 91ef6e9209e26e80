"""What waits is not lost and not worn out: a dead library is probed, its wishes, quotas and hours are kept."""

import json
import re
import unittest
from datetime import datetime, timedelta, timezone

import checks
from world import World, main, until

BREAKER = '<breaker failures="5" first-probe="200ms" longest-probe="1s"/>'  # of world.SHORTER
ZONE = timezone(timedelta(hours=8))


class DeliveryControl(unittest.TestCase):
    def world_with(self, element: str = "") -> World:
        """The library's endpoint with one more element."""
        return World(self, changes={BREAKER: BREAKER + element})

    def paused(self, world: World) -> list[dict]:
        return json.loads(world.host.page("/health/ready")[1])["paused"]

    def parked(self, world: World) -> float:
        return world.host.metrics().get('certbridge_deliveries{endpoint="library",state="parked"}', 0)

    def events(self, world: World, name: str) -> int:
        return world.host.tail(10_000_000).count(f'"event":"{name}"')

    def attempts(self, world: World) -> list[int]:
        """Attempts of each delivery to the library, as a person is shown them with the message it came from."""
        found = []
        for message in set(re.findall(r"m-\d{10}", world.certbridge("messages", "list", "--limit", "1000"))):
            shown = world.certbridge("messages", "show", message)
            found += [int(number) for number in re.findall(r"library +library +\S+ +(\d+)", shown)]
        return found

    def test_a_dead_library_is_probed_and_everything_arrives_once_it_lives(self) -> None:
        world = self.world_with()
        world.set_chaos("seed=1,drop-before=1")
        world.generate(12, seed=41)
        world.host.start()
        until(lambda: world.host.metrics().get('certbridge_breaker_state{endpoint="library"}') == 2, "it opens")
        entry = until(lambda: [p for p in self.paused(world) if p["endpoint"] == "library"], "an alarm is shown")[0]
        self.assertEqual(("breaker", True), (entry["cause"], entry["alarm"]))
        probing = 'certbridge_breaker_transitions_total{endpoint="library",to="probing"}'
        until(lambda: world.host.metrics().get(probing, 0) >= 6, "it is probed")
        waiting = until(lambda: [m for m in re.findall(r"m-\d+", world.certbridge("messages", "list"))
                                 if "paused by its breaker" in world.certbridge("messages", "show", m)], "it is shown")
        self.assertTrue(waiting)
        # A dead library is asked about once a probe: hammered, it would have seen hundreds of requests by now.
        seen = world.books("SELECT count(*) AS n FROM requests WHERE fault <> ''")[0]["n"]
        probes = world.host.metrics()[probing]
        self.assertLess(seen, 5 + 8 + 4 * probes + 10)
        # Opened in one life, probed in the next.
        world.host.kill()
        world.host.start()
        # Open, or probing at this very moment: never closed.
        self.assertIn(world.host.metrics()['certbridge_breaker_state{endpoint="library"}'], (1, 2))
        self.assertEqual(0, self.parked(world))
        world.set_chaos("")
        world.wait_until_ended()
        self.assertEqual([], checks.wrong(world))
        self.assertEqual(0, world.host.metrics()['certbridge_breaker_state{endpoint="library"}'])
        self.assertEqual([], self.paused(world))
        for event in ("breaker.open", "breaker.probing", "breaker.closed"):
            self.assertGreaterEqual(self.events(world, event), 1, event)

    def test_retry_after_is_kept_for_the_whole_endpoint(self) -> None:
        world = self.world_with()
        world.fault("/epoint/rest/cert/publish", "throttle", times=1)
        world.generate(8, seed=42)
        world.host.start()
        world.wait_until_ended()
        self.assertEqual([], checks.wrong(world))
        self.assertEqual(1, self.events(world, "endpoint.paused"))
        self.assertEqual(1, self.events(world, "endpoint.resumed"))

    def test_a_quota_is_not_exceeded_also_across_a_restart(self) -> None:
        world = self.world_with('<limits per-day="3"/>')
        world.generate(10, seed=43)
        world.host.start()
        until(lambda: [p for p in self.paused(world) if p["cause"] == "quota"], "the quota is used up")
        until(lambda: len(world.held()) >= 3, "three are there")
        world.host.terminate()
        world.host.start()
        until(lambda: world.host.metrics().get('certbridge_deliveries{endpoint="library",state="ready"}', 0) >= 5,
              "the others wait")
        self.assertEqual(3, len(world.held()))
        self.assertEqual(3, sum(self.attempts(world)), "what waits has used up nothing")

    def test_nothing_is_sent_during_maintenance_and_everything_afterwards(self) -> None:
        now = datetime.now(ZONE)
        form = "%Y-%m-%dT%H:%M"
        window = (f'<maintenance from="{now - timedelta(hours=1):{form}}" to="{now + timedelta(hours=1):{form}}"/>')
        world = self.world_with(window)
        world.generate(6, seed=44)
        world.host.start()
        until(lambda: world.host.metrics().get('certbridge_deliveries{endpoint="library",state="ready"}', 0) >= 4,
              "deliveries wait")
        self.assertEqual(["maintenance"], [p["cause"] for p in self.paused(world)])
        self.assertEqual(0, world.books("SELECT count(*) AS n FROM requests")[0]["n"])
        self.assertEqual(0, sum(self.attempts(world)))
        world.host.terminate()
        text = world.configuration.read_text("utf-8")
        world.configuration.write_text(text.replace(window, ""), "utf-8")
        world.host.start()
        world.wait_until_ended()
        self.assertEqual([], checks.wrong(world))


main(__name__)
