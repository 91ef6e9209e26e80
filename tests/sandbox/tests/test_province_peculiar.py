"""Provinces with peculiarities: each is as strict as a plain one, and takes what is made for it alone."""

import contextlib
import io
import unittest
from collections.abc import Callable
from pathlib import Path

from certsandbox import cli, rsa
from certsandbox.books import Books
from certsandbox.faults import Faults
from certsandbox.http_server import Request
from certsandbox.province import Province, Verdict
from certsandbox.province_daily_judge import judge_daily
from certsandbox.province_judge import judge
from certsandbox.province_peculiar import province_of, read
from certsandbox.province_servers import ProvinceSite
from certsandbox.province_tables import Tables, tables_of

from .test_province import HEAD, ROWS, UNIT, SignedTest, document
from .test_province_daily import SENT, log

SHIPPED = Path(__file__).parents[1] / "certsandbox" / "province_facts" / "peculiarities"
GOLDEN = Path(__file__).parents[3] / "plugins" / "provincial_platform" / "tests" / "golden"
NUMBER = "990101240318000001"
Change = Callable[[str], str]


def province(*lines: str) -> Tables:
    """One of the first generation."""
    return read(["of v1", *lines], "v1")


def findings(text: str, tables: Tables) -> list[str]:
    """What is wrong with a text without number and signature; the signature is not looked at."""
    numbered = text.replace("<BizMsgID></BizMsgID>", f"<BizMsgID>{NUMBER}</BizMsgID><DigitalSign>{'0' * 256}</DigitalSign>")
    return judge(numbered.encode(), tables, None).findings


def instead(old: str, new: str) -> Change:
    """Another text in place of the first one of its kind."""
    return lambda text: text.replace(old, new, 1)


def with_head(**fields: str) -> str:
    return document({**HEAD, **fields})


POINT = '<KTT_GY_JZD ZDZHDM="1" YSDM="1" JZDH="1" JBLX="1" JZDLX="1" BSM="1"/>'

# Line, the message of the generation, what this province wants instead, what it says of the first, what a plain one says of the second.
PECULIARITIES: list[tuple[str, str, Change, str, str]] = [
    ("called QLF_QL_ZXDJ.DBR DENGBUREN", document(), instead("DBR=", "DENGBUREN="), "属性 DENGBUREN 缺失", "属性 DENGBUREN 冗余"),
    ("called QLF_QL_ZXDJ BDC_ZX", document(), instead("<QLF_QL_ZXDJ", "<BDC_ZX"), "元素 QLF_QL_ZXDJ 冗余", "元素 BDC_ZX 冗余"),
    ("attribute DJF_DJ_SQR.SYWH must text(4)", document(), instead('QLRMC="', 'SYWH="1" QLRMC="'), "属性 SYWH 缺失", "属性 SYWH 冗余"),
    ("attribute DJF_DJ_SQR.YSDM never", document(), instead('YSDM="6004" QLRMC', "QLRMC"), "属性 YSDM 冗余", "属性 YSDM 缺失"),
    ("attribute QLF_QL_ZXDJ.DBR form=[A-Z]+", document(), instead('"登簿员"', '"DBY"'), "格式不正确", ""),
    ("attribute QLF_QL_ZXDJ.DBR text(2)", document(), instead("登簿员", "登簿"), "最大长度为：2位", ""),
    ("attribute DJF_DJ_SQR.ZKHYSJE may decimal", document(rows=[*ROWS[:2], ROWS[2].replace("/>", ' ZKHYSJE="x"/>')]), instead('"x"', '"1.5"'),
     "类型不正确", "属性 ZKHYSJE 冗余"),
    ("list ZJZLZD is A1 A2", document(), instead('QLRZJZL="1"', 'QLRZJZL="A1"'), "不在枚举范围内", "不在枚举范围内"),
    ("list ZJZLZD adds A1", document(), instead('QLRZJZL="1"', 'QLRZJZL="A1"'), "", "不在枚举范围内"),
    ("table DJF_DJ_SQR before DJT_DJ_SLSQ", document(), lambda text: document(rows=[ROWS[0], ROWS[2], ROWS[1]]), "顺序不正确", "顺序不正确"),
    ("message 4000101 DJF_DJ_SQR=never", document(), instead(ROWS[2], ""), "元素 DJF_DJ_SQR 冗余", "元素 DJF_DJ_SQR 缺失"),
    ("message 4000101 KTT_GY_JZD=some", document(), lambda text: document(rows=[POINT, *ROWS]),
     "元素 KTT_GY_JZD 缺失", "元素 KTT_GY_JZD 冗余"),
    ("stand-in 无", document().replace("登簿员", "/"), instead('DBR="/"', 'DBR="无"'), "无值时应为“无”", "无值时应为“/”"),
    ("stand-in 无", with_head(PreEstateNum="/"), instead("<PreEstateNum>/", "<PreEstateNum>无"), "PreEstateNum 赋值非法", "PreEstateNum 赋值非法"),
    ("between ;", with_head(PreCertID="甲,乙"), instead("甲,乙", "甲;乙"), "PreCertID 赋值非法", "PreCertID 赋值非法"),
    ("times +08:00", document(), lambda text: text.replace('10:30:18"', '10:30:18+08:00"').replace('09:12:00"', '09:12:00+08:00"'),
     "时间应以“+08:00”结尾", ""),
    ("times bare", document().replace('09:12:00"', '09:12:00+08:00"'), instead("+08:00", ""), "时间应以“”结尾", ""),
    ("head ASID must ST100", document(), instead("AS100", "ST100"), "元素 ASID 赋值非法", "元素 ASID 赋值非法"),
    ("head IsRoutine must [01]", document(), instead("<ASID>", "<IsRoutine>1</IsRoutine><ASID>"), "元素 IsRoutine 缺失", "元素 IsRoutine 冗余"),
    ("head RegOrgID never", document(), instead(f"<RegOrgID>{HEAD['RegOrgID']}</RegOrgID>", ""), "元素 RegOrgID 冗余", "元素 RegOrgID 缺失"),
    ("head AreaCode must 990000", document(), instead("<AreaCode>990101", "<AreaCode>990000"), "元素 AreaCode 赋值非法", "AreaCode 与 EstateNum 不一致"),
    ("head RightType must 24 of 4000101", document(), instead("<RightType>4", "<RightType>24"), "元素 RightType 赋值非法", ""),
    ("message 4000199 right=QLF_QL_ZXDJ DJT_DJ_SLSQ=once DJF_DJ_SQR=some", document(), instead("4000101", "4000199"), "", "不在业务编码表内")]


class PeculiaritiesTest(unittest.TestCase):
    """Each kind for itself."""

    def test_what_is_made_for_the_one_is_refused_by_the_other(self) -> None:
        for line, usual, change, of_usual, of_peculiar in PECULIARITIES:
            with self.subTest(line):
                changed = change(usual)
                self.assertNotEqual(usual, changed)
                self.found(findings(usual, province(line)), of_usual)
                self.assertEqual([], findings(changed, province(line)))
                self.found(findings(changed, tables_of("v1")), of_peculiar)

    def found(self, said: list[str], words: str) -> None:
        """Nothing where there are no words: what is optional there is no mistake."""
        self.assertEqual(bool(said), bool(words), said)
        self.assertTrue(not words or any(words in finding for finding in said), said)

    def test_places_of_decimals(self) -> None:
        rows = [*ROWS, '<DJF_DJ_SJ YWH="20240318000123" SJLX="1" SJMC="x" SJSL="1" YS="1" QXDM="990101" A="1.50" B="1.5000"/>']
        lines = ["attribute DJF_DJ_SJ.A may decimal", "attribute DJF_DJ_SJ.B may decimal(4)"]
        text = document(rows=[ROWS[0], ROWS[1], rows[3], ROWS[2]])
        self.assertEqual([], findings(text, province("places 2", *lines)))
        self.assertEqual(["元素 DJF_DJ_SJ 属性 A 赋值非法,原因：应有3位小数"], findings(text, province("places 3", *lines)))
        self.assertEqual(["元素 DJF_DJ_SJ 属性 B 赋值非法,原因：应有4位小数"],
                         findings(text.replace("1.5000", "1.50"), province("places 2", *lines)))

    def test_lines_are_made_in_their_order_and_leave_the_generation_alone(self) -> None:
        made = province("called DJF_DJ_SQR SQR", "called SQR.QLRMC XM", "attribute SQR.XM text(2)", "# a remark", "", "list X is 1 # more")
        self.assertEqual(2, made.attributes["SQR"]["XM"].length)
        self.assertEqual("+", made.messages["4000101"]["SQR"])
        self.assertIn("DJF_DJ_SQR", tables_of("v1").attributes)
        self.assertEqual([], findings(document(), tables_of("v1")))

    def test_what_cannot_be_done_is_told_with_its_line(self) -> None:
        wrong = {"of v2": "peculiarities of v2", "colour red": "colour is none of stand-in", "stand-in": "too few",
                 "head IsRoutine": "too few", "head IsRoutine must": "must or may have a form", "head X never": "there is such a field",
                 "head X must 1 of 4000101": "a field that is there", "head ASID must 1 of 123": "no RecType 123", "head ASID must (": "",
                 "attribute QLF_QL_ZXDJ must": "TABLE.ATTRIBUTE", "attribute NO.A must text": "no table NO",
                 "attribute *.NO must": "no table has NO", "attribute QLF_QL_ZXDJ.NO never": "no attribute NO",
                 "attribute QLF_QL_ZXDJ.NO must": "has no type", "attribute QLF_QL_ZXDJ.DBR list=NO": "no list NO",
                 "attribute QLF_QL_ZXDJ.DBR text(x)": "says nothing", "table NEW behind NO": "no other table NO", "table NEW behind": "too few",
                 "table NEW behind ZTT_GY_QLR": "has no attributes", "message 4000101 NO=some": "no table NO",
                 "message 4000101 DJF_DJ_SQR": "needs =", "message 4000101 DJF_DJ_SQR=often": "often is none of",
                 "message 4000101 KTT_FW_H=never": "no KTT_FW_H anyway", "message 4000101 QLF_QL_ZXDJ=any": "is the right",
                 "message 4000101 right=QLF_QL_ZXDJ": "no new RecType", "message 9 DJF_DJ_SQR=any": "no RecType 9",
                 "list NO adds 1": "no list NO", "list ZJZLZD 1": "adds codes or is", "places many": "", "times noon": "times are",
                 "numbers always=X": "always is none of late, again-before-log", "says hello=1": "hello is none of accepted",
                 "called NO X": "no table NO", "called QLF_QL_ZXDJ.DBR YWH": "and YWH is not"}
        for line, reason in wrong.items():
            with self.subTest(line), self.assertRaises(ValueError) as raised:
                province("", line)
            self.assertRegex(str(raised.exception), f"^peculiarities(:3)?: .*{reason}")
        with self.assertRaisesRegex(ValueError, ":1: the first line says of which generation"):
            read(["places 3"], "v1")


class NumbersTest(SignedTest):
    """Numbers of repeated messages, and codes."""

    def province(self, *lines: str) -> Province:
        """Its books are new; the log of each day was accepted once `logged` says so."""
        books = Books(":memory:")
        self.addCleanup(books.close)
        made = Province(books, province(*lines), rsa.load_public_key(self.signer.public))
        self.logged = "none"
        made.logged = lambda area, day: self.logged
        return made

    def send(self, to: Province, number: str, revision: int, accept: bool = True) -> Verdict:
        if not accept:
            to.refuse(UNIT, "按要求退回")
        return to.take(f"Biz{number}.xml", self.signer.sign(document({"RegOrgID": f"中心{revision}"}), number))

    def test_other_suffixes(self) -> None:
        made = self.province("numbers late=_BBXZ again=_CBXZ update=GX")
        self.logged = "accepted"
        self.assertIn("后缀应为“_BBXZ”", self.send(made, NUMBER, 1).details)
        made = self.province("numbers late=_BBXZ again=_CBXZ update=GX")
        self.logged = "accepted"
        self.assertIn("元素 BizMsgID 赋值非法", self.send(made, NUMBER + "BBXZ", 2).details)
        made = self.province("numbers late=_BBXZ again=_CBXZ update=GX")
        self.logged = "accepted"
        self.assertEqual("按要求退回", self.send(made, NUMBER + "_BBXZ", 3, accept=False).words)
        self.assertIn("后缀应为“_CBXZ”", self.send(made, NUMBER, 4).details)
        self.assertTrue(self.send(made, NUMBER + "_CBXZ", 5).accepted)
        self.assertIn("原编号加 GX", self.send(made, NUMBER + "_CBXZ", 6).details)
        self.assertTrue(self.send(made, NUMBER + "GX", 7).accepted)
        self.assertEqual({"gaps": []}, made.page("/sandbox/gaps"))

    def test_new_numbers(self) -> None:
        made = self.province("numbers late=new again-before-log=new again=new update=new")
        first, second, third, fourth = (f"990101240318{n:06}" for n in range(1, 5))
        self.assertEqual("按要求退回", self.send(made, first, 1, accept=False).words)
        self.assertIn("应使用新的报文编号", self.send(made, first, 2).details)
        self.assertTrue(self.send(made, second, 3).accepted)
        self.assertTrue(self.send(made, third, 4).accepted)
        other = {"RecFlowID": HEAD["RecFlowID"] + "-1"}
        self.assertIn("业务数据重复", made.take(f"Biz{fourth}.xml", self.signer.sign(document(other), fourth)).details)

    def test_numbers_of_its_daily_logs(self) -> None:
        update = {**SENT, "BWID": NUMBER + "GX"}
        text = self.signer.sign(log([update]), NUMBER)
        self.assertEqual("0200", judge_daily(text, None, province("numbers update=GX").ways.numbers).code)
        self.assertEqual("04008", judge_daily(text, None).code)

    def test_codes_of_its_answers(self) -> None:
        made = self.province("says accepted=1 wrong=E0 signature=E9 at-once-received=10 at-once-accepted=200 at-once-rejected=NO at-once-busy=30")
        wrong, taken = (self.send(made, NUMBER, n, accept) for n, accept in ((1, False), (2, True)))
        self.assertEqual(["E0", "1"], [wrong.code, taken.code])
        self.assertEqual("E9", made.take(f"Biz{NUMBER}BL.xml", self.signer.sign(document(), NUMBER + "BL").replace("登簿员".encode(), b"x")).code)
        site, content = ProvinceSite(made, Faults()), self.signer.sign(document({"RegOrgID": "中心1"}), NUMBER)
        self.assertIn(b'"code": "NO"', site.handle(Request("POST", f"/province/exchange/Biz{NUMBER}.xml", {}, {}, content)).body)
        self.assertIn(b'"code": 30', site.odd_answer("busy").body)


class ShippedTest(unittest.TestCase):
    """The peculiarities that come with the sandbox, and the patches that the plugin is tested with: two descriptions of the same
    provinces, written from both sides."""

    pairs = {"invented": "example-patch", "renamed": "renamed", "geometry": "geometry"}

    def test_each_takes_what_its_patch_makes_and_nothing_else(self) -> None:
        self.assertEqual(set(self.pairs), {path.stem for path in SHIPPED.glob("*.txt")})
        for name, patch in self.pairs.items():
            own = province_of("v1", SHIPPED / f"{name}.txt")
            made = sorted((GOLDEN / patch).glob("*.xml"))
            self.assertGreaterEqual(len(made), 2)
            for path in made:
                with self.subTest(name, message=path.name):
                    self.assertEqual([], findings(path.read_text("utf-8"), own))
                    self.assertNotEqual([], findings(path.read_text("utf-8"), tables_of("v1")))
            for path in sorted((GOLDEN / "v1").glob("*.xml")):
                with self.subTest(name, plain=path.name):
                    self.assertEqual([], findings(path.read_text("utf-8"), tables_of("v1")))
                    self.assertNotEqual([], findings(path.read_text("utf-8"), own))

    def test_each_line_makes_a_difference(self) -> None:
        for path in sorted(SHIPPED.glob("*.txt")):
            lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
            for line in lines[1:]:
                with self.subTest(path.name, line=line):
                    self.assertTrue(self.differs(lines, [one for one in lines if one is not line]))

    def differs(self, lines: list[str], fewer: list[str]) -> bool:
        """Whether it is another province, or none at all, without one of the lines."""
        try:
            one, other = read(lines, "v1"), read(fewer, "v1")
            return one != other or list(one.attributes) != list(other.attributes)
        except ValueError:
            return True

    def test_the_command_judges_by_them(self) -> None:
        message = Path(__file__).parents[1] / "vectors" / "provincial-signature" / "message-signed.xml"
        for more, code, words in (([], 0, ""), (["--peculiarities", str(SHIPPED / "renamed.txt")], 1, "AreaCode 赋值非法")):
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                self.assertEqual(code, cli.main(["province", "verify", "--generation", "v1", *more, str(message)]))
            self.assertIn(words, said.getvalue())


if __name__ == "__main__":
    unittest.main()
