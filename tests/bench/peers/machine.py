"""What the contest needs of the machine: groups of processes with their figures, ports, and waiting."""

from __future__ import annotations

import ctypes
import http.client
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any, Callable

CPUACCT = Path("/sys/fs/cgroup/cpuacct")
UNIFIED = (Path("/sys/fs/cgroup/unified"), Path("/sys/fs/cgroup"))
TICKS = os.sysconf("SC_CLK_TCK")


def until(condition: Callable[[], Any], what: str, seconds: float = 60) -> Any:
    """The first true value of the condition; RuntimeError when it does not come in time."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise RuntimeError(f"not within {seconds:.0f} s: {what}")
        time.sleep(0.02)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port: int) -> bool:
    """Whether somebody takes connections there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def fetch(port: int, path: str, method: str = "GET") -> tuple[int, str]:
    """Status and text of an answer from loopback."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def die_with_parent() -> None:
    """For a child before it starts: it is killed when the contest is."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def machine_seconds() -> float:
    """Seconds of all cores' time that were not idle since the machine started."""
    times = [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return (sum(times) - times[3] - times[4]) / TICKS


def _group_folder() -> Path | None:
    name = f"certbridge-bench-{os.getpid()}"
    for parent in (CPUACCT, *UNIFIED):
        usable = (parent / "cpuacct.usage").exists() or (parent / "cgroup.controllers").exists()
        if usable and os.access(parent, os.W_OK):
            folder = parent / name
            try:
                folder.mkdir(exist_ok=True)
            except OSError:
                continue
            return folder
    return None


class Group:
    """Processes that are measured and ended together, with all that they start. Uses a control group where
    one can be made; otherwise the processes' own times and those of their children that have ended."""

    def __init__(self) -> None:
        self.folder = _group_folder()
        self.started: list[subprocess.Popen] = []

    def start(self, command: list[str], log: Path, environment: dict[str, str] | None = None,
              user: str | None = None, cwd: Path | None = None) -> subprocess.Popen:
        """Start a process in the group; as another user only where that is possible."""
        words = command if user is None or os.geteuid() != 0 else ["setpriv", f"--reuid={user}", f"--regid={user}",
                                                                   "--init-groups", "--", *command]
        with open(log, "ab") as out:
            process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd=cwd,
                                       env={**os.environ, **(environment or {})}, preexec_fn=self._enter)
        self.started.append(process)
        return process

    def _enter(self) -> None:
        if self.folder is not None:
            (self.folder / "cgroup.procs").write_text(str(os.getpid()))
        if os.geteuid() != 0:
            die_with_parent()

    def pids(self) -> list[int]:
        """All processes of the group that are alive."""
        if self.folder is not None:
            return [int(word) for word in (self.folder / "cgroup.procs").read_text().split()]
        children: dict[int, list[int]] = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and (stat := _stat(int(entry.name))):
                children.setdefault(int(stat[1]), []).append(int(entry.name))
        found, queue = [], [process.pid for process in self.started if process.poll() is None]
        while queue:
            found.append(queue[0])
            queue = queue[1:] + children.get(queue[0], [])
        return found

    def cpu_seconds(self) -> float:
        """Processor time of the whole group so far."""
        if self.folder is None:
            return sum(sum(map(int, stat[11:15])) for pid in self.pids() if (stat := _stat(pid))) / TICKS
        usage = self.folder / "cpuacct.usage"
        if usage.exists():
            return int(usage.read_text()) / 1e9
        return int((self.folder / "cpu.stat").read_text().split()[1]) / 1e6

    def memory_bytes(self) -> int:
        """Proportional set size of all processes."""
        total = 0
        for pid in self.pids():
            try:
                lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            except OSError:
                continue
            total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
        return total

    def kill(self) -> None:
        """SIGKILL to all, until none is left."""
        end = time.monotonic() + 20
        while True:
            pids = self.pids()
            for pid in pids:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            for process in self.started:
                process.poll()
            if not pids or time.monotonic() > end:
                break
            time.sleep(0.02)
        self.started.clear()

    def close(self) -> None:
        """End all of it."""
        self.kill()
        if self.folder is not None and self.folder.exists():
            self.folder.rmdir()


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat from the third on; empty when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


class SyncCount:
    """Counts the syncs of a group's processes while it lasts; strace slows them down."""

    CALLS = "fsync,fdatasync,msync,sync_file_range,syncfs"

    def __init__(self, group: Group, folder: Path) -> None:
        self.report = folder / "syncs.txt"
        command = ["strace", "-f", "-c", "-e", f"trace={self.CALLS}", "-o", str(self.report)]
        for pid in group.pids():
            command += ["-p", str(pid)]
        self.log = folder / "strace.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            preexec_fn=die_with_parent)
        until(lambda: b"attached" in self.log.read_bytes() or self.process.poll() is not None, "strace attaches", 20)

    @staticmethod
    def possible() -> bool:
        """Whether the tool is there."""
        return shutil.which("strace") is not None

    def end(self) -> int | None:
        """How many there were; None when it could not be counted."""
        if self.process.poll() is not None:
            return None
        self.process.send_signal(signal.SIGINT)
        self.process.wait(20)
        lines = (line.split() for line in self.report.read_text().splitlines())
        return sum(int(words[3]) for words in lines
                   if len(words) > 4 and words[-1] in self.CALLS.split(",") and words[3].isdigit())
