"""The front-end folder behind a real SFTP server, OpenSSH's, with keys of its own; the command `sftp-front`."""

from __future__ import annotations

import argparse
import ctypes
import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from . import running

PASSPHRASE = "secret"  # of the private key that is let in
_PROGRAM = Path(__file__).resolve().parents[2] / "support" / "file_servers.sh"


def family(process: int) -> list[int]:
    """A process and all that came of it: a server has one for each session, which would outlive it."""
    found = [process]
    with suppress(OSError):
        for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
            found += family(int(child))
    return found


class SftpFront:
    """The server; `folder` is where a login begins. Its keys, settings and log lie in `data` and stay when it ends."""

    def __init__(self, folder: Path, data: Path, port: int) -> None:
        self._data, self._process = data.resolve(), 0
        data.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            (self._data / "files").symlink_to(folder.resolve(), target_is_directory=True)
        self._start(port)

    def _start(self, port: int) -> None:
        known = (self._data / "server.conf").exists()
        if known and not port:
            port = int((self._data / "port").read_text())
        words = ["again" if known else "start", "sftp", str(self._data), *([str(port)] if port else [])]
        done = subprocess.run([str(_PROGRAM), *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise OSError(f"the SFTP server did not start: {done.stderr.strip()}")
        self.port, self._process, self.user = (kind(word) for kind, word in zip((int, int, str), done.stdout.split()))
        (self._data / "port").write_text(str(self.port))

    def addresses(self) -> dict[str, str]:
        """What a client is told: address, user, private key with its passphrase, and the host key that it may believe."""
        shown = subprocess.run(["ssh-keygen", "-lf", str(self._data / "host_key.pub")], capture_output=True, text=True, check=True)
        return {"url": f"sftp://127.0.0.1:{self.port}", "user": self.user, "privateKey": str(self._data / "client_key"),
                "passphrase": PASSPHRASE, "hostKey": shown.stdout.split()[1]}

    def stop(self) -> None:
        """End it with all its sessions."""
        for process in family(self._process):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)


def options_of(addresses: dict[str, str]) -> dict[str, str]:
    """How the options of CertBridge's `file` endpoints name that server; the passphrase is to be a secret there."""
    return {"transport": "sftp", "host": "127.0.0.1", "port": str(urlsplit(addresses["url"]).port), "user": addresses["user"],
            "private-key": addresses["privateKey"], "host-key": addresses["hostKey"], "folder": "."}


def add_sftp_front(commands: argparse._SubParsersAction) -> None:
    """The command `sftp-front`."""
    parser = commands.add_parser("sftp-front", help="a folder behind a real SFTP server (needs openssh-server)")
    parser.add_argument("--folder", type=Path, required=True, help="where a login begins")
    parser.add_argument("--data", type=Path, required=True, help="folder for its keys and its log; they stay for the next start")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--db", help=argparse.SUPPRESS)  # what every server of `start` is given
    parser.add_argument("--ready-file", type=Path)
    parser.add_argument("--stop-on-stdin", action="store_true")
    parser.set_defaults(run=_serve)


def _serve(options: argparse.Namespace) -> int:
    ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER: the server is of this process's family although a script starts it
    front = SftpFront(options.folder, options.data, options.port)
    try:
        running.announce(front.addresses(), options.ready_file)
        running.wait_for_stop(options.stop_on_stdin)
    finally:
        front.stop()
    return 0
