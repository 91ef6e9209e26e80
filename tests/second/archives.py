#!/usr/bin/env python3
"""Verifies packages as docs/archives.md describes them: the second implementation (docs/adr/0006).

    archives.py FILE --public-key FILE.pem...

Exit code 0: nothing was changed; 1: findings, each with its place; 5: no package or no key.
"""

from __future__ import annotations

import argparse
import pathlib
import re
import sys
from dataclasses import dataclass
from datetime import datetime, timezone

from access_records import Key, Malformed, sm3

BLOCK, MOST_FILES = 512, 20_000
MANIFEST, SEAL = "manifest.txt", "seal.txt"
PATH = re.compile(r"[a-z0-9_-][a-z0-9._-]*(/[a-z0-9_-][a-z0-9._-]*)*")
NUMBER, DIGEST, TEXT = r"(0|[1-9][0-9]*)", r"([0-9a-f]{64})", r"([^\x00-\x1f\x7f]+)"
HEAD = re.compile(rf"certbridge archive 1\nkind (case|certificate)\nsubject {TEXT}\nnode {TEXT}\nmade (\S+)\n"
                  rf"record {NUMBER} {DIGEST}\nkey ([0-9a-f]{{16}})\n")
LINE = re.compile(rf"file {DIGEST} {NUMBER} (\S+)\n")
SEAL_FORM = re.compile(r"certbridge archive seal 1\nkey ([0-9a-f]{16})\nsignature ([0-9a-f]{128})\n")


@dataclass
class Entry:
    """One file of a package, and where its header begins."""

    path: str
    at: int
    time: int
    data: bytes


@dataclass
class Manifest:
    """What a package says of itself."""

    kind: str
    subject: str
    made: int
    record: int
    key: str
    files: list[tuple[str, int, str]]  # SM3, bytes, path


@dataclass(frozen=True)
class Finding:
    """What is wrong, and in which entry."""

    path: str
    at: int
    what: str


def is_path(path: str) -> bool:
    """Whether a package may have a file of this name."""
    return len(path) <= 100 and PATH.fullmatch(path) is not None


def header(path: str, size: int, time: int) -> bytes:
    """The block before a file."""
    def block(checksum: bytes) -> bytes:
        return (path.encode().ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2 + b"%011o\0" % size + b"%011o\0" % time
                + checksum + b"0").ljust(257, b"\0") + b"ustar\00000".ljust(BLOCK - 257, b"\0")
    return block(b"%06o\0 " % sum(block(b" " * 8)))


def read_header(block: bytes) -> tuple[str, int, int] | None:
    """Path, size and time; none for anything but a header."""
    try:
        path = block[:100].rstrip(b"\0").decode("ascii")
        size, time = int(block[124:135], 8), int(block[136:147], 8)
    except ValueError:
        return None
    if len(block) != BLOCK or not is_path(path) or header(path, size, time) != block:
        return None
    return path, size, time


def signed_text(manifest: bytes) -> bytes:
    """What the seal signs."""
    return b"certbridge archive\n" + sm3.hexdigest(manifest).encode() + b"\n"


def read_manifest(data: bytes) -> Manifest | None:
    """None for bytes of another form."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    head = HEAD.match(text)
    if head is None or any(len(head[name].encode()) > 256 for name in (2, 3)):
        return None
    try:
        made = datetime.strptime(head[4], "%Y-%m-%dT%H:%M:%S.000Z").replace(tzinfo=timezone.utc)
    except ValueError:
        return None
    files, at = [], head.end()
    while at < len(text):
        line = LINE.match(text, at)
        if line is None or not is_path(line[3]):
            return None
        files.append((line[1], int(line[2]), line[3]))
        at = line.end()
    if len(files) > MOST_FILES:
        return None
    return Manifest(head[1], head[2], int(made.timestamp()), int(head[5]), head[7], files)


class Verifier:
    """One package, held against the keys."""

    def __init__(self, data: bytes, keys: list[Key]) -> None:
        self.data, self.keys = data, keys
        self.findings: list[Finding] = []
        self.entries: list[Entry] = []
        self.manifest: Manifest | None = None

    def find(self, entry: Entry | int, what: str) -> None:
        """Note what is wrong."""
        path, at = ("", entry) if isinstance(entry, int) else (entry.path, entry.at)
        self.findings.append(Finding(path, at, what))

    def verify(self) -> list[Finding]:
        """What is found, by its place."""
        end = self.read_entries()
        if end is not None:
            if self.data[end:] != bytes(2 * BLOCK):
                self.find(end, "the end is not two blocks of zeros")
            self.judge(end)
        return sorted(self.findings, key=lambda finding: finding.at)

    def read_entries(self) -> int | None:
        """Where the entries end; none when they cannot be read to their end."""
        at = 0
        while self.data[at:at + BLOCK] != bytes(BLOCK):
            head = read_header(self.data[at:at + BLOCK])
            if head is None or len(self.entries) >= MOST_FILES + 2:
                self.find(at, "no entry begins here")
                return None
            path, size, time = head
            start, end = at + BLOCK, at + BLOCK + (size + BLOCK - 1) // BLOCK * BLOCK
            self.entries.append(Entry(path, at, time, self.data[start:start + size]))
            if end > len(self.data):
                self.find(self.entries[-1], "it is cut off")
                return None
            if any(self.data[start + size:end]):
                self.find(self.entries[-1], "its last block is not filled with zeros")
            at = end
        return at

    def judge(self, end: int) -> None:
        """Seal, manifest and files."""
        if [entry.path for entry in self.entries[-2:]] != [MANIFEST, SEAL]:
            return self.find(end, "the last two are not manifest and seal")
        *files, manifest, seal = self.entries
        self.manifest = read_manifest(manifest.data)
        self.judge_seal(manifest, seal)
        if self.manifest is None:
            return self.find(manifest, "no manifest of this form")
        return self.judge_files(files)

    def judge_seal(self, manifest: Entry, entry: Entry) -> None:
        """Whose it is, and whether it is of this manifest."""
        seal = SEAL_FORM.fullmatch(entry.data.decode("latin-1"))
        if seal is None:
            return self.find(entry, "no seal of this form")
        key = next((key for key in self.keys if key.identifier.hex() == seal[1]), None)
        if key is None:
            return self.find(entry, "a key that was not given")
        if self.manifest is not None and self.manifest.key != seal[1]:
            self.find(manifest, "another key than the seal's")
        if not key.signed(signed_text(manifest.data), bytes.fromhex(seal[2])):
            self.find(manifest, "the seal is not of this manifest")
            self.find(entry, "its signature is not valid")
        return None

    def judge_files(self, files: list[Entry]) -> None:
        """Each against its line of the manifest."""
        for entry, (digest, size, path) in zip(files, self.manifest.files):
            if (entry.path, len(entry.data), sm3.hexdigest(entry.data)) != (path, size, digest):
                self.find(entry, "not what the manifest has in this place")
        for entry in files[len(self.manifest.files):]:
            self.find(entry, "the manifest does not know it")
        for _, _, path in self.manifest.files[len(files):]:
            self.find(self.entries[-2], f"{path} is missing")
        for entry in self.entries:
            if entry.time != self.manifest.made:
                self.find(entry, "another time than the manifest's")


def main() -> int:
    """The command."""
    parser = argparse.ArgumentParser(description="verifies a package")
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--public-key", required=True, action="append", type=pathlib.Path)
    given = parser.parse_args()
    try:
        verifier = Verifier(given.file.read_bytes(), [Key(file.read_text()) for file in given.public_key])
    except (OSError, Malformed) as problem:
        print(problem, file=sys.stderr)
        return 5
    findings = verifier.verify()
    for finding in findings:
        print(f"{finding.path or 'package'} at {finding.at}: {finding.what}")
    print("NOT as it was sealed" if findings else "nothing was changed")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
