"""What a library takes, publishes and refuses of certificate types."""

import json
import unittest
from typing import Any

from certsandbox import numbers

from . import maker
from .epoint_case import EpointCase

FIELDS = [{"fieldname": "KZ_ZL", "fieldlabel": "坐落", "isrequired": "1"}]


def told(**changes: Any) -> dict[str, Any]:
    """A version of a type as the dialect writes it."""
    return {"tycertcatcode": numbers.TITLE_TYPE, "certcatname": "中华人民共和国不动产权证书", "catversion": 1,
            "catstatus": "待审核", "effectdate": "2026-12-01 00:00:00", "awarddeptcode": "11411300MB1T000091",
            "awarddept": "南阳市自然资源和规划局", "itemcode": "BDC-1^BDC-2", "itemname": "首次登记^转移登记",
            "certownertype": "混合", "ismultiowner": "1", "ismulticert": "1", "validity": "长期", "template": "title",
            "sharetype": "有条件共享", "fields": json.dumps(FIELDS, ensure_ascii=False)} | changes


class Types(EpointCase):
    """Over the dialect "epoint"."""

    def tell(self, **changes: Any) -> str:
        _, body = self.send(f"/epoint/rest/catalogue/save?access_token={self.token}",
                            json.dumps({"params": told(**changes)}).encode(), "application/json; charset=UTF-8")
        return json.loads(body)["custom"]["code"]

    def face(self, code: str) -> dict[str, Any]:
        _, body = self.send(f"/epoint/rest/catalogue/face?access_token={self.token}",
                            json.dumps({"params": {"tycertcatcode": code}}).encode(), "application/json; charset=UTF-8")
        return json.loads(body)["custom"]

    def test_a_version_is_told_once_and_changed(self) -> None:
        self.assertEqual(["0000", "2012", "0000"], [self.tell(), self.tell(), self.tell(catstatus="在用")])
        self.assertEqual(FIELDS, self.face(numbers.TITLE_TYPE)["fields"])
        self.assertEqual("2009", self.face(numbers.PROOF_TYPE)["code"])
        self.assertEqual(["submitted", "approved"], [row["state"] for row in self.page("types")["types"]])
        self.assertEqual([], self.rules())

    def test_what_is_wrong_is_refused(self) -> None:
        wrong = [({"catversion": 2}, "type.version"), ({"catversion": "1"}, "field.type"), ({"more": "x"}, "field.unknown"),
                 ({"ismulticert": "0"}, "type.instances"), ({"itemname": "首次登记"}, "type.lists"),
                 ({"catstatus": "草稿"}, "type.word"), ({"validity": "按年"}, "type.years"), ({"fields": "[]"}, "type.fields"),
                 ({"effectdate": "2026-12-01"}, "date.shape"), ({"awarddeptcode": "1"}, "type.unit")]
        for changes, _ in wrong:
            self.assertEqual("2002", self.tell(**changes), changes)
        self.assertEqual([rule for _, rule in wrong], self.rules())

    def test_certificates_of_a_type_that_is_not_registered_are_refused(self) -> None:
        self.command("types", type=numbers.TITLE_TYPE, registered=False)
        self.assertEqual("2009", self.save(maker.Sample())["code"])
        self.command("types", type=numbers.TITLE_TYPE, registered=True)
        self.assertEqual("0000", self.collect(maker.Sample()))
        self.assertEqual([], self.rules())


if __name__ == "__main__":
    unittest.main()
