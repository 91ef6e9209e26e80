"""`certbridge verify` and `render` on files of the corpus: what a person reads, and the exit codes."""

import json
import unittest
from pathlib import Path

from world import ROOT, World, build_folder, main


class Verify(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        self.world = World(self)
        self.corpus = self.world.folder / "corpus"
        self.world.command([str(build_folder() / "bin" / "certbridge-testca"), "corpus", "--issuers",
                            str(ROOT / "config" / "issuers.xml"), "--out", str(self.corpus), "--passphrase", "words"])
        self.world.options["seal-verifier.trust"] = str(self.corpus / "trust.pem")
        self.revocations(self.corpus / "revocations.pem")

    def revocations(self, file: Path | None) -> None:
        """Give the verifier this list, or none."""
        if file:
            self.world.options["seal-verifier.revocations"] = str(file)
            return
        del self.world.options["seal-verifier.revocations"]
        text = self.world.configuration.read_text("utf-8")
        option = '      <option name="revocations" value="../run/testca/revocations.pem"/>\n'
        self.assertIn(option, text)
        self.world.configuration.write_text(text.replace(option, ""), "utf-8")

    def verify(self, name: str, exit_code: int, *words: str) -> str:
        return self.world.certbridge("verify", str(self.corpus / f"{name}.ofd"), *words, allowed=(exit_code,))

    def outcomes(self, name: str, exit_code: int) -> tuple[str, dict[str, str]]:
        """Verdict, and the outcome of each check."""
        report = json.loads(self.verify(name, exit_code, "--json"))
        return report["verdict"], {check["check"]: check["outcome"] for check in report["checks"]}

    def test_everything_configured(self) -> None:
        said = self.verify("good-closed", 0)
        self.assertIn("good-closed.ofd: valid\n", said)
        self.assertIn("the seal maker signed the seal", said, "each check says what it is")
        verdict, outcomes = self.outcomes("good-closed", 0)
        self.assertEqual(("valid", {"passed"}), (verdict, set(outcomes.values())))
        self.assertIn("extra-file.ofd: not valid: ", self.verify("extra-file", 1))
        self.assertIn("(seal.revocation)", self.verify("revoked", 1))

    def test_without_revocation_lists(self) -> None:
        self.revocations(None)
        said = self.verify("good-closed", 0)
        self.assertIn("good-closed.ofd: valid; not checked: revocation\n", said)
        self.assertRegex(said, r"revocation +not-made +no revocation lists are given")
        verdict, outcomes = self.outcomes("revoked", 0)
        self.assertEqual(("valid", "not-made"), (verdict, outcomes["revocation"]))

    def test_a_stale_list_is_no_verdict(self) -> None:
        self.revocations(self.corpus / "authority" / "bad" / "stale-revocations.pem")
        said = self.verify("good-closed", 3)
        self.assertIn("good-closed.ofd: no verdict: ", said)
        self.assertIn("(seal.revocation.unknown)", said)
        self.assertEqual("undecided", self.outcomes("good-closed", 3)[0])

    def test_render_draws_the_page_and_refuses_what_is_no_package(self) -> None:
        picture = self.world.folder / "page.svg"
        self.world.certbridge("render", str(self.corpus / "good-closed.ofd"), "-o", str(picture))
        self.assertIn("<svg", picture.read_text("utf-8"))
        picture.unlink()
        self.assertIn("no-zip.ofd: ", self.world.certbridge("render", str(self.corpus / "no-zip.ofd"), "-o", str(picture),
                                                            allowed=(1,)))
        self.assertFalse(picture.exists())


main(__name__)
