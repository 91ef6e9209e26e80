"""The library "linewell" over HTTP: signed, encrypted, in GB18030."""

import unittest

from certsandbox import numbers, sm2, sm3

from . import maker
from .library_case import ACCESS, CALLER_KEY, SM4_KEY, wait_until
from .linewell_case import LinewellCase


class LinewellTest(LinewellCase):
    """Dialect "linewell"."""

    def test_collect_query_cancel(self) -> None:
        sample = maker.Sample()
        query = {"certificateIdentifier": sample.identifier}
        self.assertEqual(self.status("queryCertInfo", query), "10")
        self.assertEqual(self.status("collectCert", sample.linewell()), "0")
        self.assertEqual(self.status("collectCert", sample.linewell()), "7")
        found = self.call("queryCertInfo", query)["data"]["certData"][0]
        self.assertEqual((found["state"], found["fileDigest"]), ("11", sm3.hexdigest(sample.content)))
        change = query | {"state": "-5", "reason": "退回", "changeTime": "20260101000000"}
        self.assertEqual(self.status("changeState", change), "0")
        self.assertEqual(self.status("changeState", change), "21")
        self.assertEqual(self.call("queryCertInfo", query)["data"]["certData"][0]["state"], "-5")
        self.assertEqual(self.rules(), [])

    def test_status_changes_are_taken_strictly(self) -> None:
        sample = maker.Sample()
        self.status("collectCert", sample.linewell())
        query = {"certificateIdentifier": sample.identifier}
        change = query | {"state": "13", "reason": "查封", "changeTime": "20260201100000"}
        self.assertEqual(self.status("changeState", change | {"state": "-2"}), "12")
        self.assertEqual(self.rules(), ["status.value"])
        self.assertEqual(self.status("changeState", change), "0")
        self.assertEqual(self.call("queryCertInfo", query)["data"]["certData"][0]["state"], "13")
        self.assertEqual(self.status("changeState", change), "21")
        self.assertEqual(self.status("changeState", change | {"state": "11", "changeTime": "20260201095959"}), "12")
        self.assertEqual(self.rules()[-1], "status.order")
        self.assertEqual(self.status("changeState", change | {"state": "11"}), "0")
        self.assertEqual(self.status("changeState", change | {"state": "-8"}), "0")
        self.assertEqual(self.status("changeState", change | {"state": "-5"}), "21")
        self.assertEqual(self.status("changeState", change | {"state": "11"}), "12")
        self.assertEqual(self.rules()[-1], "status.after_end")

    def test_callers(self) -> None:
        data = {"certificateIdentifier": "x"}
        self.assertEqual(self.status("queryCertInfo", data, key=CALLER_KEY + 1), "11")
        self.assertEqual(self.status("queryCertInfo", data, signer_id=sm2.DEFAULT_ID), "11")
        self.assertEqual(self.status("queryCertInfo", data, timestamp="20200101000000"), "11")
        body = maker.linewell_body(data, CALLER_KEY, SM4_KEY, (ACCESS[0], "wrong"))
        self.assertEqual(self.raw("queryCertInfo", body)["head"]["status"], "11")
        body = maker.linewell_body(data, CALLER_KEY, SM4_KEY[::-1], ACCESS)
        self.assertEqual(self.raw("queryCertInfo", body)["head"]["status"], "12")
        self.assertEqual(self.raw("queryCertInfo", body, "application/json")["head"]["status"], "12")
        self.assertEqual(self.rules(), ["sign.wrong", "sign.wrong", "timestamp.range", "token.credentials",
                                        "data.cipher", "http.content_type"])

    def test_refusals(self) -> None:
        sample = maker.Sample()
        changes = {"103": {"certificateHolderTypeCode": "998"}, "13": {"certificateTypeCode": "11100000MB03271699009"},
                   "213": {"fileDigest": "0" * 64}, "12": {"certificateVersion": "1"}}
        for code, change in changes.items():
            self.assertEqual(self.status("collectCert", sample.linewell() | change), code)
        for change in ({"extendInfo": "{}"}, {"operateType": "02"}, {"certificateHolderName": "甲,乙"},
                       {"certificateIssuedDate": "2026-01-01"}, {"fileContent": "%"}, {"bizNum": 1}):
            self.assertEqual(self.status("collectCert", sample.linewell() | change), "12", change)
        self.assertEqual(self.page("held")["count"], 0)

    def test_same_number_under_another_identifier(self) -> None:
        sample = maker.Sample()
        self.status("collectCert", sample.linewell())
        other = maker.Sample(2)
        data = other.linewell() | {"certificateNumber": sample.number}
        self.assertEqual(self.status("collectCert", data), "213")  # the file says another number

    def test_receive(self) -> None:
        sample = maker.Sample()
        self.fault(path="/linewell/api/collectCert", kind="receive", milliseconds=20)
        answer = self.call("collectCert", sample.linewell())
        self.assertEqual(answer["head"]["status"], "1")
        self.assertTrue(wait_until(lambda: bool(self.callback.verdicts)))
        self.assertEqual(self.callback.verdicts[0]["receiptNo"], answer["data"]["receiptNo"])
        found = self.call("queryCertInfo", {"certificateIdentifier": sample.identifier})["data"]["certData"][0]
        self.assertEqual(found["state"], "11")

    def test_every_published_type_has_names(self) -> None:
        self.assertEqual(set(maker.ISSUER.seals), {numbers.TITLE_TYPE, numbers.PROOF_TYPE})


if __name__ == "__main__":
    unittest.main()
