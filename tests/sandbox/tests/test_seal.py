"""Sealed packages: good ones pass, and every kind of change is refused for its own reason."""

import unittest

from certsandbox import ofd, ses, x509

from . import maker

SIGN = "Doc_0/Signs/Sign_0/"


def judge(data: bytes, trust: bytes = maker.ROOT) -> str:
    """"good", or the rule that the package breaks."""
    try:
        ofd.check_sealed(data, ses.SealVerifier([trust]))
        return "good"
    except (ofd.PackageProblem, ses.SealProblem) as problem:
        return problem.rule


class PackageTest(unittest.TestCase):
    """ZIP and references."""

    def setUp(self) -> None:
        self.files = maker.sealed_files()

    def test_good(self) -> None:
        self.assertEqual(judge(maker.pack(self.files)), "good")

    def test_every_changed_file_is_noticed(self) -> None:
        for name in self.files.keys() - {"Doc_0/Signs/Signatures.xml"}:  # open for further seals
            changed = self.files | {name: self.files[name].replace(b"e", b"f", 1) if name.endswith("png")
                                    else self.files[name] + b" "}
            self.assertNotEqual(judge(maker.pack(changed)), "good", name)

    def test_every_missing_file_is_noticed(self) -> None:
        for name in self.files:
            self.assertNotEqual(judge(maker.pack({k: v for k, v in self.files.items() if k != name})), "good", name)

    def test_an_added_file_is_noticed(self) -> None:
        self.assertEqual(judge(maker.pack(self.files | {"Doc_0/more.xml": b"<a/>"})), "ofd.unprotected")

    def test_stripped_signatures_are_noticed(self) -> None:
        stripped = self.files["OFD.xml"].replace(b"<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>", b"")
        self.assertEqual(judge(maker.pack(self.files | {"OFD.xml": stripped})), "ofd.unsealed")

    def test_bytes_around_the_zip(self) -> None:
        data = maker.pack(self.files)
        self.assertEqual(judge(data + b"x"), "ofd.zip")
        self.assertEqual(judge(b"x" + data), "ofd.zip")
        self.assertEqual(judge(data[:-30]), "ofd.zip")
        self.assertEqual(judge(b""), "ofd.zip")

    def test_names_with_tricks(self) -> None:
        for name in ("../a.xml", "/a.xml", "a\\b.xml", "ofd.xml", "a//b"):
            self.assertEqual(judge(maker.pack(self.files | {name: b"x"})), "ofd.zip", name)

    def test_dtd(self) -> None:
        name = "OFD.xml"
        self.assertEqual(judge(maker.pack(self.files | {name: b"<!DOCTYPE a>" + self.files[name]})), "ofd.xml")

    def test_every_flipped_byte_of_the_signed_value_is_noticed(self) -> None:
        name = SIGN + "SignedValue.dat"
        value = self.files[name]
        for position in range(0, len(value), 17):
            flipped = value[:position] + bytes([value[position] ^ 1]) + value[position + 1:]
            self.assertNotEqual(judge(maker.pack(self.files | {name: flipped})), "good", str(position))


class SealTest(unittest.TestCase):
    """Seals and signers."""

    def rule(self, trust: bytes = maker.ROOT, **changes: object) -> str:
        return judge(maker.pack(maker.sealed_files(**changes)), trust)  # type: ignore[arg-type]

    def test_refusals(self) -> None:
        other = maker.certificate("other", 0x4444, "root", maker.ROOT_KEY)
        same_key = maker.certificate("swapped", maker.SIGNER_KEY, "root", maker.ROOT_KEY)
        mute = maker.certificate("signer", maker.SIGNER_KEY, "root", maker.ROOT_KEY, usage=0x20)
        stranger = maker.certificate("signer", maker.SIGNER_KEY, "else", 0x5555)
        cases = {
            "seal.signature": {"key": 0x4444}, "seal.signer": {"key": 0x4444, "signer": other},
            "seal.maker": {"the_seal": maker.seal(maker_key=0x7777)}, "seal.shape": {"the_seal": maker.seal(version=5)},
            "seal.validity": {"the_seal": maker.seal(end="20251231000000Z")}, "seal.data_hash": {"data_hash": bytes(32)},
            "seal.path": {"path": "/Doc_0/Signs/Sign_1/Signature.xml"}, "seal.time": {"time": "20341231000000Z"},
            "seal.signer_usage": {"the_seal": maker.seal(listed=mute), "signer": mute},
            "seal.signer_chain": {"the_seal": maker.seal(listed=stranger), "signer": stranger}}
        for expected, changes in cases.items():
            self.assertEqual(self.rule(**changes), expected)
        self.assertEqual(self.rule(signer=same_key), "seal.signer")
        self.assertEqual(self.rule(signer_id=b""), "seal.signature")
        self.assertEqual(self.rule(trust=maker.certificate("root", 0x9999, "root", 0x9999, 0x06, True)), "seal.maker_chain")

    def test_verdicts_are_remembered_only_for_the_same_bytes(self) -> None:
        verifier = ses.SealVerifier([maker.ROOT])
        ofd.check_sealed(maker.pack(maker.sealed_files()), verifier)
        with self.assertRaises(ses.SealProblem):
            ofd.check_sealed(maker.pack(maker.sealed_files(the_seal=maker.seal(maker_key=0x7777))), verifier)
        ofd.check_sealed(maker.pack(maker.sealed_files()), verifier)

    def test_a_certificate_signed_with_the_empty_id_has_no_chain(self) -> None:
        signer = x509.parse_certificate(maker.SIGNER)
        self.assertTrue(x509.signed_by(signer, x509.parse_certificate(maker.ROOT)))
        self.assertFalse(x509.signed_by(signer, x509.parse_certificate(maker.MAKER)))


if __name__ == "__main__":
    unittest.main()
