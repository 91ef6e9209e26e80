"""A host that is asked and pushes at the same time: stubs in place of registration system and library, a counterpart inside
the process (plugin `flood`) for the pushes."""

from __future__ import annotations

import socket
import sys
import tempfile
import threading
import unittest
from pathlib import Path

from flooded import BUILD, ENDPOINT, ROOT, ROUTE, FloodedHost

sys.path.insert(0, str(ROOT / "tests" / "bench" / "queries"))
import asked_host  # noqa: E402

PLUGINS = '\n  <plugins folder="plugins"/>'


class AskedAndPushing(FloodedHost):
    """One host with a folder of its own; `push` is the endpoint of the pushes. `libraries` as of asked_host.AskedHost, but
    each has a stub of its own, `stubs[name]`."""

    def __init__(self, test: unittest.TestCase, libraries: dict[str, str], file_bytes: int = 4096, workers: int = 16,
                 budget: int = 4) -> None:
        scratch = tempfile.TemporaryDirectory(prefix="certbridge-load-")
        test.addCleanup(scratch.cleanup)
        self.folder, self.process, self.orders = Path(scratch.name), None, {"push": 0}
        self._bring_plugins()
        self.stubs = {}
        for name in ("registration", *libraries):
            (self.folder / name).mkdir()
            self.stubs[name] = asked_host.Stub(BUILD, self.folder / name, file_bytes)
            test.addCleanup(self.stubs[name].stop)
        self.asked = asked_host.AskedHost(
            BUILD, self.folder, self.stubs["registration"].port,
            {name: (kinds, self.stubs[name].port) for name, kinds in libraries.items()}, workers, budget,
            more=ENDPOINT.format(name="push", folder=self.folder), routes={"push": ROUTE.format(name="push")}, plugins=PLUGINS)
        test.addCleanup(self.kill)

    def _bring_plugins(self) -> None:
        (self.folder / "plugins").mkdir()
        for plugin in ((BUILD / "lib" / "certbridge" / "http"), (BUILD / "lib" / "certbridge" / "municipal_library"),
                       (BUILD / "lib" / "certbridge" / "bench_cases"), (BUILD / "tests" / "load" / "flood")):
            (self.folder / "plugins" / plugin.name).symlink_to(plugin)

    def requests(self, path: str, count: int, first: int = 0) -> Path:
        """A file of signed requests, each about somebody else."""
        return self.asked.prepare(self.folder / f"requests-{first}-{count}", path, count, first)

    def load(self, requests: Path, **options: object) -> dict[str, float]:
        """Send them; figures of peer_load."""
        return asked_host.load(BUILD, self.asked.port, requests, **options)

    def latencies(self, there: int) -> list[float]:
        """Seconds from when a push was due until it arrived, of all pushes after the first so many."""
        return [taken for _, taken, _ in self.arrivals("push", there)]


class MostMemory(threading.Thread):
    """Looks at the memory of a host, until it is told to stop."""

    def __init__(self, host: FloodedHost, pause: float = 0.1) -> None:
        super().__init__()
        self.host, self.pause, self.most, self.over = host, pause, 0.0, threading.Event()
        self.start()

    def run(self) -> None:
        while not self.over.wait(self.pause):
            self.most = max(self.most, self.host.pss())

    def stop(self) -> float:
        """The most that was seen, in MB."""
        self.over.set()
        self.join()
        return self.most


def slow_reader(port: int, request: bytes, bytes_a_second: float) -> tuple[str, int]:
    """Sends one request and reads its answer no faster than that: the first line, and the bytes behind the head."""
    pause, piece, head, size = threading.Event(), 64 * 1024, b"", 0
    with socket.socket() as wire:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2 * piece)
        wire.settimeout(120)
        wire.connect(("127.0.0.1", port))
        wire.sendall(request)
        length = None
        while length is None or size < length:
            got = wire.recv(piece)
            if not got:
                break
            if length is None:
                head += got
                if b"\r\n\r\n" not in head:
                    continue
                head, _, rest = head.partition(b"\r\n\r\n")
                length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n")
                              if line.startswith(b"content-length"))
                size = len(rest)
            else:
                size += len(got)
            pause.wait(len(got) / bytes_a_second)
    return head.split(b"\r\n")[0].decode(), size
