"""One counterpart hangs while pushes flow to two others: their latency and the memory of the process, second by second.

    isolation_test.py BUILD                               2,000 pushes while it hangs
    CERTBRIDGE_ISOLATION=50000 CERTBRIDGE_PLOT=docs/pictures/isolation.svg isolation_test.py BUILD
                                                          the long form; writes the plot and prints its table

What fails is a lost push and memory beyond its promise. Latencies are compared with those of the same run before the
counterpart hung and after, and printed: no machine is too slow for this test.
"""

import os
import threading
import time
import unittest
from dataclasses import dataclass
from pathlib import Path

import plot
from flooded import FloodedHost, share, until

PUSHES = int(os.environ.get("CERTBRIDGE_ISOLATION", "2000"))
TURNS = 4 if PUSHES >= 10_000 else 1  # it hangs so many times, so that what else the machine does concerns both
PLOT = os.environ.get("CERTBRIDGE_PLOT", "")
PER_SECOND = 60  # to each of the two
SHARE_BETWEEN = 1.0  # as many more pushes before each time and at the end, of those of each time
TO_HANGING = 12  # a second
MOST_MEMORY = 64.0  # MB; promised, no margin
OTHERS = ("depot", "library")
ANSWERS, HANGS = "it answers", "it hangs"


@dataclass
class Phase:
    """A part of the run: its times on the steady clock."""

    name: str
    begins: float
    ends: float


class Watch:
    """Looks at the memory once a second."""

    def __init__(self, host: FloodedHost) -> None:
        self.host, self.seen, self.over = host, [], threading.Event()
        self.thread = threading.Thread(target=self.work)
        self.thread.start()

    def work(self) -> None:
        while not self.over.wait(1):
            self.seen.append((time.monotonic(), self.host.pss()))

    def stop(self) -> list[tuple[float, float]]:
        """Everything that was seen: when, MB."""
        self.over.set()
        self.thread.join()
        return self.seen


class Isolation(unittest.TestCase):
    def setUp(self) -> None:
        self.host = FloodedHost(self, ["hanging", *OTHERS])
        self.host.start()
        self.phases: list[Phase] = []

    def flow(self, name: str, pushes: int) -> None:
        """Pushes to the two, as many to each, and some to the one that hangs; returns once the two have theirs."""
        there = {other: self.host.arrived(other) for other in OTHERS}
        began = time.monotonic()
        for other in OTHERS:
            self.host.feed(other, pushes // 2, PER_SECOND)
        self.host.feed("hanging", pushes // 2 * TO_HANGING // PER_SECOND, TO_HANGING)
        for other in OTHERS:
            until(lambda o=other: self.host.arrived(o) >= there[o] + pushes // 2, f"all arrive at {other}")
        self.phases.append(Phase(name, began, time.monotonic()))

    def latencies(self, begins: float, ends: float) -> list[float]:
        """Seconds from when a push was due until it arrived, of those that arrived in this time at one of the two."""
        return [taken for other in OTHERS for _, taken, when in self.arrivals[other] if begins <= when < ends]

    def latencies_while(self, name: str) -> list[float]:
        """The same of all phases of this name."""
        return [taken for phase in self.phases if phase.name == name for taken in self.latencies(phase.begins, phase.ends)]

    def nothing_is_lost(self) -> None:
        for name in ("hanging", *OTHERS):
            numbers = [number for number, _, _ in self.host.arrivals(name)]
            self.assertEqual(list(range(1, len(numbers) + 1)), sorted(numbers), f"{name} has each push once")
            self.assertTrue(self.host.fed(name))
            self.assertEqual(0, self.host.waiting(name))

    def rows(self, memory: list[tuple[float, float]]) -> list[list[str]]:
        """One for each name of phases."""
        found = []
        for name in (ANSWERS, HANGS):
            taken = self.latencies_while(name)
            seen = [size for phase in self.phases if phase.name == name
                    for when, size in memory if phase.begins <= when < phase.ends] or [0.0]
            found.append([name, str(len(taken)), f"{1000 * share(taken, 0.5):.1f} ms", f"{1000 * share(taken, 0.99):.1f} ms",
                          f"{max(seen):.1f} MB"])
        return found

    def draw(self, memory: list[tuple[float, float]]) -> None:
        began = self.phases[0].begins
        seconds = range(int(self.phases[-1].ends - began))
        each = [self.latencies(began + second, began + second + 1) for second in seconds]
        lines = [plot.Line(words, [(second + 0.5, 1000 * share(taken, part)) for second, taken in zip(seconds, each) if taken])
                 for words, part in (("half of the pushes within", 0.5), ("99 of 100 within", 0.99))]
        hangs = [(phase.begins - began, phase.ends - began) for phase in self.phases if phase.name == HANGS]
        used = plot.Line("memory (PSS)", [(when - began, size) for when, size in memory])
        Path(PLOT).write_text(plot.page(
            f"One endpoint hangs, {PUSHES} pushes flow to two others",
            "Latency of the two others and memory of the process, second by second; grey while the third counterpart hangs.",
            [plot.Panel("latency of the two others, ms", lines, hangs, logarithmic=True),
             plot.Panel("memory of the process, MB", [used], hangs, most=MOST_MEMORY, mark="promised: 64 MB")]), "utf-8")

    def test_one_that_hangs_slows_nobody_else(self) -> None:
        watch = Watch(self.host)
        self.addCleanup(watch.stop)
        between = int(PUSHES / TURNS * SHARE_BETWEEN)
        self.flow(ANSWERS, between)
        for _ in range(TURNS):
            self.host.be("hanging", "hangs")
            self.flow(HANGS, PUSHES // TURNS)
            self.assertGreater(self.host.waiting("hanging"), 0)
            self.host.be("hanging", "alive")
            self.flow(ANSWERS, between)
        until(lambda: self.host.waiting("hanging") == 0, "what waited is delivered")
        memory = watch.stop()
        self.nothing_is_lost()
        self.arrivals = {other: self.host.arrivals(other) for other in OTHERS}
        print("| | pushes to the two others | half within | 99 of 100 within | memory, at most |\n| --- | --- | --- | --- | --- |")
        for row in self.rows(memory):
            print(f"| {' | '.join(row)} |", flush=True)
        for words, cut in (("half", 0.5), ("99 of 100", 0.99)):
            ratio = share(self.latencies_while(HANGS), cut) / share(self.latencies_while(ANSWERS), cut)
            print(f"{words} within, while it hangs / while it answers: x {ratio:.2f}")
        if PLOT:
            self.draw(memory)
        self.assertLess(max(size for _, size in memory), MOST_MEMORY, "memory in MB")


if __name__ == "__main__":
    unittest.main(verbosity=2)
