"""The front-end tables (前置库) of a province, and the platform behind them: it works rows off in its own time, and what it refuses
comes back in a table of errors. Section 7 of interfaces.md."""

from __future__ import annotations

import re
from typing import Any

from . import numbers, regdb

# Column, longest, whether it must be there.
COLUMNS = {"certificate_source_id": (128, True), "certificate_name": (512, True), "certificate_type": (256, True),
           "certificate_type_code": (64, True), "certificate_number": (128, True), "issue_date": (32, True), "issue_dept": (256, True),
           "issue_dept_code": (32, True), "certificate_area_code": (32, True), "certificate_holder": (256, True),
           "certificate_holder_code": (256, True), "certificate_holder_type": (2000, False), "data_source": (3, True),
           "cd_operation": (2, True), "cd_batch": (32, True), "cd_time": (19, True)}
_LIST = ", ".join(COLUMNS)
# What the table of errors has wider than the table that is written.
_WIDE = ("issue_dept", "certificate_holder", "certificate_holder_code", "certificate_holder_type")


def _table(name: str, extra: str, wide: tuple[str, ...] = ()) -> str:
    columns = ", ".join(f"{column} " + ("TEXT" if column in wide else f"VARCHAR({longest})") for column, (longest, _) in COLUMNS.items())
    return f"CREATE TABLE IF NOT EXISTS {name} ({columns}, {extra});"


TABLES = (_table("up_lic_data", "cd_state INTEGER NOT NULL DEFAULT 0")
          + "CREATE INDEX IF NOT EXISTS up_lic_data_batch ON up_lic_data (cd_batch);"
          + _table("up_lic_data_error", "error_remark VARCHAR(512) NOT NULL", _WIDE)
          + "CREATE INDEX IF NOT EXISTS up_lic_data_error_batch ON up_lic_data_error (cd_batch);"
          # What the platform shows: the last row of each certificate that it took.
          + _table("directory", "taken INTEGER NOT NULL"))


class FrontEnd:
    """One thread. Whoever writes rows sees nothing of it but its verdicts."""

    def __init__(self, database: regdb.Database) -> None:
        self._database = database
        self._refusals: dict[str, str] = {}
        self._taken = 0
        self.unregistered: set[str] = set()  # type codes whose rows are refused
        database.script(TABLES)

    def refuse(self, number: str, remark: str) -> None:
        """Refuse the next row of a certificate, whatever it is."""
        self._refusals[number] = remark

    def step(self, most: int = 1000) -> int:
        """Work off what lies there, in the order of its times; how many rows."""
        rows = self._database.rows(f"SELECT {_LIST} FROM up_lic_data WHERE cd_state = 0 ORDER BY cd_time, cd_operation LIMIT {most}")
        for row in rows:
            remark = self._refusals.pop(row["certificate_number"], "") or self._wrong(row)
            done = f"UPDATE up_lic_data SET cd_state = 1 WHERE cd_batch = {regdb.quote(row['cd_batch'])};"
            if remark:
                self._database.run([regdb.insert("up_lic_data_error", {**row, "error_remark": remark}), done])
            else:
                self._take(row, done)
        return len(rows)

    def _take(self, row: dict[str, Any], done: str) -> None:
        self._taken += 1
        source = regdb.quote(row["certificate_source_id"])
        self._database.run([f"DELETE FROM directory WHERE certificate_source_id = {source};",
                            regdb.insert("directory", {**row, "taken": self._taken}), done])

    def shown(self) -> list[dict[str, Any]]:
        """The directory as others see it: without what was taken away."""
        return self._database.rows(f"SELECT {_LIST} FROM directory WHERE cd_operation <> 'D' ORDER BY taken")

    def rows(self, table: str = "up_lic_data") -> list[dict[str, Any]]:
        """All rows of a table."""
        return self._database.rows(f"SELECT * FROM {table} ORDER BY cd_time, cd_operation")

    def _wrong(self, row: dict[str, Any]) -> str:
        """Why the row is refused; empty: it is not."""
        if row["certificate_type_code"] in self.unregistered:
            return "证照类型未注册"
        for column, (longest, needed) in COLUMNS.items():
            value = row[column]
            if needed and not value:
                return f"{column}不能为空"
            if value and len(value) > longest:
                return f"{column}超长"
        if not re.fullmatch(r"[0-9a-f]{32}", row["cd_batch"]) or len(self._of_batch(row["cd_batch"])) > 1:
            return "批次号不合规范或重复"
        if row["cd_operation"] not in ("I", "U", "D") or not re.fullmatch(r"\d{4}-\d\d-\d\d", row["issue_date"]):
            return "操作类型或颁证日期不合规范"
        return self._wrong_numbers(row) or self._wrong_order(row)

    def _of_batch(self, batch: str) -> list[dict[str, Any]]:
        return self._database.rows(f"SELECT cd_batch FROM up_lic_data WHERE cd_batch = {regdb.quote(batch)}")

    @staticmethod
    def _wrong_numbers(row: dict[str, Any]) -> str:
        try:
            numbers.parse_number(row["certificate_number"])
            numbers.parse_credit_code(row["issue_dept_code"])
        except numbers.Refused as refused:
            return f"编号不合规范: {refused.rule}"
        if not row["certificate_source_id"].startswith(f"{row['certificate_type_code']}.{row['issue_dept_code']}."):
            return "来源标识与类型、机构不一致"
        return "" if len({row[name].count("、") for name in ("certificate_holder", "certificate_holder_code")}) == 1 else "持证主体与代码数量不一致"

    def _wrong_order(self, row: dict[str, Any]) -> str:
        shown = [one for one in self.shown() if one["certificate_source_id"] == row["certificate_source_id"]]
        if row["cd_operation"] == "I":
            return "证照已存在" if shown else ""
        return "" if shown else "证照不存在"
