"""Daily logs of the provincial platform: what it refuses, what it remembers, and its transports."""

import datetime
import unittest

from certsandbox import clock, rsa
from certsandbox.books import Books
from certsandbox.faults import Faults
from certsandbox.http_server import Request
from certsandbox.province import Province
from certsandbox.province_daily import DailyFront, DailyLogs, DailySite
from certsandbox.province_daily_judge import COUNTS
from certsandbox.province_servers import ProvinceSite
from certsandbox.province_tables import tables_of
from .test_province import UNIT, SignedTest, document

NUMBER = "990101240318000001"
SENT = {"YWH": "20240318000123", "DJLX": "400", "QLLX": "4", "BDCDYH": UNIT, "ZSZMH": "", "SFSB": "1", "BWID": NUMBER}


def info(name: str, rows: list[dict[str, str]]) -> str:
    """A total of rows."""
    kinds = [row["DJLX"] for row in rows]
    values = {"totalNum": len(rows), **{one: kinds.count(kind) for one, kind in COUNTS.items()},
              "businessTypeCount": len(set(kinds))}
    return f"<{name}" + "".join(f' {one}="{value}"' for one, value in values.items()) + "/>"


def rows_text(name: str, row: str, rows: list[dict[str, str]], attributes: list[str]) -> str:
    """A list of rows."""
    lines = [f"<{row}" + "".join(f' {one}="{values[one]}"' for one in attributes) + "/>" for values in rows]
    return f'<{name} totalNum="{len(rows)}">' + "".join(lines) + f"</{name}>"


def log(rows: list[dict[str, str]], version: int = 1, day: str = "20240318") -> str:
    """A log's text without number and signature; what has a number was sent."""
    sent = [row for row in rows if row["BWID"]]
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<AccessLogs>\n<AccessLog>\n<BizMsgID></BizMsgID>\n<AreaCode>990101</AreaCode>\n'
            f"<AreaName>示例区</AreaName>\n<AccessDate>{day}</AccessDate>\n<Remark>{version}</Remark>\n"
            + info("RegisterInfo", rows) + info("AccessInfo", sent) + rows_text("RegisterList", "Register", rows, list(SENT))
            + rows_text("AccessList", "Access", sent, ["YWH", "BDCDYH", "BWID"]) + "</AccessLog>\n</AccessLogs>\n")


class ProvinceDailyTest(SignedTest):
    """Section 5 of interfaces.md."""

    def setUp(self) -> None:
        self.books = Books(":memory:")
        self.addCleanup(self.books.close)
        self.key = rsa.load_public_key(self.signer.public)
        self.province = Province(self.books, tables_of("v1"), self.key)
        self.logs = DailyLogs(self.books, self.key)
        self.assertTrue(self.province.take(f"Biz{NUMBER}.xml", self.signer.sign(document(), NUMBER)).accepted)

    def send(self, text: str, version: int = 1, day: str = "240318") -> str:
        """The code that is answered to it."""
        number = f"990101{day}{version:06}"
        return self.logs.take(f"Log{number}.xml", self.signer.sign(text, number)).code

    def test_a_good_log_is_accepted_and_known_again(self) -> None:
        self.assertEqual(self.send(log([SENT])), "0200")
        self.assertEqual(self.send(log([SENT])), "0200")
        row, = self.logs.page("/sandbox/daily-logs")["logs"]
        self.assertEqual((row["registered"], row["accessed"], row["times"], row["alarm"], row["late"]), (1, 1, 2, "", 1))

    def test_each_mistake_has_its_code(self) -> None:
        good = log([SENT])
        wrong = {"04001": good.replace("</AccessLogs>", ""), "04002": good.replace("<AreaCode>990101</AreaCode>\n", ""),
                 "04003": good.replace(">990101<", "><"), "04005": good.replace('logoutReg="1"', 'logoutReg="2"', 1),
                 "04006": good.replace("AccessInfo", "AccessInfos"), "04007": good.replace("RegisterList", "Registers"),
                 "04008": good.replace('DJLX="400"', 'DJLX="4"'), "04009": good.replace("AccessList", "Accesses"),
                 "04010": good.replace("<Access ", "<Accessed "), "04011": good.replace('<RegisterList totalNum="1"', '<RegisterList totalNum="2"'),
                 "04012": good.replace('<AccessList totalNum="1"', '<AccessList totalNum="0"'),
                 "04092": good.replace(NUMBER, "990101240318000002"), "04093": log([SENT], 1).replace("示例区", "别的区")}
        for code, text in wrong.items():
            with self.subTest(code):
                self.setUp()
                if code == "04093":
                    self.send(good)
                self.assertEqual(self.send(text), code)

    def test_a_signature_of_another_key_and_a_day_that_is_not_over_are_refused(self) -> None:
        signed = self.signer.sign(log([SENT]), NUMBER)
        self.assertEqual(self.logs.take(f"Log{NUMBER}.xml", signed.replace("示例区".encode(), "别的区".encode())).code, "04091")
        today = clock.now()
        self.assertEqual(self.send(log([], 1, f"{today:%Y%m%d}"), 1, f"{today:%y%m%d}"), "04094")

    def test_versions_have_no_gap_and_counts_make_an_alarm(self) -> None:
        self.assertEqual(self.send(log([SENT], 2), 2), "04093")
        self.setUp()
        self.assertEqual(self.send(log([SENT, {**SENT, "SFSB": "0", "BWID": ""}])), "0200")
        self.assertEqual(self.logs.page("/sandbox/daily-logs")["logs"][0]["alarm"], "接入量小于登簿量")
        self.assertEqual(self.send(log([SENT], 2), 2), "0200")

    def test_days_without_an_accepted_log_are_missing(self) -> None:
        day = clock.now() - datetime.timedelta(days=2)
        self.logs.refuse("990101", f"{day:%Y%m%d}", "04001")
        self.assertEqual(self.send(log([], 1, f"{day:%Y%m%d}"), 1, f"{day:%y%m%d}"), "04001")
        self.assertIn(f"990101 {day:%Y%m%d}", self.logs.missing())
        self.assertEqual(self.send(log([], 2, f"{day:%Y%m%d}"), 2, f"{day:%y%m%d}"), "0200")
        self.assertNotIn(f"990101 {day:%Y%m%d}", self.logs.missing())

    def test_days_are_owed_from_the_first_accepted_message_on(self) -> None:
        self.assertEqual(self.logs.missing()[0], "990101 20240318")
        self.assertIn(f"990101 {clock.now() - datetime.timedelta(days=1):%Y%m%d}", self.logs.missing())
        self.assertEqual(self.send(log([SENT])), "0200")
        self.assertEqual(self.logs.missing()[0], "990101 20240319")
        site = DailySite(ProvinceSite(self.province, Faults()), self.logs)
        yesterday = clock.now() - datetime.timedelta(days=1)
        site.command("/sandbox/expect-logs", {"area": "990102", "since": f"{yesterday:%Y%m%d}"})
        self.assertEqual(site.page("/sandbox/daily-missing")["missing"][-1], f"990102 {yesterday:%Y%m%d}")

    def test_an_accepted_message_that_a_log_leaves_out_is_a_violation(self) -> None:
        self.assertEqual(self.send(log([{**SENT, "SFSB": "0", "BWID": ""}])), "0200")
        row, = self.books.rows("SELECT rule, text FROM violations")
        self.assertEqual((row["rule"], row["text"]), ("province.daily-log", f"AccessList 缺少 {NUMBER}"))
        self.assertEqual(self.logs.omitted(), [NUMBER])
        self.assertEqual(self.send(log([SENT], 2), 2), "0200")
        self.assertEqual(self.logs.omitted(), [])

    def test_a_message_that_is_accepted_after_its_day_was_reported_is_owed_too(self) -> None:
        self.assertEqual(self.send(log([SENT])), "0200")
        other = "990101240319000001"
        later = self.signer.sign(document({"RecFlowID": "20240318000124"}).replace('WH="20240318000123"', 'WH="20240318000124"'), other)
        self.assertEqual(self.province.take(f"Biz{other}.xml", later).details, "")
        self.assertEqual(self.logs.page("/sandbox/daily-missing")["omitted"], [other])

    def test_the_front_end_and_http_take_logs(self) -> None:
        area = self.folder / "drop" / "990101"
        (area / "LogMsg").mkdir(parents=True)
        (area / "LogMsg" / f"Log{NUMBER}.xml").write_bytes(self.signer.sign(log([SENT]), NUMBER))
        DailyFront(self.logs, self.folder / "drop").step()
        self.assertIn("0200", (area / "RepLog" / f"Rep{NUMBER}.xml").read_text("utf-8"))
        site = DailySite(ProvinceSite(self.province, Faults()), self.logs)

        def ask(method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
            answer = site.handle(Request(method, path, {}, {}, body))
            return answer.status, answer.body

        self.assertEqual(ask("GET", "/province/log-reply/990101240319000001")[0], 404)
        content = self.signer.sign(log([], 1, "20240319"), "990101240319000001")
        self.assertEqual(ask("POST", "/province/log/Log990101240319000001.xml", content)[0], 200)
        self.assertIn(b"0200", ask("GET", "/province/log-reply/990101240319000001")[1])
        self.assertEqual(ask("GET", f"/province/response/{NUMBER}")[0], 200)


if __name__ == "__main__":
    unittest.main()
