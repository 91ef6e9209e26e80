"""How the library "linewell" is asked: lists, data, files, verification, and the log of uses."""

import base64
import json
import unittest
from typing import Any

from certsandbox import sm3

from . import maker
from .linewell_case import LinewellCase

CAUSE = {"certificateCallCategory": "0", "certificateEventCode": "000111", "certificateCopyCause": "登记",
         "certificateMatterNumber": "20260601-0001"}
PERSON = {"name": "王某", "code": "411302190101010018", "kind": "111"}
HOLDER = {"holderCode": PERSON["code"], "holderTypeCode": "111", "useCause": CAUSE}


class LinewellQueriesTest(LinewellCase):
    """Asking, in dialect "linewell"."""

    def ask(self, name: str, **data: Any) -> Any:
        answer = self.call(name, {"useCause": CAUSE} | data)
        self.assertEqual(answer["head"]["status"], "0", answer)
        return answer["data"]

    def data_of(self, identifier: str) -> dict[str, Any]:
        return self.ask("getCertData", certificateIdentifier=identifier)["certData"][0]

    def foreign(self, **wish: Any) -> list[dict[str, Any]]:
        return self.command("foreign", **{"holders": [PERSON]} | wish)["foreign"]

    def file_of(self, issued: dict[str, Any]) -> dict[str, Any]:
        return self.ask("getCertFile", certificateIdentifier=issued["identifier"],
                        fileId=self.data_of(issued["identifier"])["fileId"])

    def test_collected_is_found(self) -> None:
        sample = maker.Sample()
        self.call("collectCert", sample.linewell())
        listed = self.ask("listCertByNumber", certificateNumber=sample.number)["certData"]
        self.assertEqual(listed, [{"certificateIdentifier": sample.identifier}])
        data = self.data_of(sample.identifier)
        self.assertEqual((data["state"], data["certificateNumber"]), ("11", sample.number))
        self.assertIn("KZ_ZL", data["extendInfo"])
        self.assertEqual(base64.b64decode(self.file_of({"identifier": sample.identifier})["content"]), sample.content)
        self.assertEqual(self.rules(), [])

    def test_foreign_types(self) -> None:
        issued = self.foreign()
        listed = self.ask("listCertByHolder", **HOLDER)["certData"]
        self.assertEqual({one["certificateIdentifier"] for one in listed}, {one["identifier"] for one in issued})
        one = self.ask("listCertByHolder", **HOLDER, certificateTypeCode=issued[1]["typeCode"])["certData"]
        self.assertEqual(one, [{"certificateIdentifier": issued[1]["identifier"]}])
        data = self.data_of(issued[1]["identifier"])
        self.assertEqual(data["extendInfo"], issued[1]["face"])
        self.assertEqual((data["certificateExpiringDate"], data["certificateHolderTypeCode"]), ("长期", "111"))
        self.assertEqual(self.status("listCertByHolder", HOLDER | {"holderCode": "411302190101010026"}), "10")

    def test_files_and_states(self) -> None:
        issued = self.foreign()[0]
        answer = self.file_of(issued)
        self.assertEqual(sm3.hexdigest(base64.b64decode(answer["content"])).upper(), answer["fileDigest"])
        self.command("files", by="address", base="https://files.example/a/")
        self.assertTrue(self.file_of(issued)["content"].startswith("https://files.example/a/"))
        name = self.file_of(issued)["content"].rsplit("/", 1)[1]
        self.connection.request("GET", "/linewell/files/" + name)
        self.assertEqual(sm3.hexdigest(self.connection.getresponse().read()).upper(), answer["fileDigest"])
        self.command("foreign", identifier=issued["identifier"], state="cancelled")
        file_id = self.data_of(issued["identifier"])["fileId"]
        self.assertEqual(self.status("getCertFile", {"certificateIdentifier": issued["identifier"], "fileId": file_id,
                                                     "useCause": CAUSE}), "21")

    def test_verify(self) -> None:
        content = base64.b64decode(self.file_of(self.foreign()[0])["content"])
        for given, status, result in ((content, "0", "0"), (content + b"x", "0", "2"), (b"text", "10", None)):
            answer = self.call("verifyCertFile", {"contentType": "base64", "content": base64.b64encode(given).decode(),
                                                  "fileDigest": sm3.hexdigest(given), "useCause": CAUSE})
            self.assertEqual(answer["head"]["status"], status)
            self.assertEqual((answer["data"] or {"result": None})["result"], result)

    def test_strict(self) -> None:
        good = {"certificateNumber": "1", "useCause": CAUSE}
        for change, cause, code, rule in (
                ({"useCause": None}, {}, "12", "use.cause"), ({}, {"certificateCallCategory": "2"}, "12", "use.category"),
                ({}, {"certificateCopyCause": ""}, "12", "use.purpose"), ({}, {"certificateEventCode": ""}, "12", "use.item"),
                ({}, {"certificateMatterNumber": ""}, "12", "use.basis"), ({}, {"note": "x"}, "12", "use.cause"),
                ({"note": "x"}, {}, "12", "field.unknown"), ({"certificateNumber": ""}, {}, "12", "field.missing")):
            data = good | {"useCause": CAUSE | cause} | change
            self.assertEqual(self.status("listCertByNumber", data), code, data)
            self.assertEqual(self.rules()[-1], rule)
        unbound = {"certificateCallCategory": "1", "certificateCopyCause": "协助执行", "certificateMatterNumber": "1"}
        self.assertEqual(self.status("listCertByNumber", good | {"useCause": unbound}), "10")
        self.assertEqual(self.status("listCertByHolder", HOLDER | {"holderTypeCode": "1"}), "103")
        self.assertEqual(self.status("listCertByHolder", HOLDER | {"certificateTypeCode": "none"}), "13")
        self.assertEqual(self.page("uses")["count"], 1)

    def test_shapes(self) -> None:
        issued = self.foreign()[0]["identifier"]
        for kind, shape in (("data-object", dict), ("data-list", list), ("data-text", str), ("data-empty", str),
                            ("data-null", type(None))):
            self.fault(path="/linewell/api/getCertData", kind=kind)
            self.assertIsInstance(self.ask("getCertData", certificateIdentifier=issued), shape, kind)
        self.fault(path="/linewell/api/getCertFile", kind="data-text")
        answer = self.call("getCertFile", {"certificateIdentifier": issued, "fileId": self.data_of(issued)["fileId"],
                                           "useCause": CAUSE})
        self.assertEqual(json.loads(answer["data"])["contentType"], "base64")


if __name__ == "__main__":
    unittest.main()
