"""The commands on access records, on a log that the crash tests' driver made.

    commands_test.py BUILD_FOLDER
"""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import agree_test
from agree_test import BUILD

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
        shown = self.access("find", "--holder", "-", "--limit", "20", typed="holder-1\n")
        self.assertEqual(shown.count("window-system"), 20)
        self.assertIn("--before", shown)
        for personal in ("holder-", "clerk [0-9]", "case-", "number-", "certificate-"):
            self.assertNotRegex(shown, personal)
        self.assertEqual(self.access("find", "--case", "case-7").count("window-system"), 1)
        self.assertEqual(self.access("find", "--case", "case-7", "--until", "2020-01-01").count("window-system"), 0)
        self.access("find", "--from", "yesterday", code=2)

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

    def test_keys_are_destroyed(self):
        holder = self.folder / "holder.txt"
        holder.write_text("holder-1\n")
        said = self.access("destroy-keys", "--holder", f"@{holder}", "--reason", "an order")
        self.assertIn("of 30 records", said)
        self.assertNotIn("window-system", self.access("find", "--holder", "holder-1"))
        self.assertIn("keys-destroyed", self.access("find", "--limit", "1"))
        self.assertIn("nothing was changed", self.verify(self.log))
        self.access("destroy-keys", "--holder", f"@{holder}", "--reason", "an order", code=5)

    def test_a_log_that_is_not_there(self):
        self.verify(self.log)
        self.access("verify", self.folder / "nowhere", "--public-key", self.key, code=5)
        self.access("verify", self.log, "--public-key", self.folder / "nowhere", code=5)


if __name__ == "__main__":
    unittest.main()
