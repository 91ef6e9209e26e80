"""DER: a strict walker that keeps the original bytes, and a small writer."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

INTEGER, BIT_STRING, OCTET_STRING, OID = 0x02, 0x03, 0x04, 0x06
UTF8, PRINTABLE, IA5, UTC_TIME, GENERALIZED_TIME = 0x0C, 0x13, 0x16, 0x17, 0x18
SEQUENCE, SET = 0x30, 0x31
_DEPTH = 32


class Malformed(ValueError):
    """Bytes are not the DER that was expected."""


@dataclass(frozen=True)
class Node:
    """One value: its tag, its content and all of its bytes as they came."""

    tag: int
    content: bytes
    raw: bytes

    def children(self) -> list["Node"]:
        """The values inside a constructed value."""
        if not self.tag & 0x20:
            raise Malformed(f"tag {self.tag:#x} has no parts")
        nodes, rest = [], self.content
        while rest:
            node, rest = _take(rest)
            nodes.append(node)
        return nodes

    def expect(self, tag: int, what: str) -> "Node":
        """This value, or an error when its tag is another."""
        if self.tag != tag:
            raise Malformed(f"{what}: tag {self.tag:#x} instead of {tag:#x}")
        return self

    def as_integer(self) -> int:
        """The number; encodings that are not the shortest are refused."""
        self.expect(INTEGER, "integer")
        if not self.content or (len(self.content) > 1 and self.content[0] == 0 and self.content[1] < 0x80) or (
                len(self.content) > 1 and self.content[0] == 0xFF and self.content[1] >= 0x80):
            raise Malformed("integer is not in its shortest form")
        return int.from_bytes(self.content, "big", signed=True)

    def as_bits(self) -> bytes:
        """The bytes of a bit string without unused bits."""
        self.expect(BIT_STRING, "bit string")
        if not self.content or self.content[0] != 0:
            raise Malformed("bit string has unused bits")
        return self.content[1:]

    def as_oid(self) -> str:
        """An object identifier in dotted form."""
        self.expect(OID, "object identifier")
        values, value = [], 0
        if not self.content or self.content[-1] & 0x80:
            raise Malformed("object identifier is cut")
        for byte in self.content:
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                values.append(value)
                value = 0
        first = min(values[0] // 40, 2)
        return ".".join(str(v) for v in [first, values[0] - 40 * first, *values[1:]])

    def as_text(self) -> str:
        """The text of a string value."""
        try:
            return self.content.decode("utf-8" if self.tag == UTF8 else "ascii")
        except UnicodeDecodeError as error:
            raise Malformed("text is not in its character set") from error

    def as_time(self) -> datetime.datetime:
        """A time in UTC with Z; seconds are required."""
        forms = {UTC_TIME: ("%y%m%d%H%M%SZ", 13), GENERALIZED_TIME: ("%Y%m%d%H%M%SZ", 15)}
        if self.tag not in forms or len(self.content) != forms[self.tag][1]:
            raise Malformed("time is not yyyyMMddHHmmssZ")
        try:
            moment = datetime.datetime.strptime(self.content.decode("ascii"), forms[self.tag][0])
        except (ValueError, UnicodeDecodeError) as error:
            raise Malformed("time is not a time") from error
        return moment.replace(tzinfo=datetime.timezone.utc)


def _take(data: bytes) -> tuple[Node, bytes]:
    """The first value of the bytes and what follows it."""
    if len(data) < 2 or data[0] & 0x1F == 0x1F:
        raise Malformed("value is cut or has a long tag")
    length, start = data[1], 2
    if length == 0x80 or length > 0x84:
        raise Malformed("indefinite or huge length")
    if length > 0x80:
        start = 2 + (length & 0x7F)
        length = int.from_bytes(data[2:start], "big")
        if length < 0x80 or data[2] == 0:
            raise Malformed("length is not in its shortest form")
    if len(data) < start + length:
        raise Malformed("value is cut")
    return Node(data[0], data[start:start + length], data[:start + length]), data[start + length:]


def parse(data: bytes) -> Node:
    """The one value that the bytes are; nothing may follow it."""
    node, rest = _take(data)
    if rest:
        raise Malformed(f"{len(rest)} bytes follow the value")
    _check_depth(node, 0)
    return node


def _check_depth(node: Node, depth: int) -> None:
    """Refuse values nested deeper than any that is in use."""
    if depth > _DEPTH:
        raise Malformed("nested too deeply")
    if node.tag & 0x20:
        for child in node.children():
            _check_depth(child, depth + 1)


def value(tag: int, content: bytes) -> bytes:
    """One value with its shortest length."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    encoded = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(encoded))) + encoded + content


def sequence(*parts: bytes) -> bytes:
    """A sequence of encoded values."""
    return value(SEQUENCE, b"".join(parts))


def integer(number: int) -> bytes:
    """An integer that is not negative."""
    return value(INTEGER, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    """An object identifier."""
    parts = [int(p) for p in dotted.split(".")]
    content = b""
    for part in [parts[0] * 40 + parts[1], *parts[2:]]:
        encoded = [part & 0x7F]
        while part := part >> 7:
            encoded.insert(0, part & 0x7F | 0x80)
        content += bytes(encoded)
    return value(OID, content)


def bits(content: bytes) -> bytes:
    """A bit string without unused bits."""
    return value(BIT_STRING, b"\x00" + content)
