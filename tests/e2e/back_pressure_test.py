"""When too much waits, sources keep what they have: the outbox table is left alone, posted events are answered 503."""

import json
import unittest
import urllib.error
import urllib.request

import checks
from fronts import address
from world import World, main, until

DEAD = "seed=1,drop-before=1"
EVENT = {"event_id": "posted-1", "event_type": "SHANZHENG", "case_no": "C-POSTED", "djlx": "100"}


class BackPressure(unittest.TestCase):
    def post(self, world: World) -> tuple[int, str | None, dict]:
        """Status, Retry-After and JSON of the answer to an event."""
        request = urllib.request.Request(
            address(world, "registration-front") + "/events", json.dumps(EVENT).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {world.secrets['registration-token']}"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.headers["Retry-After"], json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, error.headers["Retry-After"], json.loads(error.read())

    def test_a_dead_library_slows_the_sources_and_nothing_is_lost(self) -> None:
        world = World(self, changes={'<steps workers="2"/>':
                                     '<steps workers="2"/><intake most-unrouted="4" most-undelivered="8"/>'},
                      options={"registration-outbox.batch": "2"})
        world.set_chaos(DEAD)
        world.generate(30, seed=71)
        world.host.start()
        slowed = '"event":"sources.slowed","code":"intake.undelivered"'
        until(lambda: slowed in world.host.tail(1_000_000), "deliveries are too many")
        self.assertEqual((503, "10", {"code": "intake.undelivered", "message": "not taken; try again"}), self.post(world))
        waiting = 'SELECT count(*) FROM mw_case_outbox WHERE status = 3 AND last_error LIKE ?'
        until(lambda: world.query(waiting, "busy: intake.%")[0][0] > 0, "the outbox keeps its rows, with the reason")
        self.assertGreater(world.open_events(), 10)
        self.assertEqual(1, world.host.metrics()["certbridge_intake_slowed"])
        world.set_chaos("")
        world.wait_until_ended()
        self.assertEqual([], checks.wrong(world))
        until(lambda: world.host.metrics()["certbridge_intake_slowed"] == 0, "sources are welcome again")
        self.assertIn('"event":"sources.resumed"', world.host.tail(1_000_000))


main(__name__)
