"""Command `start`: registration database, both libraries, seal service, provincial platform, as child processes."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from . import issuers, keys, regdb, running, seal_service, servers

_PROGRAM = Path(__file__).resolve().parents[1] / "sandbox.py"
_READY_WITHIN = 60.0


def add_start(commands: argparse._SubParsersAction) -> None:
    """The command `start`."""
    parser = commands.add_parser("start", help="start everything and print the addresses")
    parser.add_argument("--data", type=Path, required=True, help="folder for books, keys and files")
    parser.add_argument("--db", help="registration database; default sqlite:DATA/registration.db")
    parser.add_argument("--trust", type=Path, help="trust anchors (PEM); with it seals are verified")
    parser.add_argument("--revocations", type=Path, help="revocation lists (PEM)")
    parser.add_argument("--verify", choices=("all", "sample", "none"))
    parser.add_argument("--signers", type=Path, help="signers.xml; with it the seal service is started")
    parser.add_argument("--passphrase", default="", help="of the signers' keys")
    parser.add_argument("--callback", default="", help="address for verdicts of both libraries")
    parser.add_argument("--library", choices=("epoint", "linewell"), help="only this library; default both")
    parser.add_argument("--epoint-port", type=int, default=0)
    parser.add_argument("--linewell-port", type=int, default=0)
    parser.add_argument("--seal-port", type=int, default=0)
    parser.add_argument("--foreign", type=int, default=0, help="persons of whom the libraries hold other certificates")
    parser.add_argument("--province", choices=("folder", "sftp", "http"),
                        help="a provincial platform, over folders, over folders behind SFTP, or over HTTP")
    parser.add_argument("--sftp-port", type=int, default=0)
    parser.add_argument("--generation", choices=("v1", "v2"), default="v2", help="of the provincial platform's messages")
    parser.add_argument("--province-peculiarities", type=Path, help="file with what it has otherwise than the generation")
    parser.add_argument("--province-delay", type=float, default=0.2, help="seconds before it answers")
    parser.add_argument("--chaos", default="", help="random faults of all servers")
    parser.add_argument("--ready-file", type=Path)
    parser.add_argument("--stop-on-stdin", action="store_true", help="stop when stdin is closed")
    parser.set_defaults(run=_start)


class _Children:
    """Servers in processes of their own, stopped by closing their stdin."""

    def __init__(self, data: Path) -> None:
        self._data, self._running = data, []
        self.processes: dict[str, dict[str, Any]] = {}

    def start(self, name: str, *arguments: str) -> str:
        """Start one and return its address."""
        return self.announced(name, *arguments)["url"]

    def announced(self, name: str, *arguments: str) -> dict[str, str]:
        """Start one and return all that it says of itself."""
        ready = self._data / f"{name}.ready"
        ready.unlink(missing_ok=True)
        command = [sys.executable, str(_PROGRAM), *arguments, "--db", str(self._data / f"{name}.sqlite"),
                   "--ready-file", str(ready), "--stop-on-stdin"]
        child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        self._running.append(child)
        self.processes[name] = {"pid": child.pid, "command": command, "ready": str(ready)}
        deadline = time.monotonic() + _READY_WITHIN
        while not ready.exists():
            if child.poll() is not None or time.monotonic() > deadline:
                raise OSError(f"{name} did not start (exit code {child.poll()})")
            time.sleep(0.02)
        return json.loads(ready.read_text("utf-8"))

    def stop(self) -> None:
        """Stop all; one that does not obey is ended."""
        for child in self._running:
            if child.stdin:
                child.stdin.close()
        for child in self._running:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()


def _library_arguments(options: argparse.Namespace, dialect: str, port: int) -> list[str]:
    arguments = ["library", "--dialect", dialect, "--port", str(port), "--files", str(options.data / "library"),
                 "--callback", options.callback, "--chaos", options.chaos, "--foreign", str(options.foreign)]
    if options.trust:
        arguments += ["--trust", str(options.trust), "--verify", options.verify or "all"]
    if options.trust and options.revocations:
        arguments += ["--revocations", str(options.revocations)]
    return arguments


def _province(options: argparse.Namespace, children: _Children) -> dict[str, Any]:
    """Start a provincial platform with a key of its own; the front-end host has a folder for each area."""
    private, public = options.data / "province-key.pem", options.data / "province-public.pem"
    for command in (["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024", "-out", str(private)],
                    ["pkey", "-in", str(private), "-pubout", "-out", str(public)]):
        subprocess.run(["openssl", *command], check=True, capture_output=True)
    folder = options.data / "province"
    for issuer in issuers.load_issuers(issuers.default_issuers_file()):
        for name in ("BizMsg", "RepMsg", "LogMsg", "RepLog"):
            (folder / issuer.area / name).mkdir(parents=True, exist_ok=True)
    where = ["--chaos", options.chaos] if options.province == "http" else ["--folder", str(folder)]
    if options.province_peculiarities:
        where += ["--peculiarities", str(options.province_peculiarities)]
    url = children.start("province", "province", "serve", "--generation", options.generation, "--public-key", str(public),
                         "--delay", str(options.province_delay), *where)
    addresses = {"province": url, "provinceKey": str(private.resolve()), "provinceFolder": str(folder.resolve())}
    if options.province == "sftp":
        addresses["provinceSftp"] = children.announced("sftp-front", "sftp-front", "--folder", str(folder), "--data",
                                                       str(options.data / "sftp"), "--port", str(options.sftp_port))
    return addresses


def _start(options: argparse.Namespace) -> int:
    options.data.mkdir(parents=True, exist_ok=True)
    private, public = keys.make_key_pair(options.data, "caller")
    database = options.db or f"sqlite:{options.data / 'registration.db'}"
    regdb.initialise(regdb.connect(database))
    children = _Children(options.data)
    addresses: dict[str, Any] = {
        "registration": database, "clientId": servers.CLIENT_ID, "clientSecret": servers.CLIENT_SECRET,
        "accessToken": servers.ACCESS_TOKEN, "sm4Key": servers.SM4_KEY, "callerKey": str(private.resolve()),
        "sealToken": seal_service.TOKEN, "files": str((options.data / "library").resolve())}
    try:
        if options.library != "linewell":
            addresses["epoint"] = children.start("epoint", *_library_arguments(options, "epoint", options.epoint_port))
        if options.library != "epoint":
            addresses["linewell"] = children.start(
                "linewell", *_library_arguments(options, "linewell", options.linewell_port), "--public-key", str(public))
        if options.signers:
            addresses["sealService"] = children.start(
                "seal-service", "seal-service", "--port", str(options.seal_port), "--signers", str(options.signers),
                "--passphrase", options.passphrase, "--chaos", options.chaos)
        if options.province:
            addresses |= _province(options, children)
        addresses["processes"] = children.processes
        running.announce(addresses, options.ready_file)
        running.wait_for_stop(options.stop_on_stdin)
    finally:
        children.stop()
    return 0
