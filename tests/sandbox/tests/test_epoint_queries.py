"""How the library "epoint" is asked: certificates, files, verification, and the log of uses."""

import base64
import json
import unittest
from typing import Any

from certsandbox import clock, sm3

from . import maker
from .epoint_case import EpointCase

WHY = {"usepurpose": "登记", "useitem": "000111", "usebasis": "20260601-0001"}
PERSON = {"name": "王某", "code": "411302190101010018", "kind": "111"}


class EpointQueriesTest(EpointCase):
    """Asking, in dialect "epoint"."""

    def search(self, **params: Any) -> list[dict[str, Any]]:
        answer = self.call("search", WHY | params)
        self.assertEqual(answer["code"], "0000", answer)
        return answer["certinfo"]

    def foreign(self, **wish: Any) -> list[dict[str, Any]]:
        return self.command("foreign", **{"holders": [PERSON]} | wish)["foreign"]

    def file_of(self, entry: dict[str, Any], **changes: Any) -> dict[str, Any]:
        return self.call("file", WHY | {"fileguid": entry["fileguid"], "certificateidentifier": entry["certificateidentifier"]} | changes)

    def test_collected_is_found(self) -> None:
        sample = maker.Sample()
        self.collect(sample)
        by_number = self.search(certno=sample.number)
        self.assertEqual(by_number, self.search(certificateidentifier=sample.identifier))
        self.assertEqual(by_number[0]["status"], "正常")
        self.assertIn("KZ_ZL", json.loads(by_number[0]["certinfoextension"]))
        code = by_number[0]["certownerno"].split("^")[0]
        self.assertEqual(by_number, self.search(certownerno=code, certownertype="1"))
        answer = self.file_of(by_number[0])
        content = base64.b64decode(answer["content"])
        self.assertEqual((content, answer["filesm3"]), (sample.content, sm3.hexdigest(sample.content)))
        self.assertEqual(self.rules(), [])

    def test_an_earlier_version_is_found_by_identifier_only(self) -> None:
        for version in (1, 2):
            self.collect(maker.Sample(version=version))
        found = self.search(certno=maker.Sample().number)
        self.assertEqual([entry["version"] for entry in found], [2])
        self.assertEqual(self.search(certificateidentifier=maker.Sample().identifier)[0]["ishistory"], "1")

    def test_foreign_types(self) -> None:
        issued = self.foreign()
        self.assertGreaterEqual(len(issued), 4)
        found = self.search(certownerno=PERSON["code"], certownertype="1")
        self.assertEqual({entry["tycertcatcode"] for entry in found}, {one["typeCode"] for one in issued})
        one = self.search(certownerno=PERSON["code"], certownertype="1", tycertcatcode=issued[0]["typeCode"])
        self.assertEqual([entry["certificateidentifier"] for entry in one], [issued[0]["identifier"]])
        self.assertEqual(json.loads(one[0]["certinfoextension"]), issued[0]["face"])
        self.command("foreign", identifier=issued[0]["identifier"], state="lost")
        self.assertEqual(self.search(certno=issued[0]["number"])[0]["status"], "挂失")
        self.assertEqual(self.search(certownerno="411302190101010026", certownertype="1"), "")

    def test_companies_and_couples(self) -> None:
        made = self.command("foreign", some=3, companies=2)["foreign"]
        self.assertEqual(len({one["typeCode"] for one in made}), 7)
        self.assertTrue(any(len(one["holders"]) == 2 for one in made))
        self.assertEqual(self.page("foreign")["count"], len(made))

    def test_files(self) -> None:
        issued = self.foreign(bytes=100_000)[0]
        entry = self.search(certificateidentifier=issued["identifier"])[0]
        answer = self.file_of(entry)
        content = base64.b64decode(answer["content"])
        self.assertGreaterEqual(len(content), 100_000)
        self.assertEqual(sm3.hexdigest(content), answer["filesm3"])
        self.assertEqual(self.file_of(entry, fileguid="guess")["code"], "2010")
        self.command("files", by="address", base="http://10.9.9.9/temp/")
        address = self.file_of(entry)["content"]
        self.assertTrue(address.startswith("http://10.9.9.9/temp/"))
        path = "/epoint/rest/cert/temp/" + address.rsplit("/", 1)[1]
        for status, length in ((200, len(content)), (404, None)):
            self.connection.request("GET", path)
            got = self.connection.getresponse()
            body = got.read()
            self.assertEqual(got.status, status, "an address is good once")
            self.assertTrue(length is None or body == content)

    def test_verify(self) -> None:
        issued = self.foreign()[0]
        content = base64.b64decode(self.file_of(self.search(certificateidentifier=issued["identifier"])[0])["content"])
        for given, result in ((content, "1"), (content + b"x", "0"), (b"text", "2")):
            answer = self.call("verify", WHY | {"filename": "a.ofd", "filesize": len(given), "sm3": sm3.hexdigest(given),
                                                "content": base64.b64encode(given).decode()})
            self.assertEqual(answer["verifyresult"], result)
        self.assertEqual(self.rules(), [])

    def test_strict(self) -> None:
        good = WHY | {"certno": "1"}
        for change, code, rule in (
                ({"usepurpose": ""}, "2001", "use.purpose"), ({"useitem": " "}, "2001", "use.item"),
                ({"usebasis": ""}, "2001", "use.basis"), ({"useunit": "x" * 201}, "2002", "use.shape"),
                ({"note": "x"}, "2002", "field.unknown"), ({"certno": 7}, "2002", "field.type"),
                ({"certificateidentifier": "1"}, "2002", "search.by"), ({"certno": ""}, "2002", "search.by"),
                ({"certownertype": "1"}, "2002", "search.by"), ({"tycertcatcode": "none"}, "2009", "type.unknown"),
                ({"certno": "", "certownerno": "1", "certownertype": "111"}, "2002", "holder.type")):
            self.assertEqual(self.call("search", good | change)["code"], code, change)
            self.assertEqual(self.rules()[-1], rule)
        self.assertEqual(self.call("search", good, "wrong")["code"], "1001")
        self.assertEqual(self.page("uses")["count"], 0)

    def test_uses_are_written_down(self) -> None:
        issued = self.foreign()
        self.search(certownerno=PERSON["code"], certownertype="1", useunit="11411300MB1T000091", useperson="u-7")
        use = self.page("uses")["uses"][0]
        self.assertEqual((use["operation"], use["caller"], use["unit"], use["person"], use["purpose"], use["item"], use["basis"]),
                         ("search", "id", "11411300MB1T000091", "u-7", "登记", "000111", "20260601-0001"))
        self.assertEqual(set(use["found"]), {one["identifier"] for one in issued})
        self.assertEqual(use["holder"], sm3.hexdigest(PERSON["code"].encode()))

    def test_the_log_of_uses(self) -> None:
        def log(**changes: Any) -> dict[str, Any]:
            return self.call("uses", {"usedate": clock.stamp()[:10] + " 00:00:00", "page": 1, "pagesize": 500} | changes)

        issued = self.foreign()
        self.search(certownerno=PERSON["code"], certownertype="1")
        self.command("uses", caller="bank", operation="file", unit="91410000000000000B", purpose="loan", found=[])
        entries = log()["uselog"]
        self.assertEqual({one["identifier"] for one in issued} | {""}, {entry["certificateidentifier"] for entry in entries})
        self.assertEqual(("bank", "file", "0", ""), tuple(entries[-1][name] for name in ("appid", "operation", "useresult", "tycertcatcode")))
        self.assertEqual(entries, [log(page=page, pagesize=1)["uselog"][0] for page in range(1, len(entries) + 1)])
        self.assertEqual("", log(page=2)["uselog"])
        self.assertEqual("", log(usedate="2020-01-01 00:00:00")["uselog"])
        for change, rule in (({"page": 0}, "log.page"), ({"pagesize": 501}, "log.page"), ({"who": "x"}, "field.unknown"),
                             ({"usedate": "2026-11-27"}, "date.shape")):
            self.assertEqual(log(**change)["code"], "2002", change)
            self.assertEqual(self.rules()[-1], rule)

    def test_shapes(self) -> None:
        issued = self.foreign()[0]
        for kind, shape in (("data-object", dict), ("data-list", list), ("data-text", str), ("data-empty", str),
                            ("data-null", type(None))):
            self.fault(path="/epoint/rest/cert/search", kind=kind)
            self.assertIsInstance(self.search(certificateidentifier=issued["identifier"]), shape, kind)
        self.fault(path="/epoint/rest/cert/file", kind="other-file")
        answer = self.file_of(self.search(certificateidentifier=issued["identifier"])[0])
        self.assertNotEqual(sm3.hexdigest(base64.b64decode(answer["content"])), answer["filesm3"])


if __name__ == "__main__":
    unittest.main()
