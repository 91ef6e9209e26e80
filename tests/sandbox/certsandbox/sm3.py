"""SM3 (GB/T 32905): in Python, and by OpenSSL when it offers it and agrees."""

from __future__ import annotations

import hashlib
import struct
from typing import Callable

_MASK = 0xFFFFFFFF
_START = (0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600,
          0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E)


def _rotate(value: int, count: int) -> int:
    """A 32-bit rotation to the left."""
    count %= 32
    return ((value << count) | (value >> (32 - count))) & _MASK


_CONSTANTS = tuple(_rotate(0x79CC4519 if j < 16 else 0x7A879D8A, j) for j in range(64))


def _expand(block: bytes) -> list[int]:
    """The 68 message words of a block."""
    words = list(struct.unpack(">16I", block))
    for j in range(16, 68):
        mixed = words[j - 16] ^ words[j - 9] ^ _rotate(words[j - 3], 15)
        mixed ^= _rotate(mixed, 15) ^ _rotate(mixed, 23)
        words.append(mixed ^ _rotate(words[j - 13], 7) ^ words[j - 6])
    return words


def _compress(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    """The compression function on one block of 64 bytes."""
    words = _expand(block)
    a, b, c, d, e, f, g, h = state
    for j in range(64):
        turned = _rotate(a, 12)
        first = _rotate((turned + e + _CONSTANTS[j]) & _MASK, 7)
        second = first ^ turned
        if j < 16:
            ff, gg = a ^ b ^ c, e ^ f ^ g
        else:
            ff, gg = (a & b) | (a & c) | (b & c), (e & f) | (~e & g)
        left = (ff + d + second + (words[j] ^ words[j + 4])) & _MASK
        right = (gg + h + first + words[j]) & _MASK
        a, b, c, d = left, a, _rotate(b, 9), c
        e, f, g, h = right ^ _rotate(right, 9) ^ _rotate(right, 17), e, _rotate(f, 19), g
    return tuple(x ^ y for x, y in zip(state, (a, b, c, d, e, f, g, h)))


def digest_in_python(data: bytes) -> bytes:
    """The digest of 32 bytes, computed here."""
    padded = data + b"\x80" + b"\x00" * ((55 - len(data)) % 64) + struct.pack(">Q", len(data) * 8)
    state = _START
    for offset in range(0, len(padded), 64):
        state = _compress(state, padded[offset:offset + 64])
    return struct.pack(">8I", *state)


def _choose() -> Callable[[bytes], bytes]:
    """OpenSSL's SM3 when it exists and gives what the Python code gives."""
    probes = (b"", b"abc", bytes(range(200)))
    try:
        if all(hashlib.new("sm3", p).digest() == digest_in_python(p) for p in probes):
            return lambda data: hashlib.new("sm3", data).digest()
    except ValueError:
        pass
    return digest_in_python


digest = _choose()


def hexdigest(data: bytes) -> str:
    """The digest as 64 lower-case hex digits."""
    return digest(data).hex()
