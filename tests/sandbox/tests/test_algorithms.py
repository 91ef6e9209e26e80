"""Published vectors of SM2, SM3, SM4 and the domain's numbers, good and bad."""

import unittest

from certsandbox import der, numbers, sm2, sm3, sm4

PRIVATE = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
PUBLIC = (0x09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020,
          0xCCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13)
NONCE = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
R = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA
MESSAGE = b"message digest"


class Sm3Test(unittest.TestCase):
    """GB/T 32905 annex A, in Python and as used."""

    VECTORS = (
        (b"", "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b"),
        (b"abc", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"),
        (b"abcd" * 16, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"))

    def test_vectors(self) -> None:
        for data, expected in self.VECTORS:
            self.assertEqual(sm3.digest_in_python(data).hex(), expected)
            self.assertEqual(sm3.hexdigest(data), expected)

    def test_both_ways_agree_at_every_length_of_padding(self) -> None:
        for size in range(130):
            data = bytes(range(size))
            self.assertEqual(sm3.digest_in_python(data), sm3.digest(data))


class Sm2Test(unittest.TestCase):
    """GB/T 32918.5 annex A."""

    def test_public_key(self) -> None:
        self.assertEqual(sm2.public_key(PRIVATE), PUBLIC)

    def test_signature_with_the_nonce_of_the_standard(self) -> None:
        self.assertEqual(sm2.sign_raw(PRIVATE, MESSAGE, nonce=NONCE), (R, S))

    def test_verify(self) -> None:
        self.assertTrue(sm2.verify_raw(PUBLIC, MESSAGE, R, S))
        self.assertFalse(sm2.verify_raw(PUBLIC, MESSAGE + b"!", R, S))
        self.assertFalse(sm2.verify_raw(PUBLIC, MESSAGE, R ^ 1, S))
        self.assertFalse(sm2.verify_raw(PUBLIC, MESSAGE, R, S, b""))
        self.assertFalse(sm2.verify_raw(PUBLIC, MESSAGE, R, S + sm2.N))

    def test_point_off_the_curve_is_refused(self) -> None:
        self.assertFalse(sm2.verify_raw((PUBLIC[0], PUBLIC[1] ^ 1), MESSAGE, R, S))

    def test_sign_and_verify_other_messages(self) -> None:
        for index in range(20):
            signature = sm2.sign(PRIVATE + index, b"%d" % index)
            key = sm2.public_key(PRIVATE + index)
            self.assertTrue(sm2.verify(key, b"%d" % index, signature))
            self.assertFalse(sm2.verify(key, b"%d." % index, signature))

    def test_signature_with_bytes_after_it_is_refused(self) -> None:
        signature = sm2.sign(PRIVATE, MESSAGE)
        self.assertFalse(sm2.verify(PUBLIC, MESSAGE, signature + b"\0"))


class Sm4Test(unittest.TestCase):
    """GB/T 32907 annex A and CBC."""

    KEY = bytes.fromhex("0123456789abcdeffedcba9876543210")

    def test_block(self) -> None:
        self.assertEqual(sm4.encrypt_block(self.KEY, self.KEY).hex(), "681edf34d206965e86b3e94f536e4246")

    def test_cbc(self) -> None:
        plain = bytes.fromhex("aaaaaaaabbbbbbbbccccccccddddddddeeeeeeeeffffffffaaaaaaaabbbbbbbb")
        expected = "78ebb11cc40b0a48312aaeb2040244cb4cb7016951909226979b0d15dc6a8f6d"
        self.assertEqual(sm4.encrypt(plain, self.KEY, bytes(range(16)))[:32].hex(), expected)
        self.assertEqual(sm4.encrypt_in_python(plain, self.KEY, bytes(range(16)))[:32].hex(), expected)

    def test_both_ways_agree(self) -> None:
        for size in range(50):
            plain, iv = bytes(range(size)), bytes(range(size, size + 16))
            secret = sm4.encrypt(plain, self.KEY, iv)
            self.assertEqual(secret, sm4.encrypt_in_python(plain, self.KEY, iv))
            self.assertEqual(sm4.decrypt(secret, self.KEY, iv), plain)
            self.assertEqual(sm4.decrypt_in_python(secret, self.KEY, iv), plain)

    def test_damage_is_refused(self) -> None:
        secret = sm4.encrypt(b"text", self.KEY, bytes(16))
        for decrypt in (sm4.decrypt, sm4.decrypt_in_python):
            with self.assertRaises(ValueError):
                decrypt(secret[:-1], self.KEY, bytes(16))
            with self.assertRaises(ValueError):
                decrypt(secret, self.KEY[::-1], bytes(16))


class DerTest(unittest.TestCase):
    """What is not DER is refused."""

    def test_refusals(self) -> None:
        for text in ("", "30", "3080", "308101ff", "30820001ff", "0203", "1f8101", "300000"):
            with self.assertRaises(der.Malformed, msg=text):
                der.parse(bytes.fromhex(text))
        with self.assertRaises(der.Malformed):
            der.parse(bytes.fromhex("02020001")).as_integer()
        with self.assertRaises(der.Malformed):
            der.parse(bytes.fromhex("030201fe")).as_bits()

    def test_writer_and_walker_agree(self) -> None:
        node = der.parse(der.sequence(der.integer(255), der.oid("1.2.156.10197.1.501"), der.bits(b"x" * 200)))
        first, second, third = node.children()
        self.assertEqual(first.as_integer(), 255)
        self.assertEqual(second.as_oid(), "1.2.156.10197.1.501")
        self.assertEqual(third.as_bits(), b"x" * 200)

    def test_nesting_is_bounded(self) -> None:
        data = b""
        for _ in range(40):
            data = der.sequence(data)
        with self.assertRaises(der.Malformed):
            der.parse(data)


class NumbersTest(unittest.TestCase):
    """Vectors of the standards and of public files, the wrong ones too."""

    CHECKS = (
        ("A12425GABC1234002", "M"), ("0", "2"), ("1", "Z"), ("A", "H"), ("Z", "4"), ("ABC", "Z"),
        ("11100000000013338W01111430000006122244L20230000403001", "U"),
        ("11100000MB03271699022340100000000016001", "9"),
        ("11100000000013338W03211220000013544541J2430599001", "F"),
        ("11100000000013338W00911330105002500287C2025052201002", "0"),
        ("11100000000013661B006113700000045046442209FA4E88F9E4C878F3E9BED2CE7EA49001", "D"))

    def test_check_character(self) -> None:
        for body, check in self.CHECKS:
            self.assertEqual(numbers.mod_37_36(body), check)
            self.assertTrue(numbers.mod_37_36_holds(body + check))
            self.assertFalse(numbers.mod_37_36_holds(body + ("M" if check != "M" else "N")))

    def test_identifier(self) -> None:
        good = "1.2.156.3005.2.11100000MB03271699001.11411300MB1T000091.20200000001.001.R"
        parsed = numbers.parse_identifier(good)
        self.assertEqual((parsed.serial, parsed.version), ("20200000001", 1))
        self.assertEqual(numbers.compose_identifier(parsed.type_code, parsed.issuer_code, parsed.serial, 2)[-5:], "002.P")
        for bad in (good[:-1] + "S", good.replace("3005", "3003"), good.lower(), good + "\n",
                    good.replace("11411300MB1T000091", "411300"), good.replace(".001.", ".0001.")):
            with self.assertRaises(numbers.Refused, msg=bad):
                numbers.parse_identifier(bad)

    def test_credit_code(self) -> None:
        for good in ("91350100M000100Y43", "11100000MB03271699", "11411300MB1T000091"):
            numbers.parse_credit_code(good)
            self.assertEqual(numbers.organisation_check(good[8:16]), good[16])
        for bad in ("91350100M000100Y44", "91350100M000100I43", "91350100M000100Y4", "91350100m000100y43"):
            with self.assertRaises(numbers.Refused, msg=bad):
                numbers.parse_credit_code(bad)

    def test_citizen_id(self) -> None:
        numbers.parse_citizen_id("11010519491231002X")
        numbers.parse_citizen_id("440524188001010014")
        for bad in ("11010519491231002x", "110105194912310021", "11010519490231002X", "1101051949123100",
                    "11010520991231002X"):
            with self.assertRaises(numbers.Refused, msg=bad):
                numbers.parse_citizen_id(bad)

    def test_unit(self) -> None:
        numbers.parse_unit("411324001002GB00003F00010002")
        for bad, rule in (("411324001002GB00003F0001000", "unit_code.length"),
                          ("411324001002GC00003F00010002", "unit_code.ownership"),
                          ("411324001002G800003F00010002", "unit_code.shape"),
                          ("411324001002GB00003W00010002", "unit_code.shape")):
            with self.assertRaises(numbers.Refused) as caught:
                numbers.parse_unit(bad)
            self.assertEqual(caught.exception.rule, rule)

    def test_number(self) -> None:
        wide, place, kind = numbers.parse_number("豫（2026）镇平县不动产权第0000001号")
        self.assertEqual((wide, place, kind), ("豫(2026)镇平县不动产权第0000001号", "镇平县", "权"))
        self.assertEqual(numbers.normalise_number("豫 〔２０２６〕镇平县不动产权第0000001号(销)1"), wide)
        for bad in ("豫（2026）镇平县不动产权第000001号", "豫2026镇平县不动产权第0000001号", "测（2026）甲不动产权第0000001号"):
            with self.assertRaises(numbers.Refused, msg=bad):
                numbers.parse_number(bad)


if __name__ == "__main__":
    unittest.main()
