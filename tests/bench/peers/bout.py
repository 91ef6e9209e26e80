"""One contestant's turn: the same load, the same receiver, the same questions for everybody."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from machine import Group, SyncCount, die_with_parent, fetch, machine_seconds, until


@dataclass(frozen=True)
class Length:
    """How much work a turn is."""

    warm_up: float = 3
    most: int = 20000
    seconds: float = 10
    open_seconds: float = 4
    rate: int = 300
    probe_seconds: float = 2


SHORT = Length(warm_up=0.3, most=400, seconds=2, open_seconds=0.5, rate=100, probe_seconds=0.5)


@dataclass
class Receiver:
    """The one receiver of all, and what it has counted."""

    program: Path
    folder: Path
    port: int = 0
    process: Any = field(default=None)

    def start(self) -> None:
        """Start it on a free port."""
        file = self.folder / "sink.port"
        self.process = subprocess.Popen([str(self.program), str(file)], stdin=subprocess.DEVNULL,
                                        preexec_fn=die_with_parent)
        until(file.exists, "the receiver starts")
        self.port = int(file.read_text())

    def figures(self) -> dict[str, float]:
        """Events, duplicates, time of the last new one, processor time."""
        return json.loads(fetch(self.port, "/figures")[1])

    def events(self) -> set[str]:
        """Identifiers of all that arrived."""
        return set(fetch(self.port, "/events")[1].split())

    def reset(self) -> None:
        """Forget everything."""
        fetch(self.port, "/reset", "POST")

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()


class Bout:
    """A contestant on a fresh folder, from its start to its end."""

    def __init__(self, kind: Any, build: Path, folder: Path, receiver: Receiver, length: Length,
                 slow: dict[str, str]) -> None:
        self.build, self.receiver, self.length = build, receiver, length
        self.folder = folder / f"turn-{time.monotonic_ns()}"
        self.folder.mkdir()
        self.folder.chmod(0o755)
        self.group = Group()
        self.ids = self.folder / "accepted.txt"
        try:
            self.contestant = kind(build, self.folder, self.group, receiver.port, slow)
            self.contestant.start()
        except BaseException:
            self.group.close()
            raise

    def __enter__(self) -> "Bout":
        return self

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.group.close()
        if kind is None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _command(self, run: str, **options: Any) -> list[str]:
        command = [str(self.build / "tests" / "peer_load"), "--port", str(self.contestant.port), "--path",
                   self.contestant.path, "--run", run, "--ids", str(self.ids)]
        for name, value in options.items():
            command += [f"--{name}", str(value)]
        return command

    def load(self, run: str, **options: Any) -> dict[str, Any]:
        """Run the load to its end; its figures."""
        done = subprocess.run(self._command(run, **options), capture_output=True, text=True, check=False,
                              preexec_fn=die_with_parent)
        if done.returncode != 0:
            raise RuntimeError(f"the load on {self.contestant.name} failed: {done.stderr}")
        figures = json.loads(done.stdout)
        if done.stderr:
            figures["refusal"] = done.stderr.strip()
        return figures

    def wait_delivered(self, count: int, seconds: float = 120) -> bool:
        """Whether the receiver came to have that many events in time."""
        try:
            until(lambda: self.receiver.figures()["events"] >= count, "everything arrives", seconds)
        except RuntimeError:
            return False
        return True

    def books(self) -> dict[str, int]:
        """What was answered 2xx and never arrived; what arrived more than once."""
        accepted = set(self.ids.read_text().split())
        lost = accepted - self.receiver.events() if accepted else set()
        return {"lost": len(lost), "duplicates": int(self.receiver.figures()["duplicates"])}

    def warm_up(self) -> None:
        """Until it is as fast as it gets, and empty again."""
        self.receiver.reset()
        warm = self.load("warm", seconds=self.length.warm_up)
        if not self.wait_delivered(warm["accepted"]):
            raise RuntimeError(f"{self.contestant.name} does not deliver: {warm}")
        self.receiver.reset()

    def closed(self) -> dict[str, float]:
        """64 connections that always have a request under way."""
        self.receiver.reset()
        cpu, busy, began = self.group.cpu_seconds(), machine_seconds(), time.monotonic()
        sink = self.receiver.figures()["cpu_seconds"]
        load = self.load("closed", most=self.length.most, seconds=self.length.seconds)
        whole = self.wait_delivered(load["accepted"])
        figures = self.receiver.figures()
        memory = self.group.memory_bytes()
        time.sleep(0.3)  # what it does behind a delivery belongs to it
        cpu = self.group.cpu_seconds() - cpu
        took, busy = time.monotonic() - began, machine_seconds() - busy
        others = busy - cpu - load["cpu_seconds"] - (figures["cpu_seconds"] - sink)
        if not load["accepted"]:
            raise RuntimeError(f"{self.contestant.name} accepts nothing: {load}")
        return {
            "accepted": load["accepted"] / (load["ended"] - load["began"]),
            "delivered": figures["events"] / (figures["last"] - load["began"]) if whole else 0.0,
            "p50": load["p50_ms"], "p99": load["p99_ms"], "cpu": 1000 * cpu / load["accepted"],
            "memory": memory / 1e6, "refused": load["refused"], "others": max(0.0, others) / took,
            **self.books()}

    def open(self) -> dict[str, float]:
        """So many events a second, whatever was answered."""
        self.receiver.reset()
        load = self.load("open", seconds=self.length.open_seconds, rate=self.length.rate)
        self.wait_delivered(load["accepted"])
        return {"open_p50": load["p50_ms"], "open_p99": load["p99_ms"], "open_refused": load["refused"],
                **{f"open_{name}": value for name, value in self.books().items()}}

    def syncs(self) -> float | None:
        """Syncs for each event that was accepted, with one connection; None when they could not be counted."""
        self.receiver.reset()
        if not SyncCount.possible():
            return None
        count = SyncCount(self.group, self.folder)
        load = self.load("syncs", seconds=self.length.probe_seconds, connections=1)
        seen = count.end()
        self.wait_delivered(load["accepted"])
        return None if seen is None or not load["accepted"] else seen / load["accepted"]

    def killed(self) -> dict[str, int]:
        """SIGKILL to all of it under load, a new start: what was accepted must arrive."""
        self.receiver.reset()
        command = self._command("killed", seconds=self.length.probe_seconds * 5)
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=die_with_parent) as load:
            time.sleep(self.length.probe_seconds)
            self.group.kill()
            accepted = json.loads(load.communicate(timeout=60)[0])["accepted"]
        self.contestant.start()
        ids = set(self.ids.read_text().split())
        try:
            until(lambda: ids <= self.receiver.events(), "what was accepted arrives", 60)
        except RuntimeError:
            pass
        return {"accepted": accepted, **self.books()}
