"""Keys of callers: SM2 key files in PEM, read here and made by the openssl command."""

from __future__ import annotations

import base64
import re
import subprocess
from pathlib import Path

from . import der, sm2

_CURVE = "1.2.156.10197.1.301"


def pem_blocks(text: str, label: str) -> list[bytes]:
    """The contents of all PEM blocks of a label."""
    found = re.findall(rf"-----BEGIN {label}-----(.*?)-----END {label}-----", text, re.DOTALL)
    return [base64.b64decode("".join(block.split())) for block in found]


def load_pem(path: Path | None, label: str) -> list[bytes]:
    """The blocks of a label in a file; none without a file."""
    return pem_blocks(path.read_text("ascii"), label) if path else []


def public_point(key_info: der.Node) -> sm2.Affine:
    """The point of a SubjectPublicKeyInfo on the SM2 curve. Raises Malformed."""
    algorithm, bits = key_info.expect(der.SEQUENCE, "public key").children()
    if [part.as_oid() for part in algorithm.children()] != ["1.2.840.10045.2.1", _CURVE]:
        raise der.Malformed("public key is not of the SM2 curve")
    raw = bits.as_bits()
    if len(raw) != 65 or raw[0] != 4:
        raise der.Malformed("public key is not an uncompressed point")
    point = (int.from_bytes(raw[1:33], "big"), int.from_bytes(raw[33:], "big"))
    if not sm2.on_curve(point):
        raise der.Malformed("public key is not on the curve")
    return point


def load_public_key(path: Path) -> sm2.Affine:
    """A public key from PEM (PUBLIC KEY)."""
    return public_point(der.parse(pem_blocks(path.read_text("ascii"), "PUBLIC KEY")[0]))


def load_private_key(path: Path) -> int:
    """A private key from PEM: PKCS#8 (PRIVATE KEY) or SEC 1 (EC PRIVATE KEY), not encrypted."""
    text = path.read_text("ascii")
    blocks = pem_blocks(text, "PRIVATE KEY")
    if blocks:
        inner = der.parse(blocks[0]).children()[2].expect(der.OCTET_STRING, "private key").content
    else:
        inner = pem_blocks(text, "EC PRIVATE KEY")[0]
    return int.from_bytes(der.parse(inner).children()[1].content, "big")


def make_key_pair(folder: Path, name: str) -> tuple[Path, Path]:
    """NAME.key and NAME.pub in PEM; an existing pair is kept."""
    private, public = folder / f"{name}.key", folder / f"{name}.pub"
    if not private.exists():
        subprocess.run(["openssl", "genpkey", "-algorithm", "SM2", "-out", private], check=True, capture_output=True)
        private.chmod(0o600)
    if not public.exists():
        subprocess.run(["openssl", "pkey", "-in", private, "-pubout", "-out", public], check=True,
                       capture_output=True)
    return private, public
