"""Small plans as PNG images: outlines of rooms on white, 8 bits of grey."""

from __future__ import annotations

import random
import struct
import zlib


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def plan(chance: random.Random, width: int = 320, height: int = 240) -> bytes:
    """A plan with an outer wall and some rooms."""
    pixels = [bytearray(b"\xff" * width) for _ in range(height)]
    _rectangle(pixels, 10, 10, width - 11, height - 11, 3)
    for _ in range(chance.randint(2, 5)):
        left, top = chance.randrange(12, width // 2), chance.randrange(12, height // 2)
        _rectangle(pixels, left, top, chance.randrange(left + 20, width - 11),
                   chance.randrange(top + 20, height - 11), 1)
    rows = b"".join(b"\0" + bytes(row) for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9))
            + _chunk(b"IEND", b""))


def _rectangle(pixels: list[bytearray], left: int, top: int, right: int, bottom: int, width: int) -> None:
    """A black outline of some width."""
    for step in range(width):
        for x in range(left, right + 1):
            pixels[top + step][x] = pixels[bottom - step][x] = 0
        for y in range(top, bottom + 1):
            pixels[y][left + step] = pixels[y][right - step] = 0
