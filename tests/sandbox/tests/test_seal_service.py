"""The seal service over HTTP, with keys made by the openssl command."""

import base64
import http.client
import json
import subprocess
import tempfile
import unittest
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from certsandbox import der, keys, seal_service, sm2
from certsandbox.books import Books
from certsandbox.faults import Faults
from certsandbox.http_server import Server

from . import maker

SEAL_ID = "41132400000001"


class SealServiceTest(unittest.TestCase):
    """Section 3 of interfaces.md."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name)
        private, _ = keys.make_key_pair(path, "signer")
        key = keys.load_private_key(private)
        subprocess.run(["openssl", "pkey", "-in", private, "-sm4-cbc", "-passout", "pass:words", "-out", path / "s.pem"],
                       check=True)
        self.certificate = maker.certificate("signer", key, "root", maker.ROOT_KEY)
        text = base64.encodebytes(self.certificate).decode()
        (path / "s.crt").write_text(f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n")
        self.seal = maker.seal(SEAL_ID, self.certificate)
        (path / "Seal.esl").write_bytes(self.seal)
        (path / "signers.xml").write_text(
            '<signers xmlns="urn:certbridge:signers:1"><signer name="zhenping" key="s.pem" certificate="s.crt">'
            f'<seal id="{SEAL_ID}" file="Seal.esl"/></signer></signers>')
        service = seal_service.SealService(seal_service.load_signers(path / "signers.xml", "words"), Books(":memory:"),
                                           Faults(), "token")
        self.server = Server(service).start()
        self.addCleanup(self.server.stop)

    def ask(self, method: str, path: str, body: Any = None, token: str = "token") -> dict[str, Any]:
        connection = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=30)
        self.addCleanup(connection.close)
        connection.request(method, path, json.dumps(body) if body else None, {"Authorization": f"Bearer {token}"})
        return json.loads(connection.getresponse().read())

    def sign(self, request: str, content: bytes, seal: str = SEAL_ID) -> dict[str, Any]:
        return self.ask("POST", "/seal/v1/sign", {"requestId": request, "sealId": seal,
                                                  "toBeSigned": base64.b64encode(content).decode()})

    def content(self, data_hash: bytes = bytes(32)) -> bytes:
        return der.parse(maker.signed_value(data_hash, self.seal)).children()[0].raw

    def test_signs_once_for_each_request(self) -> None:
        first = self.sign("r1", self.content())
        self.assertEqual((first["code"], first["requestId"]), ("0", "r1"))
        signature = base64.b64decode(first["signature"])
        key = keys.public_point(der.parse(self.certificate).children()[0].children()[6])
        self.assertTrue(sm2.verify(key, self.content(), signature))
        self.assertEqual(self.sign("r1", self.content()), first)
        self.assertEqual(self.sign("r1", self.content(b"\1" * 32))["code"], "409")

    def test_refusals(self) -> None:
        self.assertEqual(self.sign("r2", self.content(), "none")["code"], "404")
        self.assertEqual(self.sign("r2", b"no TBS_Sign")["code"], "400")
        self.assertEqual(self.ask("GET", f"/seal/v1/seals/{SEAL_ID}", token="x")["code"], "401")
        self.ask("GET", f"/sandbox/suspend/{SEAL_ID}")
        self.assertEqual(self.sign("r2", self.content())["code"], "423")
        self.assertEqual(self.ask("GET", f"/seal/v1/seals/{SEAL_ID}")["status"], "suspended")
        self.ask("GET", f"/sandbox/resume/{SEAL_ID}")
        self.assertEqual(self.sign("r2", self.content())["code"], "0")

    def test_describes_its_seals(self) -> None:
        answer = self.ask("GET", f"/seal/v1/seals/{SEAL_ID}")
        self.assertEqual(base64.b64decode(answer["seal"]), self.seal)
        self.assertEqual(base64.b64decode(answer["certificate"]), self.certificate)

    def test_openssl_judges_our_signatures_alike(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            private, public = keys.make_key_pair(folder, "k")
            (folder / "m").write_bytes(b"message")
            (folder / "ours").write_bytes(sm2.sign(keys.load_private_key(private), b"message"))
            options = ["-sigopt", "distid:1234567812345678"]
            done = subprocess.run(["openssl", "dgst", "-sm3", "-verify", public, *options, "-signature", folder / "ours",
                                   folder / "m"], capture_output=True, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            subprocess.run(["openssl", "dgst", "-sm3", "-sign", private, *options, "-out", folder / "theirs",
                            folder / "m"], check=True, capture_output=True)
            theirs = (folder / "theirs").read_bytes()
            self.assertTrue(sm2.verify(keys.load_public_key(public), b"message", theirs))
            self.assertFalse(sm2.verify(keys.load_public_key(public), b"other", theirs))


if __name__ == "__main__":
    unittest.main()
