"""The library "epoint" over HTTP: what it takes and refuses, and how it misbehaves when told to."""

import http.client
import json
import socket
import unittest

from certsandbox import clock

from . import maker
from .epoint_case import EpointCase
from .library_case import wait_until


class EpointTest(EpointCase):
    """Dialect "epoint"."""

    def test_collect_query_cancel(self) -> None:
        sample = maker.Sample()
        saved = self.save(sample)
        self.assertEqual(self.state(sample), "处理中")
        self.assertEqual(self.call("publish", {"certrowguid": saved["certrowguid"]})["code"], "0000")
        self.assertEqual(self.state(sample), "正常")
        change = {"certificateidentifier": sample.identifier, "status": "注销", "reason": "退回",
                  "changedate": clock.stamp()}
        self.assertEqual(self.call("status", change)["code"], "0000")
        self.assertEqual(self.call("status", change)["code"], "2012")
        self.assertEqual(self.state(sample), "注销")
        self.assertEqual(self.rules(), [])
        held = self.page("held")["held"]
        self.assertEqual([(h["timesCollected"], h["status"], h["arrival"]) for h in held], [(1, "cancelled", 1)])

    def test_status_changes_are_taken_strictly(self) -> None:
        sample = maker.Sample()
        self.collect(sample)
        change = {"certificateidentifier": sample.identifier, "status": "挂失", "reason": "遗失",
                  "changedate": "2026-02-01 10:00:00"}
        for wrong, rule in (({"status": "冻结"}, "status.value"), ({"changedate": "2026-02-01"}, "date.shape"),
                            ({"relatedidentifier": "豫"}, "status.related"), ({"note": "x"}, "field.unknown")):
            self.assertEqual(self.call("status", change | wrong)["code"], "2002")
            self.assertEqual(self.rules()[-1], rule)
        self.assertEqual(self.call("status", change | {"relatedidentifier": sample.identifier})["code"], "0000")
        self.assertEqual(self.state(sample), "挂失")
        self.assertEqual(self.call("status", change)["code"], "2012")
        back = change | {"status": "正常", "reason": "找回"}
        self.assertEqual(self.call("status", back | {"changedate": "2026-01-31 23:59:59"})["code"], "2002")
        self.assertEqual(self.rules()[-1], "status.order")
        self.assertEqual(self.call("status", back)["code"], "0000")
        self.assertEqual(self.call("status", change | {"status": "注销"})["code"], "0000")
        self.assertEqual(self.call("status", back)["code"], "2002")
        self.assertEqual(self.rules()[-1], "status.after_end")
        held = self.page("held")["held"][0]
        self.assertEqual((held["word"], held["reason"], held["changedAt"], held["related"]),
                         ("注销", "遗失", "20260201100000", ""))

    def test_repetition_exists_and_is_no_violation(self) -> None:
        sample = maker.Sample()
        self.collect(sample)
        self.assertEqual(self.save(sample)["code"], "2006")
        self.assertEqual(self.rules(), [])
        self.assertEqual(self.save(sample, bizno="other")["code"], "2006")
        self.assertEqual(self.rules(), ["identifier.reused"])

    def test_order(self) -> None:
        self.assertEqual(self.save(maker.Sample(version=2))["code"], "2002")
        change = {"certificateidentifier": maker.Sample().identifier, "status": "注销", "reason": "退回",
                  "changedate": clock.stamp()}
        self.assertEqual(self.call("status", change)["code"], "2010")
        self.assertEqual(self.rules(), ["version.order", "status.before_issue"])
        self.assertEqual(self.collect(maker.Sample()), "0000")
        self.assertEqual(self.collect(maker.Sample(version=2)), "0000")
        self.assertEqual([h["status"] for h in self.page("held")["held"]], ["history", "valid"])

    def test_refusals(self) -> None:
        sample = maker.Sample()
        changes = {
            "identifier.check_character": {"certificateidentifier": sample.identifier[:-1] + (
                "0" if sample.identifier[-1] != "0" else "1")},
            "issuer.unknown": {"certawarddeptcode": "91350100M000100Y43"}, "issuer.name": {"certawarddept": "别的局"},
            "issuer.area": {"areacode": "411325000000"}, "area.shape": {"areacode": "411324"},
            "type.unknown": {"tycertcatcode": "11100000MB03271699009"}, "holder.counts": {"certownertype": "1"},
            "citizen_id.check_digit": {"certownerno": "110105194912310021^11411300MB1T000091"},
            "holder.type": {"certownertype": "1^3"}, "date.shape": {"awarddate": "2026-01-01"},
            "date.range": {"awarddate": "0001-01-01 00:00:00"}, "field.missing": {"bizno": ""},
            "field.type": {"version": "1"}, "identifier.parts": {"version": 2},
            "certificate_number.place": {"certno": "豫（2026）内乡县不动产权第0000001号"},
            "certificate_number.kind": {"certno": sample.number.replace("不动产权", "不动产证明")},
            "extension.shape": {"certinfoextension": "x"}, "extension.location": {"certinfoextension": "{}"},
            "file.not_attached": {"attachguid": "nothing"}, "holder.name": {"certownername": "/^示例公司"}}
        for rule, change in changes.items():
            self.assertNotEqual(self.save(sample, **change)["code"], "0000", rule)
            self.assertEqual(self.rules()[-1], rule)
        self.assertEqual(self.page("held")["count"], 0)

    def test_file_is_judged(self) -> None:
        sample = maker.Sample()
        sample.content = maker.Sample(serial=2).content
        self.assertEqual(self.save(sample)["code"], "2007")
        sample.content = maker.pack(maker.sealed_files(the_seal=maker.seal("41132500000001")))
        self.assertEqual(self.save(sample)["code"], "2007")
        sample.content = b"PK\x03\x04"
        self.assertEqual(self.save(sample)["code"], "2007")
        self.assertEqual(self.rules(), ["ofd.metadata", "seal.other_issuer", "ofd.zip"])

    def test_token_charset_and_shape(self) -> None:
        self.assertEqual(self.call("query", {"certificateidentifier": "x"}, "wrong")["code"], "1001")
        path = f"/epoint/rest/cert/query?access_token={self.token}"
        for body, rule in (('{"params":{"certificateidentifier":"张"}}'.encode("gb18030"), "http.charset"),
                           (b'{"params":{"a":1,"a":2}}', "json.shape"), (b"[]", "json.shape"),
                           (b"[" * 100000, "json.shape"), (b'{"params":[]}', "json.envelope")):
            _, answer = self.send(path, body, "application/json")
            self.assertEqual(json.loads(answer)["custom"]["code"], "2002")
            self.assertEqual(self.rules()[-1], rule)

    def test_lost_answer(self) -> None:
        sample = maker.Sample()
        saved = self.save(sample)
        self.fault(path="/epoint/rest/cert/publish", kind="drop-after")
        with self.assertRaises((http.client.HTTPException, ConnectionError)):
            self.call("publish", {"certrowguid": saved["certrowguid"]})
        self.connection.close()
        self.assertEqual(self.state(sample), "正常")
        self.assertEqual(self.call("publish", {"certrowguid": saved["certrowguid"]})["code"], "2012")

    def test_a_body_that_is_cut(self) -> None:
        """Nothing is done with half a request; half an answer hides what was done."""
        for serial, kind, code in ((1, "cut-request", "0000"), (2, "cut-answer", "2012")):
            saved = self.save(maker.Sample(serial))
            self.fault(path="/epoint/rest/cert/publish", kind=kind)
            with self.assertRaises((http.client.HTTPException, ConnectionError)):
                self.call("publish", {"certrowguid": saved["certrowguid"]})
            self.connection.close()
            self.assertEqual(self.call("publish", {"certrowguid": saved["certrowguid"]})["code"], code)
        rows = self.server.application.books.rows("SELECT kind FROM misdeeds ORDER BY id")
        self.assertEqual(["cut-request", "cut-answer"], [row["kind"] for row in rows])

    def test_faults_without_acting(self) -> None:
        saved = self.save(maker.Sample())
        for kind in ("down", "drop-before"):
            self.fault(path="/epoint/rest/cert/publish", kind=kind)
            with self.assertRaises((http.client.HTTPException, ConnectionError)):
                self.call("publish", {"certrowguid": saved["certrowguid"]})
            self.connection.close()
            self.assertEqual(self.state(maker.Sample()), "处理中")
        for kind, code in (("busy", "3000"), ("throttle", "3001"), ("unknown-code", "8888")):
            self.fault(path="/epoint/rest/cert/publish", kind=kind)
            self.assertEqual(self.call("publish", {"certrowguid": saved["certrowguid"]})["code"], code)
        self.fault(path="/epoint", kind="fail")
        self.assertEqual(self.send("/epoint/rest/cert/query", b"", "application/json")[0], 500)
        self.assertEqual(self.state(maker.Sample()), "处理中")

    def test_half_a_body_is_not_acted_on(self) -> None:
        before = self.rules()
        with socket.create_connection((self.connection.host, self.connection.port)) as caller:
            caller.sendall(f"POST /epoint/rest/cert/save?access_token={self.token} HTTP/1.1\r\nHost: a\r\n"
                           "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"params\":".encode())
            caller.shutdown(socket.SHUT_WR)
            self.assertEqual(b"", caller.recv(100))
        self.assertEqual(before, self.rules())

    def test_act_late(self) -> None:
        saved = self.save(maker.Sample())
        self.fault(path="/epoint/rest/cert/publish", kind="act-late", milliseconds=50)
        with self.assertRaises((http.client.HTTPException, ConnectionError)):
            self.call("publish", {"certrowguid": saved["certrowguid"]})
        self.connection.close()
        self.assertTrue(wait_until(lambda: self.state(maker.Sample()) == "正常"))

    def test_receive_and_reject_late(self) -> None:
        for serial, kind, code, state in ((1, "receive", "0000", "正常"), (2, "reject-late", "2007", "")):
            sample = maker.Sample(serial)
            saved = self.save(sample)
            self.fault(path="/epoint/rest/cert/publish", kind=kind, milliseconds=20)
            answer = self.call("publish", {"certrowguid": saved["certrowguid"]})
            self.assertEqual(answer["code"], "0001")
            self.assertTrue(wait_until(lambda: len(self.callback.verdicts) == serial))
            self.assertEqual(self.callback.verdicts[-1]["code"], code)
            self.assertEqual(self.callback.verdicts[-1]["receiptno"], answer["receiptno"])
            self.assertEqual(self.state(sample), state)

    def test_receive_decides_before_the_answer_or_when_told(self) -> None:
        saved = self.save(maker.Sample())
        self.fault(path="/epoint/rest/cert/publish", kind="receive", milliseconds=0)
        answer = self.call("publish", {"certrowguid": saved["certrowguid"]})
        self.assertEqual([v["receiptno"] for v in self.callback.verdicts], [answer["receiptno"]])
        saved = self.save(maker.Sample(2))
        self.fault(path="/epoint/rest/cert/publish", kind="receive", milliseconds=-1)
        receipt = self.call("publish", {"certrowguid": saved["certrowguid"]})["receiptno"]
        self.assertEqual(len(self.callback.verdicts), 1)
        self.assertEqual(self.state(maker.Sample(2)), "处理中")
        self.assertIn(receipt, [row["receipt"] for row in self.page("receipts")["receipts"]])
        for accept, code in ((True, "0000"), (True, "0000"), (False, "2007")):
            wish = json.dumps({"receipt": receipt, "accept": accept}).encode()
            status, text = self.send("/sandbox/receipts", wish, "application/json")
            self.assertEqual((status, json.loads(text)), (200, {"answered": 200}))
            self.assertEqual(self.callback.verdicts[-1]["code"], code)
        self.assertEqual(self.send("/sandbox/receipts", b'{"receipt":"none"}', "application/json")[0], 400)

    def test_unknown_fault_is_refused(self) -> None:
        self.assertEqual(self.send("/sandbox/faults", b'{"kind":"dance"}', "application/json")[0], 400)


if __name__ == "__main__":
    unittest.main()
