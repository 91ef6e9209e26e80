"""Priority lanes: a revocation reaches a slow library long before the backlog that its certificate stands in."""

import unittest

from life_world import LAST_CALL, STATUS_PATH, LifeWorld
from world import main, until

BULK = {'name="issue"': 'name="issue" lane="bulk"', 'workers="8"': 'workers="1"'}


class Lanes(unittest.TestCase):
    def calls(self, life: LifeWorld) -> list[tuple[str, str]]:
        """What the library did, in its own order: path and identifier."""
        paths = (LAST_CALL[life.dialect], STATUS_PATH[life.dialect])
        return [(row["path"], row["identifier"]) for row in life.world.books(
            "SELECT path, identifier FROM requests ORDER BY id") if row["path"] in paths]

    def waiting(self, life: LifeWorld) -> float:
        """What is not with the library yet."""
        metrics = life.world.host.metrics()
        return sum(metrics.get(f'certbridge_deliveries{{endpoint="library",state="{state}"}}', 0)
                   for state in ("ready", "waiting"))

    def lane_of(self, life: LifeWorld, identifier: str) -> str:
        """The lane of the library's delivery of this certificate, as a person is shown it."""
        listed = life.world.certbridge("messages", "list", "--type", "certificate.issue", "--limit", "1000")
        for line in listed.splitlines()[1:]:
            shown = life.world.certbridge("messages", "show", line.split()[0])
            if identifier in shown:
                row = next(row.split() for row in shown.splitlines() if row.split()[:2] == ["library", "library"])
                return row[4]
        raise AssertionError(f"no message of {identifier}")

    def test_a_revocation_deep_in_the_backlog(self) -> None:
        for dialect in LAST_CALL:
            with self.subTest(dialect=dialect):
                life = LifeWorld(self, dialect, changes=BULK)
                world = life.world
                world.fault(LAST_CALL[dialect], "slow", times=1000, milliseconds=300)
                world.host.start()
                world.certbridge("deliveries", "hold", "--endpoint", "library", "--reason", "the backlog builds up")
                world.generate(24, seed=61)
                until(lambda: not world.open_events() and self.waiting(life) >= 20
                      and not world.host.metrics().get('certbridge_messages{state="accepted"}', 0), "all of it waits")
                backlog = self.waiting(life)
                last = life.titles()[-1]
                world.certbridge("deliveries", "release", "--endpoint", "library", "--reason", "now")
                # The conclusion of its case is looked at again every two seconds, and the revocation comes behind it.
                life.book(("DIAOXIAO", "400", None), "R-1", last["number"], last["case"]["caseNo"], wait=False)
                world.wait_until_ended()
                calls = self.calls(life)
                revoked = next(n for n, call in enumerate(calls) if call[0] == STATUS_PATH[dialect])
                identifier = calls[revoked][1]
                arrived = [row["identifier"] for row in world.books("SELECT identifier FROM held ORDER BY arrival")]
                self.assertLess(arrived.index(identifier), backlog / 2, "its certificate was pulled forward")
                self.assertLess(revoked, backlog / 2, "it is told long before the rest")
                self.assertEqual("revocation", self.lane_of(life, identifier))
                self.assertEqual("bulk", self.lane_of(life, arrived[-1]))
                life.is_told(last["number"], "revoked")
                life.nothing_is_wrong()


main(__name__)
