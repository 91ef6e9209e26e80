"""The processes of the sandbox one by one: each may be frozen, killed, and started again with its books on its port."""

from __future__ import annotations

import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from host import ROOT, die_with_parent, until

sys.path.insert(0, str(ROOT / "tests" / "sandbox"))
from certsandbox.sftp_front import family, options_of  # noqa: E402

__all__ = ["Counterpart", "options_of", "quiet_port"]

# Below what the system gives to connections, so that nobody takes the port while its server is away.
PORTS = range(20_000, 32_000)


def quiet_port() -> int:
    """A port of this machine that is free and stays so."""
    for _ in range(1000):
        port = random.SystemRandom().choice(PORTS)
        with socket.socket() as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is free")


class Counterpart:
    """A server of the sandbox, with all the processes that came of it."""

    def __init__(self, address: str, process: dict[str, Any], books: Path | None = None) -> None:
        self.address, self.books = address, books
        self._pid, self._command, self._ready = process["pid"], process["command"], Path(process["ready"])
        self._process: subprocess.Popen | None = None

    def freeze(self) -> None:
        """It answers nothing, and its connections stay."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """It goes on with whatever it was doing."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """SIGKILL; what it wrote into its books stays."""
        self._signal(signal.SIGKILL)
        self._wait()
        until(lambda: not self._listens(), "the counterpart ends")

    def start_again(self) -> None:
        """With its books, at its address."""
        self._ready.unlink(missing_ok=True)
        self._process = subprocess.Popen([*self._command, "--port", str(urlsplit(self.address).port)],
                                         stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, preexec_fn=die_with_parent)
        self._pid = self._process.pid
        until(lambda: self._ready.exists() or self._process.poll() is not None, "the counterpart starts again")
        assert self._ready.exists(), f"the counterpart did not start again: {self._process.returncode}"

    def misdeeds(self) -> Counter:
        """How often it did what wrong, by its own books."""
        with closing(sqlite3.connect(f"file:{self.books}?mode=ro", uri=True, timeout=60)) as books:
            return Counter(dict(books.execute("SELECT kind, count(*) FROM misdeeds GROUP BY kind")))

    def close(self) -> None:
        """End it, if it was started here; else it is the sandbox that ends it, which a frozen one would not notice."""
        self.thaw()
        if self._process and self._process.poll() is None:
            self._signal(signal.SIGKILL)
        self._wait()

    def _signal(self, number: int) -> None:
        for process in family(self._pid):
            with suppress(ProcessLookupError):
                os.kill(process, number)

    def _wait(self) -> None:
        if self._process:
            self._process.wait()
            self._process.stdin.close()

    def _listens(self) -> bool:
        with socket.socket() as one:
            return one.connect_ex(("127.0.0.1", urlsplit(self.address).port)) == 0
