"""Numbers of messages that are sent again, late, or in place of what was accepted."""

import unittest

from certsandbox import rsa
from certsandbox.books import Books
from certsandbox.province import Province, Verdict
from certsandbox.province_tables import tables_of
from .test_province import UNIT, SignedTest, document

NUMBER, OTHER = "990101240318000001", "990101240318000002"


class ProvinceNumbersTest(SignedTest):
    """Section 5 of interfaces.md, BizMsgID."""

    def setUp(self) -> None:
        books = Books(":memory:")
        self.addCleanup(books.close)
        self.province = Province(books, tables_of("v1"), rsa.load_public_key(self.signer.public))
        self.asked: list[tuple[str, str]] = []

    def log_is(self, standing: str) -> None:
        """What the books of daily logs say."""
        self.province.logged = lambda area, day: self.asked.append((area, day)) or standing

    def send(self, number: str, revision: int, accept: bool = True) -> Verdict:
        """A revision of the booking under a number."""
        if not accept:
            self.province.refuse(UNIT, "按要求退回")
        content = self.signer.sign(document({"RegOrgID": f"中心{revision}"}), number)
        return self.province.take(f"Biz{number}.xml", content)

    def refused(self, number: str, revision: int) -> str:
        """Why it is refused by the rules."""
        verdict = self.send(number, revision)
        self.assertFalse(verdict.accepted)
        return verdict.details

    def test_before_the_log_nothing_has_a_suffix(self) -> None:
        self.log_is("none")
        self.assertIn("后缀应为“”", self.refused(NUMBER + "BBXZ", 1))
        self.assertFalse(self.send(NUMBER, 2, accept=False).accepted)
        self.assertIn("前18位", self.refused(OTHER, 3))
        self.assertIn("后缀应为“”", self.refused(NUMBER + "CBXZ", 3))
        self.assertTrue(self.send(NUMBER, 3).accepted)
        self.assertIn(("990101", "2024-03-18"), self.asked)

    def test_after_the_log_what_is_first_and_what_comes_again_have_their_suffixes(self) -> None:
        self.log_is("accepted")
        self.assertIn("BBXZ", self.refused(NUMBER, 1))
        self.log_is("none")
        self.assertFalse(self.send(NUMBER, 2, accept=False).accepted)
        self.log_is("accepted")
        self.assertIn("CBXZ", self.refused(NUMBER, 3))
        self.assertIn("CBXZ", self.refused(NUMBER + "BBXZ", 3))
        self.assertFalse(self.send(NUMBER + "CBXZ", 3, accept=False).accepted)
        self.assertTrue(self.send(NUMBER + "CBXZ", 4).accepted)

    def test_a_log_that_was_refused_leaves_both(self) -> None:
        self.log_is("refused")
        self.assertFalse(self.send(NUMBER + "BBXZ", 1, accept=False).accepted)
        self.assertFalse(self.send(NUMBER, 2, accept=False).accepted)
        self.assertTrue(self.send(NUMBER + "CBXZ", 3).accepted)

    def test_what_was_accepted_is_only_updated(self) -> None:
        self.log_is("none")
        self.assertTrue(self.send(NUMBER, 1).accepted)
        self.assertIn("BL", self.refused(NUMBER, 2))
        self.assertIn("BL", self.refused(NUMBER + "CBXZ", 2))
        self.assertFalse(self.send(NUMBER + "BL", 2, accept=False).accepted)
        self.assertTrue(self.send(NUMBER + "BL", 3).accepted)
        self.assertTrue(self.send(NUMBER + "BL", 4).accepted)
        self.assertIn("取代", self.refused(NUMBER + "BL", 3))

    def test_the_same_bytes_get_the_same_verdict(self) -> None:
        self.log_is("none")
        self.assertFalse(self.send(NUMBER, 1, accept=False).accepted)
        self.log_is("accepted")
        self.assertFalse(self.send(NUMBER, 1).accepted)
        self.assertEqual([2], [row["times"] for row in self.province.page("/sandbox/messages")["messages"]])

    def test_a_number_is_of_one_booking(self) -> None:
        self.log_is("none")
        self.assertTrue(self.send(NUMBER, 1).accepted)
        text = document().replace("20240318000123", "20240318000124")
        verdict = self.province.take(f"Biz{NUMBER}BL.xml", self.signer.sign(text, NUMBER + "BL"))
        self.assertIn("其他业务", verdict.details)


if __name__ == "__main__":
    unittest.main()
