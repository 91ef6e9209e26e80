"""Certificates of a front and of those who call it, for tests of mutual TLS."""

from __future__ import annotations

import hashlib
import shutil
import ssl
import subprocess
import tempfile
import unittest
from pathlib import Path


class TlsFiles:
    """`host` and two callers, `stranger` and another name: the host trusts both, and is to know one."""

    def __init__(self, test: unittest.TestCase, known: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="certbridge-tls-"))
        test.addCleanup(shutil.rmtree, self.folder)
        for name in ("host", known, "stranger"):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
                            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.folder / f"{name}.key", "-out",
                            self.folder / f"{name}.pem"], check=True, capture_output=True)
        self.callers = self.folder / "callers.pem"
        self.callers.write_bytes(b"".join((self.folder / f"{name}.pem").read_bytes() for name in (known, "stranger")))
        der = ssl.PEM_cert_to_DER_cert((self.folder / f"{known}.pem").read_text())
        self.digest = hashlib.sha256(der).hexdigest()

    def context(self, name: str) -> ssl.SSLContext:
        """Trusts the host, and shows the certificate of this name when there is one."""
        context = ssl.create_default_context(cafile=str(self.folder / "host.pem"))
        if name:
            context.load_cert_chain(self.folder / f"{name}.pem", self.folder / f"{name}.key")
        return context
