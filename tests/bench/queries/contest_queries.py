#!/usr/bin/env python3
"""Queries beside nginx: the same stubs, the same certificate, in turns.

    contest_queries.py --build DIR --folder DIR [--rounds N] [--short] [--rate N] [--peer nginx|none]

2,000 queries a second, open loop, over 64 connections: each asks how a case stands and what the library has, 2 kB of JSON.
Ours identifies the caller (HMAC-SM3), decides, discloses what the purpose has, and makes the record durable before it
answers; nginx asks by auth_request whether it may, passes the library's answer on, and writes its access log. What a
person's signed assertion (SM2) costs beside it, and 2 ms for each sync, have rows of their own without a target.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from asked_host import FIND, ROOT, AskedHost, Stub, load, write_requests
from nginx import Nginx

sys.path.insert(0, str(ROOT / "tests" / "bench" / "peers"))
from machine import Group, die_with_parent, until  # noqa: E402
from tables import print_head, print_row, shown, spread  # noqa: E402

OURS, PERSON, SLOW, NGINX = "ours", "ours, with a person's assertion", "ours (+2 ms per sync)", "nginx"
MUST, MOONSHOT = 1.5, 1.0
FIGURES = [("cpu", "CPU us per query"), ("p50", "p50 ms"), ("p99", "p99 ms"), ("rate", "answered/s"), ("memory", "PSS MB")]


@dataclass(frozen=True)
class Length:
    """How much work a turn is."""

    rate: int = 2000
    seconds: float = 5
    warm_up: int = 1000


SHORT = Length(rate=100, seconds=1, warm_up=50)


class Turn:
    """One contestant on a fresh folder with a stub of its own."""

    def __init__(self, name: str, build: Path, folder: Path, length: Length) -> None:
        self.name, self.build, self.length, self.group = name, build, length, Group()
        self.folder = folder / f"turn-{time.monotonic_ns()}"
        self.folder.mkdir()
        self.folder.chmod(0o755)
        self.stub = Stub(build, self.folder)
        self.requests = [self.folder / "warm", self.folder / "measured"]
        self.numbers = [(0, length.warm_up), (length.warm_up, int(length.rate * length.seconds))]

    def start(self) -> None:
        """Start it with its requests ready."""
        if self.name == NGINX:
            peer = Nginx(self.folder, self.group, self.stub.port)
            peer.start()
            self.port = peer.port
            for file, (first, count) in zip(self.requests, self.numbers):
                write_requests(file, peer.requests(count, first))
            return
        host = AskedHost(self.build, self.folder, self.stub.port)
        slow = {"SLOW_SYNC_US": "2000", "LD_PRELOAD": str(self.build / "tests" / "slow_sync.so")} if self.name == SLOW else {}
        process = self.group.start(host.command(), self.folder / "host.log", slow, cwd=self.folder)
        until(lambda: (self.folder / "ready").exists() or process.poll() is not None, "the host starts")
        if process.poll() is not None:
            raise RuntimeError((self.folder / "host.log").read_text("utf-8")[-3000:])
        self.port, self.host = host.port, host
        for file, (first, count) in zip(self.requests, self.numbers):
            host.prepare(file, FIND, count, first, person=self.name == PERSON)

    def measure(self) -> dict[str, Any]:
        """Warm, then measured."""
        load(self.build, self.port, self.requests[0], seconds=30)
        cpu = self.group.cpu_seconds()
        figures = load(self.build, self.port, self.requests[1], rate=self.length.rate, seconds=self.length.seconds)
        cpu = self.group.cpu_seconds() - cpu
        accepted = figures["accepted"]
        if not accepted or figures["refused"]:
            raise RuntimeError(f"{self.name}: {figures}")
        return {"cpu": 1e6 * cpu / accepted, "p50": figures["p50_ms"], "p99": figures["p99_ms"],
                "rate": accepted / (figures["ended"] - figures["began"]), "memory": self.group.memory_bytes() / 1e6}

    def books(self) -> str:
        """What is wrong with what was asked and recorded; empty when nothing is."""
        asked = self.stub.figures()
        if asked.get("case") != asked.get("search"):
            return f"{self.name}: {asked['case']} cases were asked for, and {asked['search']} searches"
        if self.name == NGINX:
            return ""
        # The warm-up is over when all is answered, so each call belongs to one record.
        records = self.host.metrics()["certbridge_access_records"]
        until(lambda: self.host.metrics()["certbridge_access_records"] >= asked["search"], "the records are counted", 5)
        return "" if self.host.metrics()["certbridge_access_records"] == asked["search"] else (
            f"{self.name}: {records} records of {asked['search']} queries")

    def verified(self) -> str:
        """What the offline verifier finds wrong with our records."""
        if self.name == NGINX:
            return ""
        program, configuration = str(self.build / "bin" / "certbridge"), str(self.folder / "certbridge.xml")
        key = self.folder / "access.pem"
        key.write_text(subprocess.run([program, "access", "public-key", "--config", configuration], cwd=self.folder,
                                      capture_output=True, text=True, check=True).stdout)
        done = subprocess.run([program, "access", "verify", str(next((self.folder / "access").iterdir())), "--public-key",
                               str(key)], cwd=self.folder, capture_output=True, text=True, check=False,
                              preexec_fn=die_with_parent)
        return "" if done.returncode == 0 else done.stdout + done.stderr

    def close(self) -> None:
        """End all of it."""
        self.group.close()
        self.stub.stop()


def play(name: str, build: Path, folder: Path, length: Length) -> tuple[dict[str, Any], str]:
    """One turn: its figures, and what is wrong."""
    turn = Turn(name, build, folder, length)
    try:
        turn.start()
        figures = turn.measure()
        wrong = turn.books() or turn.verified()
    finally:
        turn.close()
    print(f"{time.strftime('%H:%M:%S')} {name}: {json.dumps({k: round(v, 2) for k, v in figures.items()})}", file=sys.stderr,
          flush=True)
    return figures, wrong


def print_tables(results: dict[str, list[dict[str, Any]]], rate: int) -> None:
    """Ratios with their targets, then what they are made of."""
    if NGINX in results:
        print_head("queries: ours / nginx", ["what", "min", "median", "max", "must", "moonshot", ""])
        for name in (OURS, PERSON, SLOW):
            for figure, words in (("cpu", "CPU per query"), ("p99", f"p99 at {rate}/s")):
                ratios = [mine[figure] / theirs[figure] for mine, theirs in zip(results[name], results[NGINX])]
                aims = [f"at most {MUST}", f"at most {MOONSHOT}"] if name == OURS else ["", ""]
                met = "" if name != OURS else ("moonshot" if median(ratios) <= MOONSHOT else
                                               "met" if median(ratios) <= MUST else "**missed**")
                print_row([f"{words}, {name} / nginx", *spread(ratios), *aims, met])
    print_head("queries: figures (min / median / max)", ["contestant", *(words for _, words in FIGURES)])
    for name, turns in results.items():
        print_row([name, *(" / ".join(spread([turn[figure] for turn in turns])) for figure, _ in FIGURES)])
    if NGINX in results:
        print(f"\nmemory, ours / nginx: {shown(median(turn['memory'] for turn in results[OURS]) / median(turn['memory'] for turn in results[NGINX]))}")


def main() -> int:
    """1 when a query was not recorded, or a record is not as it was written."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--rate", type=int, help="queries a second (2000), for a machine that has not the time")
    parser.add_argument("--peer", action="append", choices=["nginx", "none"], default=[])
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    names = [OURS, PERSON, SLOW] + ([] if given.peer == ["none"] else [NGINX])
    length = SHORT if given.short else Length(rate=given.rate or Length.rate)
    results, wrong = {name: [] for name in names}, []
    with tempfile.TemporaryDirectory(dir=given.folder, prefix="queries-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        for number in range(1 if given.short else max(1, given.rounds)):
            first = number % len(names)
            for contestant in names[first:] + names[:first]:
                figures, trouble = play(contestant, given.build.resolve(), folder, length)
                results[contestant].append(figures)
                wrong += [trouble] if trouble else []
    print_tables(results, length.rate)
    print("\n".join(["", *wrong]) if wrong else "\nevery query has its record, and every record is as it was written")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
