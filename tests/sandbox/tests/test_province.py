"""The provincial platform: what it refuses, what it remembers, and its transports."""

import hashlib
import http.client
import json
import subprocess
import tempfile
import time
import unittest
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from certsandbox import rsa
from certsandbox.books import Books
from certsandbox.faults import Faults
from certsandbox.http_server import Server
from certsandbox.province import Province
from certsandbox.province_judge import judge
from certsandbox.province_servers import FrontEnd, ProvinceSite
from certsandbox.province_tables import tables_of

UNIT = "990101001001GB00001F00010002"
HEAD = {"BizMsgID": "", "ASID": "AS100", "AreaCode": "990101", "RecType": "4000101", "RightType": "4", "RegType": "400",
        "CreateDate": "2024-03-18T10:30:18", "RecFlowID": "20240318000123", "RegOrgID": "示例市不动产登记中心",
        "ParcelID": UNIT[:19], "EstateNum": UNIT}
ROWS = [f'<QLF_QL_ZXDJ YSDM="6003" BDCDYH="{UNIT}" YWH="20240318000123" ZXYWH="20240318000123" ZXSJ="2024-03-18T10:30:18"'
        ' QXDM="990101" DJJG="中心" DBR="登簿员" DJSJ="2024-03-18T10:30:18"/>',
        '<DJT_DJ_SLSQ YSDM="6004" YWH="20240318000123" DJDL="400" SQZSBS="0" SQFBCZ="0" QXDM="990101" SLRY="受理员"'
        ' SLSJ="2024-03-15T09:12:00"/>',
        '<DJF_DJ_SQR YWH="20240318000123" YSDM="6004" QLRMC="测试甲" QLRZJZL="1" QXDM="990101"/>']


class Signer:
    """A key of the openssl command, which signs independently of what is tested."""

    def __init__(self, folder: Path) -> None:
        self.private, self.public = folder / "private.pem", folder / "public.pem"
        for command in (["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024", "-out", self.private],
                        ["pkey", "-in", self.private, "-pubout", "-out", self.public]):
            subprocess.run(["openssl", *command], check=True, capture_output=True)

    def sign(self, text: str, number: str) -> bytes:
        """The bytes that are sent."""
        digest = hashlib.md5(text.encode()).digest()
        signature = subprocess.run(["openssl", "dgst", "-sha1", "-sign", self.private], input=digest, check=True,
                                   capture_output=True).stdout.hex()
        return text.replace("<BizMsgID></BizMsgID>", f"<BizMsgID>{number}</BizMsgID>\r\n<DigitalSign>{signature}"
                            "</DigitalSign>").encode()


def document(head: dict[str, str] | None = None, rows: list[str] | None = None) -> str:
    """The text of a message without number and signature."""
    fields = "".join(f"<{name}>{text}</{name}>\n" for name, text in {**HEAD, **(head or {})}.items())
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<Message>\n<Head>\n' + fields + "</Head>\n<Data>\n"
            + "\n".join(ROWS if rows is None else rows) + "\n</Data>\n</Message>\n")


class VectorTest(unittest.TestCase):
    """Messages that the openssl command signed (vectors/provincial-signature/sign.sh); the plugin makes the same bytes."""

    folder = Path(__file__).parents[1] / "vectors" / "provincial-signature"

    def test_each_is_taken_and_no_byte_may_change(self) -> None:
        """With and without a line end behind the last element."""
        key = rsa.load_public_key(self.folder / "test-key-public.pem")
        for name, digest in (("message", "9e6b0b46f08bb73f7b75d284f2c5c657"),
                             ("message-open-end", "ee51fe35f71b61e6d60994e5c3f2310f")):
            with self.subTest(name):
                self.assertEqual(hashlib.md5((self.folder / f"{name}.xml").read_bytes()).hexdigest(), digest)
                content = (self.folder / f"{name}-signed.xml").read_bytes()
                self.assertEqual(judge(content, tables_of("v1"), key).findings, [])
                changes = {"no CR": content.replace(b"\r\n", b"\n"), "CR LF throughout": content.replace(b">\n<", b">\r\n<"),
                           "one LF more": content + b"\n", "one LF less": content.rstrip(b"\n"),
                           "another number": content.replace(b"8000001<", b"8000002<")}
                refused = {change for change, changed in changes.items() if judge(changed, tables_of("v1"), key).signature_wrong}
                harmless = {"another number"} | ({"one LF less"} if name.endswith("open-end") else set())
                self.assertEqual(changes.keys() - refused, harmless)


class SignedTest(unittest.TestCase):
    """Has a folder and a signer, for all of its tests."""

    folder: Path
    signer: Signer

    @classmethod
    def setUpClass(cls) -> None:
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.folder = Path(holder.name)
        cls.signer = Signer(cls.folder)


class ProvinceTest(SignedTest):
    """Section 5 of interfaces.md."""

    def setUp(self) -> None:
        books = Books(":memory:")
        self.addCleanup(books.close)
        self.key = rsa.load_public_key(self.signer.public)
        self.province = Province(books, tables_of("v1"), self.key)

    def message(self, sequence: int = 1, **head: str) -> tuple[str, bytes]:
        """Name and bytes of a good message: each of another right of the case."""
        number = f"990101240318{sequence:06}"
        head = {"RecFlowID": f"20240318000123-{sequence}", **head}
        return f"Biz{number}.xml", self.signer.sign(document(head), number)

    def test_a_good_message_is_taken_once(self) -> None:
        name, content = self.message()
        self.assertTrue(self.province.take(name, content).accepted)
        self.assertTrue(self.province.take(name, content).accepted)
        rows = self.province.page("/sandbox/messages")["messages"]
        self.assertEqual([(row["number"], row["times"]) for row in rows], [("990101240318000001", 2)])

    def test_another_content_under_a_number_is_refused(self) -> None:
        name, content = self.message()
        self.province.take(name, content)
        verdict = self.province.take(name, self.message(RegOrgID="另一个")[1])
        self.assertIn("编号重复", verdict.details)

    def test_each_mistake_is_found(self) -> None:
        good = document()
        wrong = {
            "元素 ASID 缺失": good.replace("<ASID>AS100</ASID>\n", ""),
            "元素 EstateNum 赋值非法": good.replace(f"<EstateNum>{UNIT}", "<EstateNum>99"),
            "元素 AreaCode 冗余或重复": good.replace("<ASID>", "<AreaCode>990101</AreaCode><ASID>"),
            "顺序不正确": document(rows=[ROWS[1], ROWS[0], ROWS[2]]),
            "元素 DJF_DJ_SQR 缺失": document(rows=ROWS[:2]),
            "元素 QLF_QL_ZXDJ 缺失,冗余或重复": document(rows=[ROWS[0], *ROWS]),
            "元素 ZTT_GY_QLR 冗余": document(rows=["<ZTT_GY_QLR/>", *ROWS]),
            "属性 SLRY 缺失": good.replace(' SLRY="受理员"', ""),
            "属性 DBR 为空": good.replace('DBR="登簿员"', 'DBR=""'),
            "要求最大长度为：6位": good.replace('QXDM="990101"', 'QXDM="9901010"'),
            "属性 COLOUR 冗余": good.replace("<DJF_DJ_SQR", '<DJF_DJ_SQR COLOUR="1"'),
            "类型不正确": good.replace('SQZSBS="0"', 'SQZSBS="one"'),
            "不是时间": good.replace('SLSJ="2024-03-15', 'SLSJ="2024-02-31'),
            "与 RecFlowID 不一致": good.replace("<RecFlowID>2", "<RecFlowID>3"),
            "RegType 与 RecType 不一致": good.replace("<RegType>4", "<RegType>3"),
            "不在业务编码表内": good.replace("<RecType>4000101", "<RecType>4000109"),
            "报文结构不正确": good.replace("Message>", "Messages>"),
            "无 BOM": "\ufeff" + good,
            "DTD": good.replace("<Message>", "<!DOCTYPE Message><Message>"),
            "不是合法的 XML": good.replace("</Data>", "")}
        for words, text in wrong.items():
            with self.subTest(words):
                found = judge(self.signer.sign(text, "990101240318000001"), tables_of("v1"), self.key).findings
                self.assertTrue(any(words in finding for finding in found), found)

    def test_a_signature_is_over_every_byte_but_the_number(self) -> None:
        name, content = self.message()
        for changed in (content.replace(b"\n<Data>", b"\r\n<Data>"), content.replace(b"AS100", b"AS100 "),
                        content.replace(b"\r\n<Digital", b"\n<Digital"), content.replace("登簿员".encode(), "登簿圆".encode())):
            self.assertTrue(judge(changed, tables_of("v1"), self.key).signature_wrong)
        other = content.replace(b"990101240318000001", b"990101240318000002")
        self.assertFalse(judge(other, tables_of("v1"), self.key).signature_wrong)
        self.assertEqual(self.province.take(name, content.replace(b"</Message>\n", b"</Message>")).code, "2040")

    def test_a_name_that_is_not_the_number_is_refused(self) -> None:
        self.assertIn("文件名", self.province.take("Biz990101240318000009.xml", self.message()[1]).details)

    def test_missing_numbers_are_listed(self) -> None:
        for sequence in (1, 4, 2):
            self.province.take(*self.message(sequence))
        self.assertEqual(self.province.page("/sandbox/gaps"), {"gaps": ["990101240318000003"]})

    def test_a_right_that_comes_again_is_refused(self) -> None:
        self.assertTrue(self.province.take(*self.message(1)).accepted)
        for sequence, flow in ((2, "20240318000123-1"), (3, "20240318000123")):
            self.assertIn("业务数据重复", self.province.take(*self.message(sequence, RecFlowID=flow)).details)
        update = "990101240318000001BL"
        self.assertTrue(self.province.take(f"Biz{update}.xml", self.signer.sign(
            document({"RecFlowID": "20240318000123-1"}), update)).accepted)
        self.assertEqual(2, self.province.page("/sandbox/violations")["count"])

    def test_a_number_that_cannot_be_is_refused(self) -> None:
        for number in ("990101240318000000", "990101240230000001", "990101241318000001"):
            verdict = self.province.take(f"Biz{number}.xml", self.signer.sign(document(), number))
            self.assertIn("日期或序号不存在", verdict.details)

    def test_a_suffix_is_no_number_of_the_day(self) -> None:
        self.assertTrue(self.province.take(*self.message(1)).accepted)
        late = "990101240318000007BBXZ"
        self.province.take(f"Biz{late}.xml", self.signer.sign(document({"RecFlowID": "20240318000123-7"}), late))
        self.assertEqual(self.province.page("/sandbox/gaps"), {"gaps": []})

    def test_it_refuses_on_request_and_rejects_late(self) -> None:
        self.province.command("/sandbox/refuse", {"unit": UNIT, "words": "业务数据重复"})
        self.assertFalse(self.province.take(*self.message(1)).accepted)
        self.assertTrue(self.province.take(*self.message(2)).accepted)
        self.province.command("/sandbox/refuse", {"unit": "*", "words": "任意"})
        self.assertEqual("任意", self.province.take(*self.message(3)).words)
        self.assertTrue(self.province.take(*self.message(4)).accepted)
        self.province.due()
        self.assertTrue(self.province.reject_late("990101240318000002", ""))
        self.assertFalse(self.province.reject_late("990101240318000002", ""))
        self.assertEqual([(v.number, v.accepted) for v in self.province.due()], [("990101240318000002", False)])

    def test_the_front_end_takes_whole_files_and_answers_by_name(self) -> None:
        area = self.folder / "drop" / "990101"
        (area / "BizMsg").mkdir(parents=True)
        name, content = self.message()
        (area / "BizMsg" / (name + ".tmp")).write_bytes(content[:100])
        front = FrontEnd(self.province, self.folder / "drop")
        front.step()
        self.assertEqual(self.province.page("/sandbox/messages"), {"messages": []})
        (area / "BizMsg" / name).write_bytes(content)
        front.step()
        self.assertFalse((area / "BizMsg" / name).exists())
        response = (area / "RepMsg" / "Rep990101240318000001.xml").read_text("utf-8")
        self.assertIn("<SuccessFlag>1</SuccessFlag>", response)
        self.assertIn("<ResponseCode>0000</ResponseCode>", response)

    def test_over_http_the_answer_may_come_later(self) -> None:
        late = Province(Books(":memory:"), tables_of("v1"), self.key, delay=0.2)
        server = Server(ProvinceSite(late, Faults())).start()
        self.addCleanup(server.stop)
        name, content = self.message()
        self.assertEqual(self.ask(server, "POST", f"/province/exchange/{name}", content)["code"], 1)
        deadline = time.monotonic() + 10
        while self.ask(server, "POST", f"/province/exchange/{name}", content)["code"] != 2:
            self.assertLess(time.monotonic(), deadline)

    def ask(self, server: Server, method: str, path: str, body: bytes = b"") -> dict[str, Any]:
        """One request; its JSON."""
        address = urlsplit(server.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
        connection.request(method, path, body)
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return answer


if __name__ == "__main__":
    unittest.main()
