"""A host under load: sources and counterparts are the plugin `flood`, which does as the files beside it say."""

from __future__ import annotations

import array
import http.client
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path
from typing import Any, Callable, Iterable

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(sys.argv.pop(1) if len(sys.argv) > 1 and Path(sys.argv[1]).is_dir() else ROOT / "build" / "release").resolve()
PATIENCE = float(os.environ.get("CERTBRIDGE_LOAD_PATIENCE", "3600"))  # seconds; far above what is ever needed

CONFIGURATION = """<certbridge xmlns="urn:certbridge:config:1" node="load" environment="sandbox">
  <data folder="journal"/>{journal}<plugins folder="{plugins}"/><listen address="127.0.0.1:0"/><log format="json"/>
  <master-key secret="master"/><drain deadline="10s"/><steps workers="16"/>
  <issuers file="issuers.xml"/><routes folder="routes"/>
  <endpoints>{endpoints}
  </endpoints>
</certbridge>
"""
ENDPOINT = """
    <endpoint name="feed-{name}" plugin="flood" kind="feed"><option name="folder" value="{folder}"/></endpoint>
    <endpoint name="{name}" plugin="flood" kind="counterpart" timeout="2s" settle-time="200ms">
      <option name="folder" value="{folder}"/><breaker failures="5" first-probe="200ms" longest-probe="1s"/>
    </endpoint>"""
ROUTE = """<route xmlns="urn:certbridge:route:1" name="to-{name}">
  <from endpoint="feed-{name}"/>
  <deliver endpoint="{name}"><retry first="100ms" factor="2" most="1s"/></deliver>
</route>
"""
ISSUERS = """<issuers xmlns="urn:certbridge:issuers:1"><issuer name="n" code="11411300MB1T000091" area="411300"
  number-word="n" province-word="豫" environment="sandbox"/></issuers>
"""


def until(condition: Callable[[], Any], what: str, pause: float = 0.05, seconds: float = PATIENCE) -> Any:
    """The first true value of the condition; fails when the deadline passes before."""
    end, never = time.monotonic() + seconds, threading.Event()
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds:.0f} s: {what}")
        never.wait(pause)
    return value


def share(values: Iterable[float], part: float) -> float:
    """The value that `part` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[int(part * (len(ordered) - 1))] if ordered else 0.0


class FloodedHost:
    """One host with a folder, a journal and endpoints of its own; each endpoint has a source and a route of its own."""

    def __init__(self, test: unittest.TestCase, endpoints: list[str], journal: str = "") -> None:
        scratch = tempfile.TemporaryDirectory(prefix="certbridge-load-", dir=os.environ.get("CERTBRIDGE_LOAD_FOLDER"))
        test.addCleanup(scratch.cleanup)
        self.folder, self.process, self.orders = Path(scratch.name), None, dict.fromkeys(endpoints, 0)
        (self.folder / "routes").mkdir()
        for name in endpoints:
            (self.folder / "routes" / f"{name}.xml").write_text(ROUTE.format(name=name), "utf-8")
        (self.folder / "issuers.xml").write_text(ISSUERS, "utf-8")
        (self.folder / "certbridge.xml").write_text(CONFIGURATION.format(
            plugins=BUILD / "tests" / "load", journal=journal,
            endpoints="".join(ENDPOINT.format(name=name, folder=self.folder) for name in endpoints)), "utf-8")
        test.addCleanup(self.kill)

    def start(self) -> float:
        """Starts the host; the seconds until its health says ready."""
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        with open(self.folder / "log", "ab") as log:
            began = time.monotonic()
            self.process = subprocess.Popen(
                [str(BUILD / "bin" / "certbridge"), "run", "--config", str(self.folder / "certbridge.xml"), "--ready-file",
                 str(ready)], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, "CERTBRIDGE_SECRET_MASTER": "ab" * 32})
        until(lambda: ready.exists() or self.process.poll() is not None, "the host starts", 0.005)
        if not ready.exists():
            raise AssertionError((self.folder / "log").read_text("utf-8")[-3000:])
        self.port = int(ready.read_text())
        until(lambda: self.page("/health/ready")[0] == 200, "the host is ready", 0.005)
        return time.monotonic() - began

    def page(self, path: str) -> tuple[int, str]:
        """Status and text of a page of metrics and health."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path)
        answer = connection.getresponse()
        text = answer.read().decode("utf-8")
        connection.close()
        return answer.status, text

    def metrics(self) -> dict[str, float]:
        """All samples by name with labels."""
        lines = (line.rsplit(" ", 1) for line in self.page("/metrics")[1].splitlines() if line[:1] not in ("", "#"))
        return {name: float(value) for name, value in lines}

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def kill(self) -> None:
        """SIGKILL."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def feed(self, name: str, count: int, per_second: float = 0) -> None:
        """Orders messages; returns at once."""
        self.orders[name] += 1
        with open(self.folder / f"feed-{name}.orders", "a", encoding="utf-8") as orders:
            orders.write(f"{count} {per_second}\n")

    def fed(self, name: str) -> bool:
        """Whether everything that was ordered was accepted."""
        file = self.folder / f"feed-{name}.done"
        return file.exists() and int(file.read_text() or 0) == self.orders[name]

    def refusals(self, name: str) -> int:
        """How often a message of this source was answered "busy"."""
        file = self.folder / f"feed-{name}.busy"
        return int(file.read_text() or 0) if file.exists() else 0

    def be(self, name: str, mood: str) -> None:
        """The counterpart is "alive", "dead" (refuses every call) or "hangs" (answers none) from now on."""
        file = self.folder / f"{name}.mood"
        (self.folder / f"{name}.mood.part").write_text(mood + "\n")
        (self.folder / f"{name}.mood.part").rename(file)

    def arrivals(self, name: str, first: int = 0) -> list[tuple[int, float, float]]:
        """What arrived at the counterpart, without the first so many: number, seconds since it was due, when."""
        file = self.folder / f"{name}.arrived"
        found = array.array("Q")
        if file.exists():
            with open(file, "rb") as stream:
                stream.seek(first * 24)
                whole = stream.read()
            found.frombytes(whole[:len(whole) // 24 * 24])
        return [(found[i], found[i + 1] / 1e9, found[i + 2] / 1e9) for i in range(0, len(found), 3)]

    def arrived(self, name: str) -> int:
        """How much arrived at the counterpart."""
        file = self.folder / f"{name}.arrived"
        return file.stat().st_size // 24 if file.exists() else 0

    def waiting(self, name: str) -> int:
        """Deliveries to the endpoint that are neither delivered nor set aside."""
        figures = self.metrics()
        return int(sum(value for sample, value in figures.items() if sample.startswith("certbridge_deliveries{")
                       and f'endpoint="{name}"' in sample and not any(
                           f'state="{end}"' in sample for end in ("delivered", "parked", "repair", "discarded",
                                                                  "superseded", "not-held"))))

    def pss(self, kind: str = "Pss") -> float:
        """Proportional set size of the process in MB (of a million bytes), or another sum that the system has."""
        for line in Path(f"/proc/{self.process.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith(kind + ":"):
                return int(line.split()[1]) * 1024 / 1e6
        raise AssertionError(f"smaps_rollup has no {kind}")
