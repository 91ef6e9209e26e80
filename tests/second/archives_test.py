"""Two verifiers of packages: `certbridge archive verify` and tests/second/archives.py say the same of every change.

    archives_test.py BUILD_FOLDER
    CERTBRIDGE_MUTATIONS   how many changed packages (60); CERTBRIDGE_SEED the first (1)
"""

import os
import pathlib
import random
import re
import shutil
import subprocess
import tempfile
import unittest

import archives
from access_records import Key, sm2, sm3
from agree_test import BUILD, PRIVATE, public_key_pem

MADE = 1795852800  # 2026-11-28T08:00:00Z


def package(files, private=PRIVATE, subject="20261124 000001"):
    """A package made from the document alone."""
    key = Key(public_key_pem()).identifier.hex()
    manifest = (f"certbridge archive 1\nkind case\nsubject {subject}\nnode 中心-1\nmade 2026-11-28T08:00:00.000Z\n"
                f"record 4711 {'07' * 32}\nkey {key}\n")
    manifest += "".join(f"file {sm3.hexdigest(data)} {len(data)} {path}\n" for path, data in files.items())
    r, s = sm2.sign_raw(private, archives.signed_text(manifest.encode()))
    seal = f"certbridge archive seal 1\nkey {key}\nsignature {r:064x}{s:064x}\n"
    whole = {**files, archives.MANIFEST: manifest.encode(), archives.SEAL: seal.encode()}
    return b"".join(archives.header(path, len(data), MADE) + data + bytes(-len(data) % archives.BLOCK)
                    for path, data in whole.items()) + bytes(2 * archives.BLOCK)


FILES = {"case.json": b"{}", "uses/1-4711/received-1.xml": "<证照/>".encode() * 100, "uses/1-4711/empty": b"", "print.html": b"p" * 512}


class Agree(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="certbridge-package-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.key = self.folder / "key.pem"
        self.key.write_text(public_key_pem())

    def theirs(self, data):
        """Exit code and the places that the program names."""
        file = self.folder / "package.tar"
        file.write_bytes(data)
        done = subprocess.run([BUILD / "bin" / "certbridge", "archive", "verify", file, "--public-key", self.key],
                              capture_output=True, text=True)
        places = {int(at) for at in re.findall(r" at (\d+): ", done.stderr)}
        return done.returncode, places

    def agree(self, data, what):
        """Whether it is whole."""
        found = archives.Verifier(data, [Key(public_key_pem())]).verify()
        code, places = self.theirs(data)
        self.assertEqual((1 if found else 0, {finding.at for finding in found}), (code, places), (what, found))
        return not found

    def test_a_package_made_from_the_document(self):
        self.assertTrue(self.agree(package(FILES), "whole"))
        self.assertTrue(self.agree(package({}), "without files"))
        self.assertFalse(self.agree(package(FILES, private=PRIVATE + 1), "sealed by another"))
        self.assertFalse(self.agree(package({"../a": b""}), "a path that leaves"))
        self.assertFalse(self.agree(package(FILES, subject="a" * 257), "a long subject"))
        self.assertFalse(self.agree(package(FILES) + b"\0", "a byte behind the end"))
        self.assertFalse(self.agree(package({archives.MANIFEST: b""}), "a manifest that names itself"))

    def test_whatever_is_changed(self):
        whole = package(FILES)
        for number in range(int(os.environ.get("CERTBRIDGE_MUTATIONS", "60"))):
            seed = int(os.environ.get("CERTBRIDGE_SEED", "1")) + number
            self.assertFalse(self.agree(changed(whole, random.Random(seed)), f"seed {seed}"))


def changed(whole, chance):
    """Another package than this one."""
    at, length = chance.randrange(len(whole)), chance.choice((1, 1, 2, 512, 1024))
    ways = (lambda: whole[:at] + bytes((whole[at] ^ (1 << chance.randrange(8)),)) + whole[at + 1:],
            lambda: whole[:at] + whole[at + length:],
            lambda: whole[:at] + chance.randbytes(length) + whole[at:],
            lambda: whole[:at])
    data = chance.choice(ways)()
    return data if data != whole else whole[:-1]


if __name__ == "__main__":
    unittest.main()
