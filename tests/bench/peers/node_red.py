"""Node-RED: with PostgreSQL, where what was accepted is durable, and without, where it is not."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from machine import Group, free_port, listens, until

HERE = Path(__file__).resolve().parent / "node_red"
# What a cluster for this is set to; all else as Debian ships it. Durability is PostgreSQL's own default.
SETTINGS = {"shared_buffers": "512MB", "max_wal_size": "4GB", "fsync": "on", "synchronous_commit": "on",
            "listen_addresses": ""}


def postgresql_programs() -> Path:
    """The folder of the newest installed server."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


class NodeRed:
    """Node-RED on a folder and a port of its own; `database` is where PostgreSQL's socket lies."""

    flow = ""
    database = ""

    def __init__(self, build: Path, folder: Path, group: Group, sink: int, slow: dict[str, str]) -> None:
        self.modules = build / "bench" / "peers" / "node" / "node_modules"
        self.folder, self.group, self.sink, self.slow = folder, group, sink, slow
        self.port, self.path = free_port(), "/push"
        (folder / "node").mkdir()
        shutil.copy(HERE / self.flow, folder / "node" / "flow.json")

    def start(self) -> None:
        """Start Node-RED and wait until it takes requests."""
        self.group.start(
            ["node", str(self.modules / "node-red" / "red.js"), "--settings", str(HERE / "settings.js")],
            self.folder / "node-red.log",
            {**self.slow, "BENCH_NODE_MODULES": str(self.modules), "BENCH_PORT": str(self.port),
             "BENCH_FOLDER": str(self.folder / "node"), "BENCH_FLOW": "flow.json", "BENCH_DATABASE": self.database,
             "BENCH_SINK": f"http://127.0.0.1:{self.sink}/take", "NODE_ENV": "production"})
        until(lambda: listens(self.port), "Node-RED starts")


class Durable(NodeRed):
    name, durable, needs, flow = "Node-RED with PostgreSQL", True, ("node_red", "postgresql"), "durable.json"

    def __init__(self, build: Path, folder: Path, group: Group, sink: int, slow: dict[str, str]) -> None:
        super().__init__(build, folder, group, sink, slow)
        self.programs, self.user = postgresql_programs(), "postgres"
        self.data = folder / "postgresql"
        self.database = str(self.data / "socket")
        self.data.mkdir()
        if os.geteuid() == 0:
            shutil.chown(self.data, self.user, self.user)
        self._run("initdb", "-D", str(self.data / "cluster"), "-U", "bench", "--auth=trust", "-E", "UTF8", "--locale=C")
        self._as_user(["mkdir", "-m", "700", str(self.data / "socket")])

    def _as_user(self, words: list[str]) -> None:
        if os.geteuid() == 0:
            words = ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--init-groups", "--", *words]
        done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=self.data)
        if done.returncode != 0:
            raise RuntimeError(f"{words} failed: {done.stderr}")

    def _run(self, program: str, *words: str) -> None:
        self._as_user([str(self.programs / program), *words])

    def start(self) -> None:
        """Start PostgreSQL, make its table unless it is there, then Node-RED."""
        (self.data / "cluster" / "postmaster.pid").unlink(missing_ok=True)
        words = [str(self.programs / "postgres"), "-D", str(self.data / "cluster"), "-k", self.database]
        for name, value in SETTINGS.items():
            words += ["-c", f"{name}={value}"]
        self.group.start(words, self.folder / "postgresql.log", self.slow, self.user, self.data)
        socket = ["-h", self.database, "-U", "bench"]
        until(lambda: subprocess.run([str(self.programs / "pg_isready"), *socket], capture_output=True,
                                     check=False).returncode == 0, "PostgreSQL starts")
        if not (self.folder / "made").exists():
            done = subprocess.run([str(self.programs / "psql"), *socket, "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-f",
                                   str(HERE / "tables.sql")], capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise RuntimeError(f"no table: {done.stderr}")
            (self.folder / "made").touch()
        super().start()


class Passing(NodeRed):
    name, durable, needs, flow = "Node-RED alone (NOT durable)", False, ("node_red",), "passing.json"
