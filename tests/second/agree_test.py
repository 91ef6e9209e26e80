"""Two verifiers of access records, one log: `certbridge access verify` and tests/second/access_records.py say the same.

    agree_test.py BUILD_FOLDER
    CERTBRIDGE_MUTATIONS   how many changed logs (150); CERTBRIDGE_SEED the first (1)
"""

import base64
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import access_records
from access_records import sm2, sm3

BUILD = pathlib.Path(sys.argv.pop(1) if len(sys.argv) > 1 and not sys.argv[1].startswith("-") else "build/release").resolve()
PRIVATE = int.from_bytes(b"\x21" * 31 + b"k", "big")  # of tests/crash/access_crash.cpp


def public_key_pem():
    x, y = sm2.public_key(PRIVATE)
    der = access_records.SPKI + x.to_bytes(32, "big") + y.to_bytes(32, "big")
    return "-----BEGIN PUBLIC KEY-----\n" + base64.b64encode(der).decode() + "\n-----END PUBLIC KEY-----\n"


def frames_of(data):
    frames, offset = [], 0
    while (frame := access_records.read_frame(data, offset)) is not None:
        frames.append(frame)
        offset += len(frame.raw)
    return frames


def write_renewal(folder):
    """Of all segments but the last, as section 7 of the document says."""
    key = access_records.Key(public_key_pem()).identifier.hex()
    text = f"certbridge access renewal 1\nnode test-1\nmade 1795852800000\nkey {key}\n"
    for file in sorted(folder.glob("*.records"))[:-1]:
        text += " ".join(("segment", file.stem, *access_records.facts_of(file.read_bytes()))) + "\n"
    r, s = sm2.sign_raw(PRIVATE, text.encode())
    (folder / "renewals").mkdir()
    (folder / "renewals" / "1795852800000.renewal").write_text(
        text + "signature " + (r.to_bytes(32, "big") + s.to_bytes(32, "big")).hex() + "\n")


def made_anew(raw):
    return raw[:-32] + sm3.digest(raw[:-32])


class Changes:
    """Ways in which somebody may alter a log; each changes files below `folder`."""

    def __init__(self, folder, chance):
        self.log, self.chance = folder / "test-1", chance
        self.anchors = sorted((folder / "second" / "test-1").glob("*.anchors"))
        self.file = chance.choice(sorted(self.log.glob("*.records")))
        self.data = self.file.read_bytes()
        self.frames = frames_of(self.data)
        self.tail = self.data[sum(len(frame.raw) for frame in self.frames):]
        self.at = chance.randrange(len(self.frames))

    def write(self, pieces):
        self.file.write_bytes(b"".join(pieces) + self.tail)

    def raws(self):
        return [frame.raw for frame in self.frames]

    def flipped(self, raw):
        at = self.chance.randrange(len(raw))
        return raw[:at] + bytes([raw[at] ^ (1 << self.chance.randrange(8))]) + raw[at + 1:]

    def flip_a_bit(self):
        raws = self.raws()
        raws[self.at] = self.flipped(raws[self.at])
        self.write(raws)

    def change_and_digest_anew(self):
        raws = self.raws()
        raws[self.at] = made_anew(self.flipped(raws[self.at]))
        self.write(raws)

    def change_and_chain_anew(self):
        """Everything behind a changed frame of this segment is made anew, but the signatures."""
        raws = self.raws()
        raws[self.at] = made_anew(self.flipped(raws[self.at][:-32]) + bytes(32))
        for i in range(self.at + 1, len(raws)):
            raws[i] = made_anew(raws[i][:24] + raws[i - 1][-32:] + raws[i][56:])
        self.write(raws)

    def remove_frames(self):
        count = self.chance.randrange(1, 4)
        self.write(self.raws()[:self.at] + self.raws()[self.at + count:])

    def repeat_a_frame(self):
        self.write(self.raws()[:self.at + 1] + self.raws()[self.at:])

    def exchange_two(self):
        raws, other = self.raws(), self.chance.randrange(len(self.frames))
        raws[self.at], raws[other] = raws[other], raws[self.at]
        self.write(raws)

    def cut_off(self):
        self.file.write_bytes(self.data[:self.chance.randrange(len(self.data))])

    def cut_between_frames(self):
        self.file.write_bytes(b"".join(self.raws()[:self.at]))

    def append_something(self):
        self.file.write_bytes(self.data + self.chance.randbytes(20))

    def remove_the_segment(self):
        self.file.unlink()

    def rename_the_segment(self):
        self.file.rename(self.file.with_name("2031-01-0001.records"))

    def change_an_anchor(self):
        file = self.chance.choice(self.anchors)
        data = file.read_bytes()
        file.write_bytes(self.flipped(data))

    def change_the_renewal(self):
        file = next((self.log / "renewals").iterdir())
        file.write_bytes(self.flipped(file.read_bytes()))

    def archive_the_first(self):
        """It is no change that a renewal stands for a segment."""
        min(self.log.glob("*.records")).unlink()

    def remove_anchors(self):
        file = self.chance.choice(self.anchors)
        lines = file.read_bytes().splitlines(True)
        del lines[self.chance.randrange(len(lines))]
        file.write_bytes(b"".join(lines))


NAMES = sorted(name for name, member in vars(Changes).items()
               if callable(member) and member.__code__.co_argcount == 1 and name not in ("raws",))


class Agreement(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="certbridge-agree-"))
        cls.whole = cls.folder / "whole"
        (cls.whole / "second").mkdir(parents=True)
        for start in (0, 60):
            subprocess.run([BUILD / "tests" / "access_driver", cls.whole, str(start), "60"], check=True,
                           stdout=subprocess.DEVNULL)
        write_renewal(cls.whole / "test-1")
        cls.key = cls.folder / "key.pem"
        cls.key.write_text(public_key_pem())

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def ours(self, folder):
        """Exit code, findings in the segments, number signed; as the program says them."""
        anchors = [word for file in sorted((folder / "second").rglob("*.anchors")) for word in ("--anchor", file)]
        done = subprocess.run([BUILD / "bin" / "certbridge", "access", "verify", folder / "test-1", "--public-key",
                               self.key, *anchors], capture_output=True, text=True)
        places = re.findall(r"^(\S+) at (\d+): ", done.stderr, re.MULTILINE)
        signed = re.search(r"^signed up to frame (\d+)", done.stdout, re.MULTILINE)
        self.assertIsNotNone(signed, done.stdout + done.stderr)
        return done.returncode, sorted({(place, int(at)) for place, at in places if "/" not in place}), int(signed[1])

    def second(self, folder):
        result = access_records.Verifier(folder / "test-1", [access_records.Key(self.key.read_text())],
                                         list((folder / "second").rglob("*.anchors"))).verify()
        places = sorted({(place, at) for place, at, _ in result.findings if "/" not in place})
        return (1 if result.findings else 0), places, result.signed

    def test_a_whole_log_is_whole(self):
        ours, second = self.ours(self.whole), self.second(self.whole)
        self.assertEqual(ours, second)
        self.assertEqual(ours[:2], (0, []))
        self.assertGreater(ours[2], 120)

    def test_every_change_is_found_at_the_same_place(self):
        first = int(os.environ.get("CERTBRIDGE_SEED", "1"))
        counts = dict.fromkeys(NAMES, 0)
        for seed in range(first, first + int(os.environ.get("CERTBRIDGE_MUTATIONS", "150"))):
            name = NAMES[seed % len(NAMES)]
            copy = self.folder / "copy"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(self.whole, copy)
            before = {file: file.read_bytes() for file in copy.rglob("*") if file.is_file()}
            getattr(Changes(copy, random.Random(seed)), name)()
            after = {file: file.read_bytes() for file in copy.rglob("*") if file.is_file()}
            ours, second = self.ours(copy), self.second(copy)
            if len(ours[1]) > 60:  # the program names the first hundred findings only
                second = second[0], second[1][:len(ours[1])], second[2]
            with self.subTest(seed=seed, change=name):
                self.assertEqual(ours, second)
                # Fewer anchors are no change; neither is a frame exchanged with itself, or zeros cut off.
                if name not in ("remove_anchors", "archive_the_first", "remove_the_segment") and any(
                        data.rstrip(b"\0") != after.get(file, b"gone").rstrip(b"\0") for file, data in before.items()):
                    self.assertEqual(ours[0], 1)
                if name in ("remove_anchors", "archive_the_first"):
                    self.assertEqual(ours[0], 0)
            counts[name] += 1
        self.assertTrue(all(counts.values()), counts)


if __name__ == "__main__":
    unittest.main()
