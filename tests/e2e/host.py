"""The process under test, and waiting for conditions."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any, Callable

if TYPE_CHECKING:
    from world import World

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = float(os.environ.get("CERTBRIDGE_E2E_PATIENCE", "240"))  # seconds; far above what is ever needed
_build = Path(os.environ.get("CERTBRIDGE_BUILD", ROOT / "build" / "release"))


def build_folder() -> Path:
    """Where the programs under test are."""
    return _build


def main(name: str) -> None:
    """Run the tests of a module; the first argument is the build folder."""
    global _build
    if name != "__main__":
        return
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-") and Path(sys.argv[1]).is_dir():
        _build = Path(sys.argv.pop(1)).resolve()
        os.environ["CERTBRIDGE_BUILD"] = str(_build)
    unittest.main(module="__main__", verbosity=2)


def until(condition: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """The first true value of the condition; fails when the deadline passes before."""
    end = time.monotonic() + seconds
    pause = threading.Event()
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds:.0f} s: {what}")
        pause.wait(0.03)


def die_with_parent() -> None:
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: a test that is killed leaves nothing behind


def fetch(url: str, method: str = "GET", body: bytes | None = None) -> tuple[int, str]:
    """Status and text of an answer, whatever the status."""
    request = urllib.request.Request(url, data=body, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode("utf-8")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode("utf-8")


def sanitizer_environment(folder: Path) -> dict[str, str]:
    """Where sanitizers write what they find; builds without them do not look at it. What test.sh sets stays."""
    report = f"log_path={folder / 'sanitizer'}"
    given = os.environ.get("ASAN_OPTIONS", "intercept_tls_get_addr=0")
    return {"ASAN_OPTIONS": f"{given}:{report}:detect_leaks=1:exitcode=99", "UBSAN_OPTIONS": f"{report}:print_stacktrace=1",
            "LSAN_OPTIONS": f"{report}:exitcode=99", "TSAN_OPTIONS": f"{report}:exitcode=99"}


def sanitizer_reports(folder: Path) -> str:
    """All that sanitizers found in any process of this folder; empty when they are content."""
    return "\n".join(file.read_text(errors="replace")[:8000] for file in sorted(folder.glob("sanitizer.*")))


class Host:
    """The process under test; may be ended and started again on the same journal."""

    def __init__(self, world: "World") -> None:
        self.world, self.process, self.port = world, None, 0
        self.log = world.folder / "host.log"
        self.starts = 0

    def launch(self, **environment: str) -> None:
        """Start without waiting."""
        self.starts += 1
        self.ready = self.world.folder / f"host.{self.starts}.port"
        command = [str(build_folder() / "bin" / "certbridge"), "run", "--config", str(self.world.configuration),
                   "--ready-file", str(self.ready), *self.world.settings()]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                command, cwd=self.world.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**os.environ, **sanitizer_environment(self.world.folder), **self.world.environment, **environment},
                preexec_fn=die_with_parent)

    def start(self, **environment: str) -> None:
        """Start and wait until it serves."""
        self.launch(**environment)
        until(lambda: self.ready.exists() or self.process.poll() is not None, "the host starts")
        if not self.ready.exists():
            raise AssertionError(f"the host ended with {self.process.returncode}:\n{self.tail()}")
        self.port = int(self.ready.read_text())

    def wait_until_dead(self) -> int:
        """Wait for an end that something else causes; the exit code."""
        until(lambda: self.process.poll() is not None, "the host ends")
        return self.process.returncode

    def kill(self) -> None:
        """SIGKILL."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def terminate(self, seconds: float = 30) -> int:
        """SIGTERM; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the host did not end within {seconds} s of SIGTERM:\n{self.tail()}") from None

    def page(self, path: str) -> tuple[int, str]:
        """A page of metrics and health."""
        return fetch(f"http://127.0.0.1:{self.port}{path}")

    def metrics(self) -> dict[str, float]:
        """All samples by name with labels."""
        lines = (line.rsplit(" ", 1) for line in self.page("/metrics")[1].splitlines() if line[:1] not in ("", "#"))
        return {name: float(value) for name, value in lines}

    def tail(self, length: int = 3000) -> str:
        """The end of the log."""
        return self.log.read_text(errors="replace")[-length:]
