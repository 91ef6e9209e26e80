"""Both judges on the same files: the corpus that certbridge-testca makes, good and altered."""

import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from certsandbox import issuers, keys, ofd, ses

PROGRAM = os.environ.get("CERTBRIDGE_TESTCA", "")


@unittest.skipUnless(os.access(PROGRAM, os.X_OK), "certbridge-testca is not built")
class CorpusTest(unittest.TestCase):
    """The second implementation gives the verdicts that the corpus expects of the first."""

    def test_alike(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            subprocess.run([PROGRAM, "corpus", "--issuers", issuers.default_issuers_file(), "--out", folder,
                            "--passphrase", "words"], check=True, capture_output=True)
            authority = folder / "authority"
            verifier = ses.SealVerifier(keys.load_pem(authority / "trust.pem", "CERTIFICATE"),
                                        keys.load_pem(authority / "revocations.pem", "X509 CRL"))
            expected = json.loads((folder / "expected.json").read_text("utf-8"))
            self.assertGreater(len(expected), 40)
            for entry in expected:
                with self.subTest(entry["file"]):
                    self.assertEqual(self.verdict(folder / entry["file"], verifier), entry["verdict"], entry["note"])

    @staticmethod
    def verdict(path: Path, verifier: ses.SealVerifier) -> str:
        try:
            ofd.check_sealed(path.read_bytes(), verifier)
            return "valid"
        except (ofd.PackageProblem, ses.SealProblem):
            return "invalid"


if __name__ == "__main__":
    unittest.main()
