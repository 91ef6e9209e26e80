"""Commands that run one counterpart: `library` and `seal-service`."""

from __future__ import annotations

import argparse
from pathlib import Path

from . import issuers, keys, running
from .books import Books
from .epoint import Epoint
from .faults import Faults
from .http_server import Server
from .library import Library
from .linewell import Linewell
from .seal_judge import SealJudge

CLIENT_ID, CLIENT_SECRET = "certbridge", "sandbox-client-secret"
ACCESS_TOKEN, SM4_KEY = "sandbox-access-token", "00112233445566778899aabbccddeeff"


def add_common(parser: argparse.ArgumentParser) -> None:
    """Options of every server."""
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--db", default=":memory:", help="file of the books (SQLite)")
    parser.add_argument("--ready-file", type=Path, help="is written with the addresses once serving")
    parser.add_argument("--chaos", default="", help="seed=1,drop-after=0.05,slow=0.1,ms=300")
    parser.add_argument("--stop-on-stdin", action="store_true", help="stop when stdin is closed")


def add_library(commands: argparse._SubParsersAction) -> None:
    """The command `library`."""
    parser = commands.add_parser("library", help="serve a municipal library")
    add_common(parser)
    parser.add_argument("--dialect", choices=("epoint", "linewell"), required=True)
    parser.add_argument("--files", type=Path, help="folder for the files as received")
    parser.add_argument("--callback", default="", help="address for verdicts")
    parser.add_argument("--issuers", type=Path, default=issuers.default_issuers_file())
    parser.add_argument("--trust", type=Path, help="trust anchors (PEM) for seals")
    parser.add_argument("--revocations", type=Path, help="revocation lists (PEM)")
    parser.add_argument("--verify", choices=("all", "sample", "none"), default="none")
    parser.add_argument("--client-id", default=CLIENT_ID, help="client id (epoint) or access id (linewell)")
    parser.add_argument("--client-secret", default=CLIENT_SECRET, help="epoint")
    parser.add_argument("--token-life", type=int, default=1800, help="seconds that a token is good for (epoint)")
    parser.add_argument("--access-token", default=ACCESS_TOKEN, help="linewell")
    parser.add_argument("--sm4-key", default=SM4_KEY, help="32 hex digits (linewell)")
    parser.add_argument("--foreign", type=int, default=0, help="persons, and a third as many companies, of whom it"
                        " holds certificates of other authorities")
    parser.add_argument("--public-key", type=Path, help="the caller's SM2 public key, PEM (linewell)")
    parser.set_defaults(run=run_library)


def make_library(options: argparse.Namespace) -> Epoint | Linewell:
    """The application that the options describe."""
    if options.files:
        options.files.mkdir(parents=True, exist_ok=True)
    if options.verify != "none" and not options.trust:
        raise SystemExit("--verify all and --verify sample need --trust FILE with the trust anchors")
    trust = keys.load_pem(options.trust, "CERTIFICATE")
    revocations = keys.load_pem(options.revocations, "X509 CRL")
    library = Library(Books(options.db), issuers.load_issuers(options.issuers),
                      SealJudge(options.verify, trust, revocations), options.files, options.callback)
    library.offers.command("/sandbox/foreign", {"some": options.foreign, "companies": options.foreign // 3})
    faults = Faults(options.chaos)
    if options.dialect == "epoint":
        return Epoint(library, faults, options.client_id, options.client_secret, options.token_life)
    if not options.public_key:
        raise SystemExit("dialect linewell needs --public-key FILE; `sandbox.py keys --out DIR` makes a pair")
    return Linewell(library, faults, options.client_id, options.access_token, bytes.fromhex(options.sm4_key),
                    keys.load_public_key(options.public_key))


def run_library(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    server = Server(make_library(options), options.port).start()
    running.announce({"library": options.dialect, "url": server.url}, options.ready_file)
    running.wait_for_stop(options.stop_on_stdin)
    server.stop()
    return 0
