"""The front-end tables: what is taken, what comes back as an error, and in which order."""

import tempfile
import unittest
from pathlib import Path

from certsandbox import regdb
from certsandbox.front_end import FrontEnd

TYPE, ISSUER = "11100000MB03271699001", "11411300MB1T000091"


def row(batch: int, operation: str = "I", **fields: str) -> dict[str, str]:
    """A good row."""
    return {"certificate_source_id": f"{TYPE}.{ISSUER}.20260000001", "certificate_name": "不动产权证书", "certificate_type": "不动产权证书",
            "certificate_type_code": TYPE, "certificate_number": "豫（2026）南阳市不动产权第0000001号", "issue_date": "2026-06-01",
            "issue_dept": "南阳市自然资源和规划局", "issue_dept_code": ISSUER, "certificate_area_code": "411300",
            "certificate_holder": "测试甲、测试乙", "certificate_holder_code": "1、2", "data_source": "BDC", "cd_operation": operation,
            "cd_batch": f"{batch:032x}", "cd_time": f"2026-06-01 10:00:{batch:02}", **fields}


class FrontEndTest(unittest.TestCase):
    """Section 7 of interfaces.md."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.database = regdb.SqliteDatabase(str(Path(folder.name) / "front.db"))
        self.front = FrontEnd(self.database)

    def errors(self, *rows: dict[str, str]) -> list[str]:
        """The remarks on rows that are written and worked off."""
        before = len(self.front.rows("up_lic_data_error"))
        self.database.run([regdb.insert("up_lic_data", one) for one in rows])
        self.assertEqual(len(rows), self.front.step())
        return [error["error_remark"] for error in self.front.rows("up_lic_data_error")][before:]

    def test_a_life(self) -> None:
        self.assertEqual([], self.errors(row(1)))
        self.assertEqual([], self.errors(row(2, "U", certificate_holder="测试丙、测试乙")))
        self.assertEqual(["测试丙、测试乙"], [one["certificate_holder"] for one in self.front.shown()])
        self.assertEqual([], self.errors(row(3, "D")))
        self.assertEqual([], self.front.shown())
        self.assertEqual([], self.errors(row(4)))

    def test_what_comes_back(self) -> None:
        self.assertEqual(["证照不存在"], self.errors(row(1, "U")))
        self.assertEqual(["certificate_holder超长"], self.errors(row(2, certificate_holder="甲" * 257)))
        self.assertEqual(["编号不合规范: certificate_number.shape"], self.errors(row(3, certificate_number="1")))
        self.assertEqual(["持证主体与代码数量不一致"], self.errors(row(4, certificate_holder_code="1")))
        self.assertEqual([], self.errors(row(5)))
        self.assertEqual(["证照已存在"], self.errors(row(6)))
        self.front.refuse(row(7)["certificate_number"], "类型未注册")
        self.assertEqual(["类型未注册"], self.errors(row(7, "D")))
        self.assertEqual(1, len(self.front.shown()))

    def test_a_batch_number_is_of_one_row(self) -> None:
        self.assertEqual(2, len(self.errors(row(1), row(1))))


if __name__ == "__main__":
    unittest.main()
