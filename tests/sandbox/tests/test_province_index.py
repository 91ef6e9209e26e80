"""The provincial index: what it refuses, what it remembers, and how it misbehaves."""

import base64
import http.client
import json
import unittest
from typing import Any
from urllib.parse import urlsplit

from certsandbox import clock, numbers
from certsandbox.books import Books
from certsandbox.faults import Faults
from certsandbox.http_server import Server
from certsandbox.index_rules import digest_of
from certsandbox.province_index import KEY, TOKEN, ProvinceIndex, hmac_sm3

TYPE, ISSUER, SERIAL = "11100000MB03271699001", "11411300MB1T000091", "20260000001"


def row(number: int = 1, operation: str = "I", **fields: str) -> dict[str, str]:
    """A good row."""
    certificate = int(fields.pop("infoVersion", "001"))
    made = {"entryCode": f"{TYPE}.{ISSUER}.{SERIAL}", "operateType": operation, "version": f"{number:04}",
            "certificateCode": numbers.compose_identifier(TYPE, ISSUER, SERIAL, certificate), "contentCode": TYPE,
            "contentName": "中华人民共和国不动产权证书", "infoCode": "豫（2026）南阳市不动产权第0000001号", "infoVersion": f"{certificate:03}",
            "ownerName": "测试甲^测试乙", "ownerId": "11010519491231002X^P1", "infoTypeCode": "111^999", "issueDept": "南阳市自然资源和规划局",
            "issueDeptCode": ISSUER, "areaCode": "411300", "makeTime": "2026-06-01", "validEnd": "9999-12-31", "certState": "01",
            "stateTime": "2026-06-01 10:00:00", "fileSm3": "0" * 64, "dataSource": "BDC", "bizId": "20260601-0001", **fields}
    return {**made, "contentSm3": fields.get("contentSm3", digest_of(made))}


class ProvinceIndexTest(unittest.TestCase):
    """Section 6 of interfaces.md."""

    def setUp(self) -> None:
        self.index = ProvinceIndex(Books(":memory:"), Faults())
        self.server = Server(self.index).start()
        self.addCleanup(self.server.stop)

    def call(self, name: str, data: dict[str, Any], **head: str) -> dict[str, Any]:
        """The answer to a signed call."""
        text = json.dumps(data, ensure_ascii=False)
        moment = head.pop("timestamp", clock.now().strftime("%Y%m%d%H%M%S"))
        sign = base64.b64encode(hmac_sm3(head.pop("key", KEY).encode(), (moment + text).encode())).decode()
        start = json.dumps({"systemCode": "certbridge", "accessToken": TOKEN, "timestamp": moment, "sign": sign, **head})
        connection = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=20)
        self.addCleanup(connection.close)
        connection.request("POST", "/ecert/api/index/" + name, f'{{"head":{start},"data":{text}}}'.encode())
        return json.loads(connection.getresponse().read())

    def report(self, *arguments: Any, **fields: str) -> str:
        """The code for a row."""
        return self.call("report", row(*arguments, **fields))["code"]

    def test_a_life(self) -> None:
        self.assertEqual("200", self.report(1))
        self.assertEqual("200", self.report(2, "U", certState="02", stateReason="查封", stateTime="2026-06-02 10:00:00"))
        self.assertEqual("200", self.report(3, "U", infoVersion="002", fileSm3="1" * 64))
        self.assertEqual("200", self.report(4, "D", certState="04", stateReason="注销", infoVersion="002", fileSm3="1" * 64))
        held = self.call("query", {"entryCode": row()["entryCode"]})["data"]["entries"][0]
        self.assertEqual(("0004", "04", "D"), (held["version"], held["certState"], held["operateType"]))
        self.assertEqual("200", self.report(5, infoVersion="003", fileSm3="2" * 64))
        listed = self.call("list", {"makeTime": "2026-06-01", "areaCode": "411300", "page": 1, "size": 10})["data"]["entries"]
        self.assertEqual(["003"], [entry["infoVersion"] for entry in listed])
        self.assertEqual([], self.index.page("/sandbox/violations")["violations"])

    def test_what_does_not_follow(self) -> None:
        self.assertEqual("404", self.report(1, "U"))
        self.assertEqual("409", self.report(2))
        self.assertEqual("200", self.report(1))
        self.assertEqual("208", self.report(1), "the same again")
        self.assertEqual("208", self.report(2), "another insert of what is there")
        self.assertEqual("409", self.report(3, "U", certState="02"))
        self.assertEqual("409", self.report(2, "U", fileSm3="1" * 64), "another file of the same version")
        self.assertEqual("200", self.report(2, "U", certState="02", stateReason="查封", stateTime="2026-06-02 10:00:00"))
        self.assertEqual("409", self.report(3, "U", stateTime="2026-06-01 09:00:00"), "an earlier change")

    def test_what_a_row_may_not_say(self) -> None:
        for field, value in (("version", "1"), ("certificateCode", row()["certificateCode"][:-1] + "0"), ("ownerName", "测试甲"),
                             ("infoTypeCode", "111^888"), ("makeTime", "2026-02-30"), ("validEnd", "2020-01-01"), ("contentSm3", "f" * 64),
                             ("certState", "04"), ("infoCode", "some number"), ("issueDeptCode", "11411302MB1T000091"), ("unknown", "x")):
            self.assertEqual("400", self.report(1, **{field: value}), field)
        self.assertEqual(11, len(self.index.page("/sandbox/violations")["violations"]))

    def test_who_asks(self) -> None:
        for head in ({"accessToken": "another"}, {"key": "another"}, {"timestamp": "20200101000000"}, {"timestamp": "now"}):
            self.assertEqual("401", self.call("query", {"entryCode": "x"}, **head)["code"], head)

    def test_a_dropped_answer_has_acted(self) -> None:
        self.index.faults.add({"kind": "drop-after"})
        with self.assertRaises(http.client.HTTPException):
            self.report(1)
        self.assertEqual("208", self.report(1))
        self.index.faults.add({"kind": "drop-before"})
        with self.assertRaises(http.client.HTTPException):
            self.report(2, "U", certState="02")
        self.assertEqual("200", self.report(2, "U", certState="02"))


if __name__ == "__main__":
    unittest.main()
