"""Both libraries over HTTP: what they take, what they refuse, and how they misbehave when told to."""

import base64
import http.client
import json
import threading
import unittest
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import urlsplit

from certsandbox import clock, issuers, numbers, sm2, sm3
from certsandbox.books import Books
from certsandbox.epoint import Epoint
from certsandbox.faults import Faults
from certsandbox.http_server import Server
from certsandbox.library import Library
from certsandbox.linewell import Linewell
from certsandbox.seal_judge import SealJudge

from . import maker

ACCESS, CALLER_KEY, SM4_KEY = ("caller", "token"), 0x1234567, bytes(range(16))


def wait_until(condition: Any) -> bool:
    """Whether the condition came true in time."""
    pause = threading.Event()
    for _ in range(500):
        if condition():
            return True
        pause.wait(0.02)
    return False


class _Callback(HTTPServer):
    """Keeps the verdicts that it is sent."""

    def __init__(self) -> None:
        self.verdicts: list[dict[str, Any]] = []
        verdicts = self.verdicts

        class Handler(BaseHTTPRequestHandler):
            """Answers 200."""

            def do_POST(self) -> None:  # noqa: N802
                """Take a verdict."""
                verdicts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()


class LibraryCase(unittest.TestCase):
    """A running library with strict checks."""

    def serve(self, dialect: str, mode: str = "all") -> None:
        self.callback = _Callback()
        self.addCleanup(self.callback.server_close)
        self.addCleanup(self.callback.shutdown)
        library = Library(Books(":memory:"), issuers.load_issuers(issuers.default_issuers_file()),
                          SealJudge(mode, [maker.ROOT]), None, f"http://127.0.0.1:{self.callback.server_address[1]}/")
        application = (Epoint(library, Faults(), "id", "secret") if dialect == "epoint" else
                       Linewell(library, Faults(), *ACCESS, SM4_KEY, sm2.public_key(CALLER_KEY)))
        self.server = Server(application).start()
        self.addCleanup(self.server.stop)
        self.connection = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=30)
        self.addCleanup(self.connection.close)

    def send(self, path: str, body: bytes, content_type: str) -> tuple[int, bytes]:
        self.connection.request("POST", path, body, {"Content-Type": content_type})
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def page(self, name: str) -> dict[str, Any]:
        self.connection.request("GET", f"/sandbox/{name}")
        return json.loads(self.connection.getresponse().read())

    def fault(self, **wish: Any) -> None:
        self.assertEqual(self.send("/sandbox/faults", json.dumps(wish).encode(), "application/json")[0], 200)

    def rules(self) -> list[str]:
        return [v["rule"] for v in self.page("violations")["violations"]]


class EpointTest(LibraryCase):
    """Dialect "epoint"."""

    def setUp(self) -> None:
        self.serve("epoint")
        _, body = self.send("/epoint/rest/token", b"grant_type=client_credentials&client_id=id&client_secret=secret",
                            "application/x-www-form-urlencoded")
        self.token = json.loads(body)["custom"]["access_token"]

    def call(self, name: str, params: dict[str, Any], token: str = "") -> dict[str, Any]:
        _, body = self.send(f"/epoint/rest/cert/{name}?access_token={token or self.token}",
                            json.dumps({"params": params}).encode(), "application/json; charset=UTF-8")
        return json.loads(body)["custom"]

    def attach(self, content: bytes) -> str:
        return self.call("attach", {"filename": "a.ofd", "filesize": len(content), "sm3": sm3.hexdigest(content),
                                    "content": base64.b64encode(content).decode()})["attachguid"]

    def save(self, sample: maker.Sample, **changes: Any) -> dict[str, Any]:
        return self.call("save", sample.epoint(self.attach(sample.content)) | changes)

    def collect(self, sample: maker.Sample) -> str:
        saved = self.save(sample)
        self.assertEqual(saved["code"], "0000", saved)
        return self.call("publish", {"certrowguid": saved["certrowguid"]})["code"]

    def state(self, sample: maker.Sample) -> str:
        found = self.call("query", {"certificateidentifier": sample.identifier})["certinfo"]
        return found[0]["status"] if found else ""

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

    def test_unknown_fault_is_refused(self) -> None:
        self.assertEqual(self.send("/sandbox/faults", b'{"kind":"dance"}', "application/json")[0], 400)


class LinewellTest(LibraryCase):
    """Dialect "linewell"."""

    def setUp(self) -> None:
        self.serve("linewell")

    def raw(self, name: str, body: bytes, content_type: str = "application/json; charset=GB18030") -> dict[str, Any]:
        return json.loads(self.send(f"/linewell/api/{name}", body, content_type)[1].decode("gb18030"))

    def call(self, name: str, data: dict[str, Any], **changes: Any) -> dict[str, Any]:
        return self.raw(name, maker.linewell_body(data, changes.pop("key", CALLER_KEY), SM4_KEY, ACCESS, **changes))

    def status(self, name: str, data: dict[str, Any], **changes: Any) -> str:
        return self.call(name, data, **changes)["head"]["status"]

    def test_collect_query_cancel(self) -> None:
        sample = maker.Sample()
        query = {"certificateIdentifier": sample.identifier}
        self.assertEqual(self.status("queryCertInfo", query), "10")
        self.assertEqual(self.status("collectCert", sample.linewell()), "0")
        self.assertEqual(self.status("collectCert", sample.linewell()), "7")
        found = self.call("queryCertInfo", query)["data"]["certData"][0]
        self.assertEqual((found["state"], found["fileDigest"]), ("12", sm3.hexdigest(sample.content)))
        change = query | {"state": "-5", "reason": "退回", "changeTime": "20260101000000"}
        self.assertEqual(self.status("changeState", change), "0")
        self.assertEqual(self.status("changeState", change), "21")
        self.assertEqual(self.call("queryCertInfo", query)["data"]["certData"][0]["state"], "-5")
        self.assertEqual(self.rules(), [])

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
        self.assertEqual(found["state"], "12")

    def test_every_published_type_has_names(self) -> None:
        self.assertEqual(set(maker.ISSUER.seals), {numbers.TITLE_TYPE, numbers.PROOF_TYPE})


if __name__ == "__main__":
    unittest.main()
