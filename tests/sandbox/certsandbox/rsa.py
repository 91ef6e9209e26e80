"""RSA signatures as the provincial platform verifies them: PKCS #1 version 1.5 with SHA-1."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from . import der, keys

_RSA_ENCRYPTION = "1.2.840.113549.1.1.1"
_SHA1 = bytes.fromhex("3021300906052b0e03021a05000414")


@dataclass(frozen=True)
class PublicKey:
    """A public key; `size` in bytes."""

    modulus: int
    exponent: int

    @property
    def size(self) -> int:
        """How long a signature is."""
        return (self.modulus.bit_length() + 7) // 8


def load_public_key(path: Path) -> PublicKey:
    """The RSA key of a PEM file with a SubjectPublicKeyInfo."""
    blocks = keys.load_pem(path, "PUBLIC KEY")
    if len(blocks) != 1:
        raise ValueError(f"{path} is not one PUBLIC KEY")
    algorithm, key = der.parse(blocks[0]).expect(der.SEQUENCE, "key").children()
    if algorithm.children()[0].as_oid() != _RSA_ENCRYPTION:
        raise ValueError(f"{path} is no RSA key")
    modulus, exponent = der.parse(key.as_bits()).expect(der.SEQUENCE, "RSA key").children()
    return PublicKey(modulus.as_integer(), exponent.as_integer())


def verifies(key: PublicKey, signature: bytes, content: bytes) -> bool:
    """Whether this is the key's signature over the content. The padding is compared as a whole."""
    number = int.from_bytes(signature, "big")
    if len(signature) != key.size or number >= key.modulus:
        return False
    found = pow(number, key.exponent, key.modulus).to_bytes(key.size, "big")
    tail = _SHA1 + hashlib.sha1(content).digest()
    return found == b"\x00\x01" + b"\xff" * (key.size - len(tail) - 3) + b"\x00" + tail
