"""What goes wrong while a history is told. Each kind is counted, so that a run can say what it has met."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress

from life_world import FIRST_CALL
from office import Office
from world import World, build_folder, until

# Of the counterparts, at random rates: lost requests and answers, late ones, garbage, bodies that are cut.
MISDEEDS = {"drop-after": 0.08, "drop-before": 0.05, "fail": 0.05, "garble": 0.08, "busy": 0.05, "slow": 0.08,
            "act-late": 0.05, "cut-request": 0.08, "cut-answer": 0.08}
# Where the host may end itself, and how often; each is a row of docs/formats.md.
STOPS = {"content.synced": 1, "content.renamed": 1, "journal.between_rows": 1, "journal.before_commit": 1,
         "journal.after_commit": 2, "engine.sending": 1, "engine.sent.library": 4, "engine.sent.registration-reporter": 1}
KINDS = {"the host is killed": 3, "the host is killed in a call": 3, "the host stops at a named point": 3, "a counterpart is frozen": 2,
         "a counterpart is killed": 2, "the registration database is locked": 1, "counterparts misbehave": 5,
         "the disk is full": 2, "rows are handed over again": 2}
ON_POSTGRESQL = {"the registration database is locked": "the registration database is restarted"}
LATE = 700  # milliseconds; longer than the caller waits (FIRST_BYTE), far shorter than the settle time
QUICK = 200
IN_A_CALL = 6.0  # seconds that a call which the library answers slowly is waited for; it takes one
FIRST_BYTE = 500


class Trouble:
    """Makes trouble for a world, by chance."""

    def __init__(self, world: World, office: Office, chance: random.Random, issue: Callable[[], object]) -> None:
        """`issue` books a certificate that is to be issued."""
        self.world, self.office, self.chance, self.done = world, office, chance, Counter()
        self._issue = issue
        self.ended: list[str] = []  # ends of the host that nobody caused
        self._armed = self._full = False
        self._moment = threading.Event()
        self._sign = world.folder / "disk-is-full"
        world.environment |= {"LD_PRELOAD": str(build_folder() / "tests" / "disk_full_preload.so"),
                              "CERTBRIDGE_DISK_FOLDER": str(world.run / "journal"),
                              "CERTBRIDGE_DISK_FULL": str(self._sign)}
        self._acts = {
            "the host is killed": self._kill, "the host is killed in a call": self._kill_in_a_call,
            "the host stops at a named point": self._stop,
            "a counterpart is frozen": self._freeze, "a counterpart is killed": self._kill_counterpart,
            "the registration database is locked": self._lock,
            "the registration database is restarted": lambda: self.world.database.restart(),
            "counterparts misbehave": self._misbehave, "the disk is full": self._fill,
            "rows are handed over again": self._again}

    def pause(self, most: float) -> None:
        """A while."""
        self._moment.wait(self.chance.uniform(0, most))
        self.look()

    def happen(self) -> None:
        """One kind of trouble."""
        kind = self.chance.choices(list(KINDS), list(KINDS.values()))[0]
        if self.world.database.backend == "postgresql":
            kind = ON_POSTGRESQL.get(kind, kind)
        self.done[kind] += 1
        self._acts[kind]()
        self.look()

    def end(self) -> None:
        """No trouble from now on; the host starts once more."""
        self._sign.unlink(missing_ok=True)
        for one in self.world.counterparts.values():
            self.world.set_chaos("", of=one.address)
        self.look()
        self.world.host.kill()
        self.world.host.start()

    def look(self) -> None:
        """Start the host again when it has ended."""
        host = self.world.host
        if host.process.poll() is None:
            return
        if self._armed and host.process.returncode == -9:
            self.done["it stopped there"] += 1
        elif self._full:
            self.done["it did not start on a full disk"] += 1
        else:
            self.ended.append(f"the host ended with {host.process.returncode}: {host.tail(400)}")
        if not self._sign.exists():
            self._launch()

    def _launch(self, **environment: str) -> None:
        self._armed, self._full = bool(environment), self._sign.exists()
        self.world.host.launch(**environment)

    def _kill(self) -> None:
        self.world.host.kill()
        self._launch()

    def _kill_in_a_call(self) -> None:
        """While the library, which was asked to collect, has not answered: it acts when the host is gone."""
        self.world.fault(FIRST_CALL[self.world.dialect], "slow", milliseconds=LATE)
        self._issue()

        def called() -> bool:
            self.look()
            return not self.world.faults()
        with suppress(AssertionError):
            until(called, "it is called", IN_A_CALL)
            self.done["it was killed there"] += 1
        self._kill()

    def _stop(self) -> None:
        place = self.chance.choices(list(STOPS), list(STOPS.values()))[0]
        self.world.host.kill()
        self._launch(CERTBRIDGE_STOP_AT=f"{place}:{self.chance.randrange(1, 3)}")
        if place.startswith("engine."):
            self._issue()  # what is sent soon, so that it comes there

    def _one(self):
        return self.world.counterparts[self.chance.choice(list(self.world.counterparts))]

    def _freeze(self) -> None:
        one = self._one()
        one.freeze()
        self.pause(0.8)
        one.thaw()

    def _kill_counterpart(self) -> None:
        one = self._one()
        one.kill()
        self.pause(0.5)
        one.start_again()

    def _lock(self) -> None:
        with closing(sqlite3.connect(self.world.database.connection.removeprefix("db="), timeout=60,
                                     isolation_level=None)) as database:
            database.execute("BEGIN EXCLUSIVE")
            self.pause(0.6)
            database.execute("ROLLBACK")

    def _misbehave(self) -> None:
        share = self.chance.choice((0, 0.6, 0.6, 0.6))  # now and then they behave again
        rates = {name: rate for name, rate in MISDEEDS.items() if self.chance.random() < share}
        text = "".join(f",{name}={rate}" for name, rate in rates.items())
        text = f"seed={self.chance.randrange(10**6)}{text},ms={self.chance.choice((QUICK, LATE))}"
        for one in self.world.counterparts.values():
            self.world.set_chaos(text, of=one.address)

    def _fill(self) -> None:
        """Sometimes it ends while there is no room, and has to start without."""
        self._full = True
        self._sign.touch()
        self.pause(0.4)
        if self.chance.random() < 0.4:
            self._kill()
        self.pause(0.4)
        self._sign.unlink()

    def _again(self) -> None:
        self.office.hand_over_again(self.chance.randrange(1, 5))
