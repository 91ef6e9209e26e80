#!/usr/bin/env python3
"""Verifies access records as docs/access-records.md describes them: the second implementation (docs/adr/0006).

    access_records.py FOLDER --public-key FILE.pem... [--anchor FILE...]

Exit code 0: nothing was changed; 1: findings, each with its place; 5: no log or no key.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import pathlib
import re
import struct
import sys
from dataclasses import dataclass, field

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "sandbox"))

from certsandbox import sm2, sm3  # noqa: E402

SEGMENT, RECORD, CHECKPOINT, OPENED = 1, 2, 3, 4
SMALLEST, LARGEST = 88, 262144
# DER of SubjectPublicKeyInfo of a key on the SM2 curve, up to the point's coordinates.
SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d03420004")


class Malformed(Exception):
    """Bytes that are not of the form that was asked for."""


class Key:
    """A public key: its point, and the first bytes of its digest."""

    def __init__(self, pem: str) -> None:
        match = re.search("-----BEGIN PUBLIC KEY-----(.*?)-----END PUBLIC KEY-----", pem, re.DOTALL)
        if match is None:
            raise Malformed("no public key")
        der = base64.b64decode("".join(match[1].split()))
        if not der.startswith(SPKI) or len(der) != len(SPKI) + 64:
            raise Malformed("no key on the SM2 curve")
        self.point = int.from_bytes(der[-64:-32], "big"), int.from_bytes(der[-32:], "big")
        self.identifier = sm3.digest(der)[:8]

    def signed(self, text: bytes, signature: bytes) -> bool:
        return sm2.verify_raw(self.point, text, int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big"))

    def signed_checkpoint(self, frame: "Frame") -> bool:
        return self.signed(b"certbridge access checkpoint" + frame.raw[:72], frame.raw[72:136])


class Reader:
    """Takes numbers and texts from bytes."""

    def __init__(self, raw: bytes) -> None:
        self.raw, self.at = raw, 0

    def take(self, count: int) -> bytes:
        if self.at + count > len(self.raw):
            raise Malformed("too short")
        self.at += count
        return self.raw[self.at - count:self.at]

    def number(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")

    def text(self) -> bytes:
        return self.take(self.number(4))

    def one_of(self, last: int) -> int:
        value = self.number(1)
        if not 1 <= value <= last:
            raise Malformed("not one of those that there are")
        return value

    def end(self) -> None:
        if self.at != len(self.raw):
            raise Malformed("too long")


@dataclass
class Frame:
    raw: bytes
    offset: int
    kind: int
    number: int
    time: int
    previous: bytes
    body: bytes
    stored: bytes
    intact: bool


def read_frame(data: bytes, offset: int) -> Frame | None:
    """The frame that begins there, or nothing when none does."""
    head = data[offset:offset + 56]
    if len(head) < 56:
        return None
    length, kind, version, zero, number, time = struct.unpack("<IBBHQq", head[:24])
    if not SMALLEST <= length <= LARGEST or offset + length > len(data):
        return None
    if kind not in (SEGMENT, RECORD, CHECKPOINT, OPENED) or version != 1 or zero != 0:
        return None
    raw = data[offset:offset + length]
    return Frame(raw, offset, kind, number, time, raw[24:56], raw[56:-32], raw[-32:],
                 sm3.digest(raw[:-32]) == raw[-32:])


def check_record(body: bytes) -> None:
    """Raises Malformed unless it is the body of a record."""
    reader = Reader(body)
    if reader.number(1) != 1:
        raise Malformed("version")
    reader.one_of(16)
    reader.take(16)
    for _ in range(9):
        reader.text()
    reader.one_of(2)
    reader.text(), reader.text(), reader.take(32)
    for most, texts in ((32, 2), (256, 1)):
        count = reader.number(4)
        if count > most:
            raise Malformed("too many")
        for _ in range(count * texts):
            reader.text()
        if most == 256:
            reader.take(32)
    reader.text(), reader.take(8)
    for _ in range(2):
        reader.take(8), reader.one_of(2), reader.text()
    reader.end()


def anchors_of(files: list[pathlib.Path]) -> list[tuple[str, int, Frame | None]]:
    """File, line and checkpoint of each anchor; no checkpoint where the line is damaged."""
    found, last = [], 0
    for file in sorted(files, key=lambda path: path.name):
        lines = file.read_bytes().split(b"\n")
        if lines[-1] == b"":
            lines.pop()
        for at, line in enumerate(lines):
            frame = None
            match = re.fullmatch(rb"([0-9]+) ((?:[0-9a-f]{2})+)", line)
            if match:
                raw = bytes.fromhex(match[2].decode())
                frame = read_frame(raw, 0)
                if frame and not (frame.intact and frame.kind == CHECKPOINT and len(frame.raw) == len(raw)
                                  and str(frame.number).encode() == match[1]):
                    frame = None
            if frame is None and at + 1 < len(lines) and lines[at + 1].startswith(line):
                continue
            if frame is not None and frame.number <= last:
                frame = None
            last = frame.number if frame else last
            found.append((str(file), at + 1, frame))
    return found


SEGMENT_LINE = re.compile(r"segment ([0-9]{4}-[0-9]{2}-[0-9]{4}) ([1-9][0-9]*) ([1-9][0-9]*) ([1-9][0-9]*) ([0-9a-f]{64}) ([0-9a-f]{64}) "
                          r"([0-9a-f]{64})")


def facts_of(data: bytes) -> tuple[str, ...] | None:
    """What a renewal states of a segment behind its name; nothing when it is no row of whole frames."""
    frames, offset = [], 0
    while (frame := read_frame(data, offset)) is not None and frame.intact:
        frames.append(frame)
        offset += len(frame.raw)
    if not frames or data[offset:].strip(b"\0"):
        return None
    whole = data[:offset]
    return (str(frames[0].number), str(frames[-1].number), str(offset), sm3.digest(whole).hex(),
            hashlib.sha256(whole).hexdigest(), frames[-1].stored.hex())


def renewal_of(file: pathlib.Path, keys: dict[bytes, Key]) -> list[tuple[str, ...]]:
    """Name and facts of each segment. Raises Malformed when the renewal counts for nothing."""
    match = re.fullmatch(rb"(certbridge access renewal 1\nnode [^\n]+\nmade (?:0|[1-9][0-9]*)\nkey ([0-9a-f]{16})\n(.*))"
                         rb"signature ([0-9a-f]{128})\n", file.read_bytes(), re.DOTALL)
    if match is None:
        raise Malformed("not of the form of a renewal")
    segments = [SEGMENT_LINE.fullmatch(line) for line in match[3].decode("ascii", "replace").splitlines()]
    if not all(segments):
        raise Malformed("a line that is no segment")
    key = keys.get(bytes.fromhex(match[2].decode()))
    if key is None or not key.signed(match[1], bytes.fromhex(match[4].decode())):
        raise Malformed("no valid signature of a key that was given")
    return [segment.groups() for segment in segments]


@dataclass
class Verified:
    findings: list[tuple[str, int, str]] = field(default_factory=list)
    frames: int = 0
    records: int = 0
    signed: int = 0
    last: int = 0
    anchored: int = 0


class Verifier:
    def __init__(self, folder: pathlib.Path, keys: list[Key], anchors: list[pathlib.Path]) -> None:
        self.files = sorted(path for path in folder.iterdir()
                            if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{4}\.records", path.name))
        self.keys = {key.identifier: key for key in keys}
        self.anchors = anchors_of(anchors)
        self.intact: dict[int, bytes] = {}
        self.renewed: list[tuple[str, ...]] = []
        self.renewals = sorted((folder / "renewals").glob("*.renewal"))
        self.archived = 0
        self.result = Verified()
        self.number, self.stored, self.time, self.count = 0, bytes(32), 0, 0
        self.vouched = False
        self.lost = self.count_lost = False
        self.node = b""
        self.before = ""

    def say(self, place: str, at: int, what: str) -> None:
        self.result.findings.append((place, at, what))

    def read_renewals(self) -> None:
        for file in self.renewals:
            try:
                found = renewal_of(file, self.keys)
            except Malformed as problem:
                self.say(str(file), 0, str(problem))
                continue
            self.renewed += found
            for name, *facts in found:
                data = next((path.read_bytes() for path in self.files if path.stem == name), None)
                if data is not None and facts_of(data) != tuple(facts):
                    self.say(str(file), 0, f"segment {name} is not as it was")

    def verify(self) -> Verified:
        self.read_renewals()
        for file in self.files:
            self.segment = file.name.removesuffix(".records")
            facts = facts_of(file.read_bytes())
            self.vouched = any(name == self.segment and tuple(then) == facts for name, *then in self.renewed)
            self.verify_segment(file.read_bytes(), file == self.files[-1])
            self.before = self.segment
        self.verify_anchors()
        self.result.last = self.number
        return self.result

    def verify_segment(self, data: bytes, is_last: bool) -> None:
        end = len(data.rstrip(b"\0"))
        offset, kind = 0, 0
        while offset < end:
            frame = read_frame(data, offset)
            if frame is None:
                self.say(self.segment, offset, "no frame")
                self.lost = self.count_lost = True
                return
            self.verify_frame(frame, kind == 0)
            offset, kind = offset + len(frame.raw), frame.kind
        if kind == 0:
            self.say(self.segment, 0, "empty")
        if not is_last and kind != CHECKPOINT:
            self.say(self.segment, offset, "does not end with a checkpoint")

    def verify_frame(self, frame: Frame, is_first: bool) -> None:
        self.result.frames += 1
        if frame.intact:
            self.verify_chain(frame)
            if is_first != (frame.kind == SEGMENT):
                self.say(self.segment, frame.offset, "not where such a frame may stand")
            self.verify_body(frame)
            self.intact[frame.number] = frame.stored
            self.number, self.time = frame.number, max(self.time, frame.time)
        else:
            self.say(self.segment, frame.offset, "changed")
            self.number += 1
            self.count_lost = True
        self.stored, self.lost = frame.stored, False

    def verify_chain(self, frame: Frame) -> None:
        if frame.time < self.time:
            self.say(self.segment, frame.offset, "older than the frame before")
        if self.lost:
            return
        before = [line for line in self.renewed if int(line[2]) + 1 == frame.number and line[6] == frame.previous.hex()]
        if self.result.frames == 1 and frame.number > 1 and before:
            self.before, self.archived, self.count_lost = before[0][0], int(before[0][2]), True
            return
        if frame.number != self.number + 1:
            self.count_lost = self.count_lost or frame.number > self.number + 1
            self.say(self.segment, frame.offset, f"frame {frame.number} behind frame {self.number}")
        elif frame.previous != self.stored:
            self.say(self.segment, frame.offset, "does not continue the frame before")

    def verify_body(self, frame: Frame) -> None:
        try:
            if frame.kind == SEGMENT:
                self.verify_segment_frame(frame)
            elif frame.kind == RECORD:
                self.count += 1
                self.result.records += 1
                check_record(frame.body)
            elif frame.kind == CHECKPOINT:
                self.verify_checkpoint(frame)
            elif len(frame.body) != 48:
                raise Malformed("length")
        except Malformed as problem:
            self.say(self.segment, frame.offset, f"not of its form: {problem}")

    def verify_segment_frame(self, frame: Frame) -> None:
        reader = Reader(frame.body)
        words, form = reader.text(), reader.number(4)
        node, name, before, records = reader.text(), reader.text(), reader.text(), reader.number(8)
        reader.end()
        if words != b"certbridge access records" or form != 1:
            raise Malformed("another format")
        self.node = self.node or node
        if node != self.node or name != self.segment.encode():
            self.say(self.segment, frame.offset, "another node or segment")
        if not self.lost and before != self.before.encode():
            self.say(self.segment, frame.offset, "continues another segment")
        self.verify_count(frame, records)

    def verify_count(self, frame: Frame, records: int) -> None:
        if records != self.count and not self.count_lost:
            self.say(self.segment, frame.offset, "another number of records")
        self.count, self.count_lost = records, False

    def verify_checkpoint(self, frame: Frame) -> None:
        if len(frame.raw) != 168:
            raise Malformed("length")
        self.verify_count(frame, int.from_bytes(frame.body[:8], "little"))
        key = self.keys.get(frame.body[8:16])
        if key is None and self.vouched:
            pass
        elif key is None or not key.signed_checkpoint(frame):
            self.say(self.segment, frame.offset, "no valid signature of a key that was given")
            return
        if not any("/" not in place for place, _, _ in self.result.findings):
            self.result.signed = frame.number

    def verify_anchors(self) -> None:
        for file, line, frame in self.anchors:
            if frame is None:
                self.say(file, line, "damaged")
                continue
            if frame.number <= self.archived:
                continue
            stored = self.intact.get(frame.number)
            if stored == frame.stored:
                self.result.anchored = frame.number
                continue
            key = self.keys.get(frame.body[8:16])
            if key is None or not key.signed_checkpoint(frame):
                self.say(file, line, "no valid signature of a key that was given")
            else:
                self.say(file, line, f"the log does not have frame {frame.number} as the anchor knows it")


def main() -> int:
    parser = argparse.ArgumentParser(description="verify access records")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--public-key", type=pathlib.Path, action="append", required=True)
    parser.add_argument("--anchor", type=pathlib.Path, action="append", default=[])
    options = parser.parse_args()
    try:
        keys = [Key(file.read_text()) for file in options.public_key]
        verifier = Verifier(options.folder, keys, options.anchor)
    except (OSError, Malformed) as problem:
        print(problem, file=sys.stderr)
        return 5
    if not verifier.files:
        print(f"{options.folder} holds no access records", file=sys.stderr)
        return 5
    result = verifier.verify()
    for place, at, what in result.findings:
        print(f"{place} at {at}: {what}")
    print(f"{result.records} records in {result.frames} frames; signed up to frame {result.signed} of {result.last}; "
          f"anchored up to frame {result.anchored}")
    return 1 if result.findings else 0


if __name__ == "__main__":
    sys.exit(main())
