"""The seal service of section 3 of interfaces.md, with the keys and seals of a test authority."""

from __future__ import annotations

import argparse
import base64
import binascii
import os
import subprocess
import threading
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import der, keys, running, ses, sm2, sm3, x509
from .books import Books
from .faults import Faults
from .http_server import Request, Response, Server, json_response
from .library import strict_json
from .servers import add_common

_SPACE = "{urn:certbridge:signers:1}"
TOKEN = "sandbox-seal-token"


@dataclass(frozen=True)
class SealKey:
    """A seal with the key and certificate that may use it."""

    seal: ses.Seal
    key: int
    certificate: bytes


def load_signers(path: Path, passphrase: str) -> dict[str, SealKey]:
    """The seals of signers.xml by their id."""
    result = {}
    for signer in ElementTree.parse(path).getroot().iter(f"{_SPACE}signer"):
        key_file = path.parent / signer.attrib["key"]
        plain = subprocess.run(["openssl", "pkey", "-in", key_file, "-passin", "env:SANDBOX_PASSPHRASE"], check=True,
                               capture_output=True, env={**os.environ, "SANDBOX_PASSPHRASE": passphrase})
        inner = der.parse(keys.pem_blocks(plain.stdout.decode("ascii"), "PRIVATE KEY")[0]).children()[2].content
        key = int.from_bytes(der.parse(inner).children()[1].content, "big")
        text = (path.parent / signer.attrib["certificate"]).read_text("ascii")
        certificate = keys.pem_blocks(text, "CERTIFICATE")[0]
        if x509.parse_certificate(certificate).key != sm2.public_key(key):
            raise ValueError(f"{key_file} does not belong to its certificate")
        for node in signer.iter(f"{_SPACE}seal"):
            seal = ses.parse_seal(der.parse((path.parent / node.attrib["file"]).read_bytes()))
            result[node.attrib["id"]] = SealKey(seal, key, certificate)
    return result


class SealService:
    """Signs what it is sent, once for each request id."""

    def __init__(self, seals: dict[str, SealKey], books: Books, faults: Faults, token: str = TOKEN) -> None:
        self._seals, self.books, self.faults, self._token = seals, books, faults, token
        self._suspended: set[str] = set()
        self._lock = threading.Lock()

    def handle(self, request: Request) -> Response:
        """Answer one call and write it down."""
        code, fields = self._answer(request)
        self.books.note_request(request.path, fields.get("sealId", ""), code, "", request.fault)
        return json_response({"code": code, **fields})

    def _answer(self, request: Request) -> tuple[str, dict[str, str]]:
        if request.headers.get("Authorization", "") != f"Bearer {self._token}":
            return "401", {"message": "token is wrong"}
        if request.method == "GET" and request.path.startswith("/seal/v1/seals/"):
            return self._describe(request.path.removeprefix("/seal/v1/seals/"))
        if request.method == "POST" and request.path == "/seal/v1/sign":
            try:
                body = strict_json(request.body.decode("utf-8"))
                content = base64.b64decode(body["toBeSigned"], validate=True)
                return self._sign(str(body["requestId"]), str(body["sealId"]), content)
            except (ValueError, KeyError, TypeError, binascii.Error) as error:
                self.books.note_violation(request.path, "", "seal_service.request", str(error))
                return "400", {"message": "request is not as documented"}
        return "404", {"message": "no such call"}

    def _describe(self, seal_id: str) -> tuple[str, dict[str, str]]:
        held = self._seals.get(seal_id)
        if held is None:
            return "404", {"message": "no such seal"}
        return "0", {"sealId": seal_id, "name": held.seal.name,
                     "status": "suspended" if seal_id in self._suspended else "valid",
                     "validFrom": held.seal.valid_from.strftime("%Y%m%d%H%M%SZ"),
                     "validTo": held.seal.valid_to.strftime("%Y%m%d%H%M%SZ"),
                     "seal": base64.b64encode(held.seal.raw).decode("ascii"),
                     "certificate": base64.b64encode(held.certificate).decode("ascii")}

    def _sign(self, request_id: str, seal_id: str, content: bytes) -> tuple[str, dict[str, str]]:
        held = self._seals.get(seal_id)
        if held is None:
            return "404", {"message": "no such seal"}
        if seal_id in self._suspended:
            return "423", {"message": "seal is suspended"}
        self._check_content(content, held)
        digest = sm3.hexdigest(content)
        with self._lock:
            known = self.books.row("SELECT * FROM signed WHERE request_id = ?", request_id)
            if known and (known["seal_id"], known["content_sm3"]) != (seal_id, digest):
                self.books.note_violation("/seal/v1/sign", "", "seal_service.request_id", "used for other content")
                return "409", {"message": "request id was used for other content"}
            signature = known["signature"] if known else base64.b64encode(sm2.sign(held.key, content)).decode("ascii")
            if not known:
                with self.books.transaction() as database:
                    database.execute("INSERT INTO signed VALUES (?,?,?,?)", (request_id, seal_id, digest, signature))
        return "0", {"requestId": request_id, "signature": signature,
                     "certificate": base64.b64encode(held.certificate).decode("ascii")}

    @staticmethod
    def _check_content(content: bytes, held: SealKey) -> None:
        """What is signed is a TBS_Sign around the same seal."""
        fields = der.parse(content).expect(der.SEQUENCE, "TBS_Sign").children()
        if len(fields) not in (5, 6) or fields[0].as_integer() != 4 or fields[1].raw != held.seal.raw:
            raise ValueError("toBeSigned is not a TBS_Sign of version 4 with this seal")
        if len(fields[3].as_bits()) != 32:
            raise ValueError("dataHash is not 32 bytes")

    def odd_answer(self, kind: str) -> Response:
        """Busy, or a code that is not in the list."""
        return json_response({"code": "777" if kind == "unknown-code" else "503", "message": kind})

    def command(self, path: str, wish: dict[str, Any]) -> Any:
        """Nothing is posted here."""
        return None

    def page(self, path: str) -> Any:
        """The /sandbox/ pages; /sandbox/suspend/ID and /sandbox/resume/ID change a seal."""
        action, _, seal_id = path.removeprefix("/sandbox/").partition("/")
        if action in ("suspend", "resume") and seal_id in self._seals:
            (self._suspended.add if action == "suspend" else self._suspended.discard)(seal_id)
            return {"suspended": sorted(self._suspended)}
        if action == "signed":
            return {"signed": self.books.rows("SELECT request_id, seal_id, content_sm3 FROM signed")}
        if action == "violations":
            rows = self.books.rows("SELECT at, path, rule, text FROM violations ORDER BY id")
            return {"count": len(rows), "violations": rows}
        return None

    def close(self) -> None:
        """Close the books."""
        self.books.close()


def add_seal_service(commands: argparse._SubParsersAction) -> None:
    """The command `seal-service`."""
    parser = commands.add_parser("seal-service", help="serve a seal service")
    add_common(parser)
    parser.add_argument("--signers", type=Path, required=True, help="signers.xml beside keys and seals")
    parser.add_argument("--passphrase", default=os.environ.get("SANDBOX_PASSPHRASE", ""),
                        help="of the keys; better in the environment as SANDBOX_PASSPHRASE")
    parser.add_argument("--token", default=TOKEN)
    parser.set_defaults(run=run_seal_service)


def run_seal_service(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    service = SealService(load_signers(options.signers, options.passphrase), Books(options.db),
                          Faults(options.chaos), options.token)
    server = Server(service, options.port).start()
    running.announce({"seal-service": "seal", "url": server.url}, options.ready_file)
    running.wait_for_stop(options.stop_on_stdin)
    server.stop()
    return 0
