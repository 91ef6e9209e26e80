"""What the province is known to want, and whether the profiles that are shipped say the same."""

import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from certsandbox.province_judge import judge
from certsandbox.province_tables import Attribute, Tables, choices, derived, lines_of, tables_of

from .test_province import ROWS, document

PROFILES = Path(__file__).parents[3] / "plugins" / "provincial_platform" / "profiles"
SPACE = "{urn:certbridge:provincial-profile:1}"
KINDS = {"text": "", "integer": "%", "decimal": "#", "time": "@", "binary": "&"}
OFTEN = {"one": "1", "some": "+", "any": "*"}


def shipped(generation: str) -> Tables:
    """What a profile says, in the words of the sandbox."""
    root = ElementTree.parse(PROFILES / f"{generation}.xml").getroot()
    attributes = {table.get("name", ""): {rule.get("name", ""): rule_of(rule) for rule in table} for table in root.iter(SPACE + "table")}
    tables = Tables(attributes, {}, {}, {words.get("name", ""): frozenset(code.get("value", "") for code in words)
                                         for words in root.iter(SPACE + "list")}, set())
    for message in root.iter(SPACE + "message"):
        right = message.get("right", "")
        often = {name: OFTEN[word] for word in OFTEN for name in message.get(word, "").split()}
        for rec_type in message.get("rec-types", "").split():
            tables.messages[rec_type], tables.rights[rec_type] = {right: "1", **often}, right
            if message.get("reg-types") == "any":
                tables.of_any_type.add(rec_type)
    return tables


def rule_of(element: ElementTree.Element) -> Attribute:
    """An attribute of a profile."""
    return Attribute(element.get("name", ""), element.get("required") == "yes", KINDS[element.get("type", "text")],
                     int(element.get("length", "0")), element.get("codes", ""))


class ProfilesTest(unittest.TestCase):
    """Each generation as it is shipped against what is known. A new difference goes into choices.txt, with its reason, or is mended."""

    def test_tables_in_their_order_with_their_attributes(self) -> None:
        """Names, kinds, lengths, obligations and lists of codes."""
        for generation in ("v1", "v2"):
            said, known = shipped(generation).attributes, tables_of(generation).attributes
            self.assertEqual(list(said), list(known), generation)
            for table, attributes in known.items():
                with self.subTest(generation, table=table):
                    self.assertEqual(said[table], attributes)

    def test_tables_of_each_rec_type(self) -> None:
        """Which tables a message has, and how often."""
        for generation, count in (("v1", 42), ("v2", 64)):
            said, known = shipped(generation), tables_of(generation)
            self.assertEqual(len(known.messages), count)
            self.assertEqual(said.rights, known.rights)
            self.assertEqual(said.of_any_type, known.of_any_type)
            for rec_type, often in known.messages.items():
                with self.subTest(generation, rec_type=rec_type):
                    self.assertEqual(said.messages[rec_type], often)

    def test_feature_codes(self) -> None:
        """What is written for YSDM when the registration system has none: that of the generation, else that of the first."""
        known: dict[str, dict[str, str]] = {"v1": {}, "v2": {}}
        for generation, table, code in map(str.split, lines_of("feature_codes.txt")):
            known[generation][table] = code
        for generation in ("v1", "v2"):
            for table in ElementTree.parse(PROFILES / f"{generation}.xml").getroot().iter(SPACE + "table"):
                name = table.get("name", "")
                said = {rule.get("otherwise") for rule in table if rule.get("name") == "YSDM"} - {None}
                code = known[generation].get(name) or known["v1"].get(name)
                with self.subTest(generation, table=name):
                    self.assertEqual(said, {code} - {None})

    def test_lists_of_codes(self) -> None:
        """Each list of the profile is that of the standard, and each list that an attribute has is there."""
        for generation in ("v1", "v2"):
            said, known = shipped(generation).codes, tables_of(generation)
            for name, codes in said.items():
                with self.subTest(generation, list=name):
                    self.assertEqual(codes, known.codes[name])
            used = {rule.codes for table in known.attributes.values() for rule in table.values()} - {""}
            self.assertEqual(used, said.keys())


class ChoicesTest(unittest.TestCase):
    """Choices are few, have a reason, and still change something."""

    def test_each_has_a_reason_and_makes_a_difference(self) -> None:
        """Without it one of the generations would be another."""
        for choice in choices():
            with self.subTest(choice.table, attribute=choice.attribute):
                self.assertTrue(choice.reason)
                rest = tuple(other for other in choices() if other is not choice)
                self.assertTrue(any(derived(name, rest) != tables_of(name) for name in ("v1", "v2")))


class CodesTest(unittest.TestCase):
    """Values of lists."""

    def test_what_is_no_code_is_refused(self) -> None:
        """A text and an integer with a list; an empty value of an optional one is none."""
        def findings(old: str, new: str) -> list[str]:
            rows = [row.replace(old, new) for row in ROWS]
            return judge(document({"BizMsgID": "990101240318000001", "DigitalSign": "0" * 256}, rows).encode(), tables_of("v1"), None).findings
        self.assertEqual(findings("", ""), [])
        self.assertEqual(findings('QLRZJZL="1"', 'QLRZJZL="12"'), ["元素 DJF_DJ_SQR 属性 QLRZJZL 赋值非法,原因：不在枚举范围内"])
        self.assertEqual(findings('SQZSBS="0"', 'SQZSBS="2"'), ["元素 DJT_DJ_SLSQ 属性 SQZSBS 赋值非法,原因：不在枚举范围内"])
        self.assertEqual(findings('QLRZJZL="1"', 'QLRZJZL="1" YWRZJZL=""'), [])


if __name__ == "__main__":
    unittest.main()
