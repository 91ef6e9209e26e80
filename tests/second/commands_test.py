"""The commands on access records, on a log that the crash tests' driver made.

    commands_test.py BUILD_FOLDER
"""

import csv
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
from collections import Counter

import access_records
import agree_test
from access_records import sm3
from agree_test import BUILD

REASON = ("--reason", "an audit")
PERSONAL = r"holder-\d|clerk \d|case-\d|number-\d|certificate-\d"
SOURCE = pathlib.Path(__file__).resolve().parents[2]


class AccessCommands(unittest.TestCase):
    """Keys are those of tests/crash/access_crash.cpp."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="certbridge-access-"))
        self.addCleanup(shutil.rmtree, self.folder)
        for name in ("good", "plugins"):
            shutil.copytree(SOURCE / "tests" / "config" / name, self.folder / name)
        os.chmod(self.folder / "good" / "secrets.xml", 0o600)
        self.log = self.folder / "good" / "access" / "test-1"
        (self.folder / "good" / "access" / "second").mkdir(parents=True)
        subprocess.run([BUILD / "tests" / "access_driver", self.log.parent, "0", "90"], check=True,
                       stdout=subprocess.DEVNULL)
        self.key = self.folder / "key.pem"

    def access(self, *words, code=0, typed=None):
        environment = os.environ | {"CERTBRIDGE_SECRET_ACCESS_SIGNING_KEY": (b"\x21" * 31 + b"k").hex(),
                                    "CERTBRIDGE_SECRET_JOURNAL_MASTER_KEY": b"m".hex() * 32}
        command = [BUILD / "bin" / "certbridge", "access", *words]
        if words[0] != "verify":
            command += ["--config", self.folder / "good" / "certbridge.xml"]
        done = subprocess.run(command, input=typed, capture_output=True, text=True, env=environment)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def verify(self, folder):
        self.key.write_text(self.access("public-key"))
        return self.access("verify", folder, "--public-key", self.key)

    def test_the_public_key_is_the_one(self):
        self.assertEqual("".join(self.access("public-key").split()), "".join(agree_test.public_key_pem().split()))

    def test_records_are_found_and_nothing_personal_is_shown(self):
        self.assertIn("`reason` is needed", self.access("find", "--holder", "holder-1", code=2))
        shown = self.access("find", "--holder", "-", "--limit", "20", *REASON, typed="holder-1\n")
        self.assertEqual(shown.count("window-system"), 20)
        self.assertIn("--before", shown)
        for personal in ("holder-", "clerk [0-9]", "case-", "number-", "certificate-"):
            self.assertNotRegex(shown, personal)
        self.assertEqual(self.access("find", "--case", "case-7", *REASON).count("window-system"), 1)
        self.assertEqual(self.access("find", "--case", "case-7", "--until", "2020-01-01", *REASON).count("window-system"), 0)
        self.access("find", "--from", "yesterday", code=2)

    def test_a_page_of_a_period(self):
        shown = self.access("list", "--limit", "5")
        self.assertEqual(5, shown.count("window-system"))
        self.assertIn("more: --before", shown)
        self.assertEqual(0, self.access("list", "--until", "2020-01-01").count("window-system"))

    def test_one_record_masked_and_unmasked(self):
        number = self.access("list", "--limit", "1").splitlines()[1].split()[0]
        masked = self.access("show", number)
        self.assertIn("holder: (hidden)", masked)
        self.assertIn("purpose: registration", masked)
        self.assertNotRegex(masked, PERSONAL)
        self.access("show", number, "--unmask", code=2)
        unmasked = self.access("show", number, "--unmask", *REASON)
        self.assertRegex(unmasked, "holder: holder-[0-9]")
        seen = re.search(r"shown to you by access record (\d+)", unmasked)[1]
        own = self.access("show", seen)
        for line in ("kind: display", "decision: allowed", "system: certbridge", f"refers-to: {number}",
                     f"result: record {number}"):
            self.assertIn(line, own)
        self.access("show", "1", code=5)  # a segment's first frame is no record
        self.access("show", "x", code=2)
        self.assertIn("nothing was changed", self.verify(self.log))

    def test_unmasked_by_nobody_without_the_duty(self):
        policy = self.folder / "good" / "access.xml"
        policy.write_text(policy.read_text().replace('roles="operator audit-administrator"', 'roles="audit-administrator"'))
        number = self.access("list", "--limit", "1").splitlines()[1].split()[0]
        refused = self.access("show", number, "--unmask", *REASON, code=8)
        self.assertIn("role.not_allowed", refused)
        self.assertNotRegex(refused, PERSONAL)
        self.assertIn("denied", self.access("list", "--limit", "1"))
        output = self.folder / "taken.csv"
        self.access("export", "-o", output, *REASON, code=8)
        self.assertEqual([], list(self.folder.glob("taken*")))

    def test_nothing_is_unmasked_where_nothing_can_be_recorded(self):
        number = self.access("list", "--limit", "1").splitlines()[1].split()[0]
        file = self.folder / "good" / "certbridge.xml"
        text = re.sub("<queries [^>]*/>", "", file.read_text())
        file.write_text(text)
        self.assertIn("access.none", self.access("show", number, "--unmask", *REASON, code=8))

    def frames(self):
        """The records' frames, by their numbers, as the second implementation reads them."""
        found = {}
        for file in sorted(self.log.glob("*.records")):
            data, at = file.read_bytes(), 0
            while frame := access_records.read_frame(data, at):
                at += len(frame.raw)
                if frame.kind == access_records.RECORD:
                    found[frame.number] = frame.stored.hex()
        return found

    def check_export(self, output, rows):
        """Each row is a frame of the chain, and the totals are those of the file."""
        frames = self.frames()
        totals = json.loads(pathlib.Path(f"{output}.totals.json").read_text())
        self.assertEqual(len(rows), totals["records"])
        for row in rows:
            self.assertEqual(frames[int(row["number"])], row["hash"])
        self.assertEqual(sm3.hexdigest(output.read_bytes()), totals["sm3"])
        self.assertEqual(sm3.hexdigest(b"".join(bytes.fromhex(row["hash"]) for row in rows)), totals["hashes"])
        self.assertEqual((int(rows[0]["number"]), int(rows[-1]["number"]), rows[-1]["hash"]),
                         (totals["first"], totals["last"], totals["lastHash"]))
        self.assertEqual(Counter(row["kind"] for row in rows), totals["kinds"])
        self.assertEqual(sum(row["decision"] == "allowed" for row in rows), totals["allowed"])
        self.assertEqual(totals["records"], totals["allowed"] + totals["denied"])
        own = self.access("show", str(totals["record"]))
        self.assertIn("kind: export", own)
        self.assertIn(f"result: {len(rows)} access records", own)

    def test_an_export_is_tied_to_the_chain(self):
        lines, table = self.folder / "all.jsonl", self.folder / "all.csv"
        before = len(self.frames())
        self.access("export", "-o", lines, *REASON)
        rows = [json.loads(line) for line in lines.read_text().splitlines()]
        self.assertEqual(before, len(rows))
        self.assertNotIn("holder", rows[0])
        self.assertNotRegex(lines.read_text(), PERSONAL)
        self.check_export(lines, rows)
        self.access("export", "-o", table, "--holder", "holder-1", "--unmask", *REASON)
        with table.open(newline="", encoding="utf-8") as stream:
            rows = list(csv.DictReader(stream))
        self.assertEqual(({"holder-1"}, 30), ({row["holder"] for row in rows}, len(rows)))
        self.assertEqual(sorted(int(row["number"]) for row in rows), [int(row["number"]) for row in rows])
        self.check_export(table, rows)
        self.assertIn("is there already", self.access("export", "-o", table, *REASON, code=2))
        self.access("export", "-o", self.folder / "all.txt", *REASON, code=2)
        none = self.folder / "none.jsonl"
        self.assertIn("0 records", self.access("export", "-o", none, "--until", "2020-01-01", *REASON))
        self.assertEqual(0o600, none.stat().st_mode & 0o777)
        self.assertIn("nothing was changed", self.verify(self.log))

    def test_what_cannot_be_decided_again(self):
        number = self.access("list", "--limit", "1").splitlines()[1].split()[0]
        said = self.access("explain", number, code=5)
        self.assertIn("no file with that digest was given", said)
        self.assertIn("--policy FILE", said)

    def test_an_archive_is_verified_and_laid_back(self):
        archive = self.folder / "archive"
        self.access("archive", archive)
        self.assertIn("nothing was changed", self.verify(archive))
        first = min(self.log.glob("*.records"))
        whole = first.read_bytes()
        first.unlink()
        self.assertIn(first.stem, self.access("import", archive))
        self.assertEqual(first.read_bytes(), whole)
        self.assertIn("0 segments", self.access("remove", archive))
        self.access("renew")
        self.assertIn("nothing was changed", self.verify(self.log))
        damaged = min(archive.glob("*.records"))
        damaged.write_bytes(damaged.read_bytes().replace(b"window-system", b"another-thing", 1))
        self.assertIn("not as it was written", self.access("import", archive, code=1))

    def test_a_log_that_is_not_there(self):
        self.verify(self.log)
        self.access("verify", self.folder / "nowhere", "--public-key", self.key, code=5)
        self.access("verify", self.log, "--public-key", self.folder / "nowhere", code=5)


if __name__ == "__main__":
    unittest.main()
