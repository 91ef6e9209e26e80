"""TLS for a counterpart that has none, with a certificate of its own: a changed byte on the wire must not pass unseen."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from pathlib import Path


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    certificate, key = folder / "gate.pem", folder / "gate.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", str(key), "-out", str(certificate), "-days", "30", "-subj", "/CN=127.0.0.1", "-addext",
                    "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    key.chmod(0o600)
    return certificate, key


class TlsFront:
    """Takes TLS on a port of 127.0.0.1 and passes what is inside on to a server without TLS."""

    def __init__(self, target: tuple[str, int], certificate: Path, key: Path) -> None:
        self._target = target
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.address = self._listener.getsockname()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take nothing more."""
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            client.settimeout(60)
            inside = self._context.wrap_socket(client, server_side=True)
            outside = socket.create_connection(self._target, 10)
        except OSError:
            return client.close()
        outside.settimeout(60)
        back = threading.Thread(target=_pump, args=(outside, inside), daemon=True)
        back.start()
        _pump(inside, outside)
        back.join()
        inside.close()
        return outside.close()


def _pump(source: socket.socket, to: socket.socket) -> None:
    """Until one side ends; then neither direction goes on."""
    try:
        while data := source.recv(65536):
            to.sendall(data)
    except OSError:
        pass
    for one in (source, to):
        try:
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
