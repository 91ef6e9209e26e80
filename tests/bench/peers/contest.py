#!/usr/bin/env python3
"""Our host beside message brokers and an integration server: the same work, in turns.

    contest.py --build DIR --folder DIR [--rounds N] [--short] [--peer NAME]...

A 4 kB event is posted over HTTP, durable before the answer, wrapped, posted on over HTTP and marked delivered. Every
contestant takes its turn in every round, plain and with 2 ms added to each sync, on a fresh folder and the same
receiver; rounds begin with another one each time. Before, each is asked once how often it syncs, and is killed.
--peer takes rabbitmq, node-red or none (may be given again; all); they are to be installed already. Tables go to
standard output, what happens to standard error.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any, Callable

import node_red
import rabbitmq
from bout import SHORT, Bout, Length, Receiver
from ours import Ours
from tables import SLOW, Results, print_figures, print_proofs, print_ratios

PEERS = {
    "rabbitmq": [rabbitmq.ClassicBlocking, rabbitmq.QuorumBlocking, rabbitmq.ClassicPipelined,
                 rabbitmq.QuorumPipelined],
    "node-red": [node_red.Durable, node_red.Passing],
    "none": [],
}


def say(text: str) -> None:
    """To whoever waits."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


class Contest:
    """All turns of all contestants."""

    def __init__(self, build: Path, folder: Path, length: Length, contestants: list[Any]) -> None:
        self.build, self.folder, self.length, self.contestants = build, folder, length, contestants
        self.receiver = Receiver(build / "tests" / "peer_sink", folder)
        self.results = Results()

    def bout(self, kind: Any, slow: bool) -> Bout:
        """A contestant, started."""
        delay = {"SLOW_SYNC_US": "2000", "LD_PRELOAD": str(self.build / "tests" / "slow_sync.so")} if slow else {}
        return Bout(kind, self.build, self.folder, self.receiver, self.length, delay)

    def again(self, what: Callable[[], Any]) -> Any:
        """What it answers; once more when it fails, as a peer may that starts on a busy machine."""
        try:
            return what()
        except RuntimeError as error:
            say(f"once more: {error}")
            return what()

    def turn(self, kind: Any, slow: bool) -> None:
        """One turn: closed loop, then open loop."""
        with self.bout(kind, slow) as bout:
            bout.warm_up()
            figures = {**bout.closed(), **bout.open()}
        self.results.add(kind.name + (SLOW if slow else ""), figures)
        say(f"{kind.name}{SLOW if slow else ''}: {figures['delivered']:.0f} delivered/s, "
            f"{figures['cpu']:.3f} s of CPU for 1,000, others {figures['others']:.2f} cores")

    def prove(self, kind: Any) -> None:
        """One look at its syncs, one kill."""
        with self.bout(kind, False) as bout:
            bout.warm_up()
            syncs = bout.syncs()
            killed = bout.killed()
        self.results.proofs[kind.name] = {"durable": kind.durable, "syncs": syncs, **killed}
        say(f"{kind.name}: syncs for each accepted {syncs}, after a kill {killed}")

    def run(self, rounds: int) -> None:
        """The proofs, then all rounds. An interrupt (SIGINT) ends it after the turns that are over."""
        self.receiver.start()
        try:
            for kind in self.contestants:
                self.again(partial(self.prove, kind))
            for number in range(rounds):
                first = number % len(self.contestants)
                for slow in (False, True):
                    for kind in self.contestants[first:] + self.contestants[:first]:
                        self.again(partial(self.turn, kind, slow))
        except KeyboardInterrupt:
            say("interrupted; the tables have what was measured so far")
        finally:
            self.receiver.stop()


def main() -> int:
    """Run the contest and print its tables; 1 when something that was accepted is lost or nothing was delivered."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--peer", action="append", choices=sorted(PEERS), default=[])
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    peers = [kind for name in given.peer or ["rabbitmq", "node-red"] for kind in PEERS[name]]
    with tempfile.TemporaryDirectory(dir=given.folder, prefix="peers-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL's server runs as a user of its own
        length = SHORT if given.short else Length()
        contest = Contest(given.build.resolve(), folder, length, [Ours, *peers])
        contest.run(1 if given.short else max(1, given.rounds))
    names = [kind.name for kind in contest.contestants]
    print_ratios(contest.results, names)
    print_figures(contest.results, names)
    print_proofs(contest.results, names)
    return 0 if contest.results.sound() else 1


if __name__ == "__main__":
    sys.exit(main())
