"""What the province checks of a daily log: form, counts, lists, signature. In the form with lists."""

from __future__ import annotations

import datetime
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field

from . import rsa
from .province_judge import signature_verifies
from .province_ways import Numbers

COUNTS = {"firstReg": "100", "transferReg": "200", "changeReg": "300", "logoutReg": "400", "riviseReg": "500",
          "dissentingReg": "600", "advanceReg": "700", "seizeReg": "800", "otherReg": "900"}
_INFO = {"totalNum", *COUNTS, "businessTypeCount"}
_PARTS = ["BizMsgID", "DigitalSign", "AreaCode", "AreaName", "AccessDate", "Remark", "RegisterInfo", "AccessInfo",
          "RegisterList", "AccessList"]
_MISSING = {"AreaCode": "04002", "RegisterInfo": "04005", "AccessInfo": "04006", "RegisterList": "04007",
            "AccessList": "04009"}
_REGISTER = {"YWH": r".{1,50}", "DJLX": r"[1-9]00", "QLLX": r"[0-9]{1,2}", "BDCDYH": r"[0-9A-Z]{28}", "ZSZMH": r".{0,200}",
             "SFSB": r"[01]"}
_ACCESS = {"YWH": r".{1,60}", "BDCDYH": r"[0-9A-Z]{28}"}
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>'


@dataclass
class DailyJudgement:
    """What a log says, and the first thing that is wrong with it."""

    code: str = "0200"
    words: str = "成功"
    fields: dict[str, str] = field(default_factory=dict)
    registered: list[dict[str, str]] = field(default_factory=list)
    accessed: list[dict[str, str]] = field(default_factory=list)

    def refuse(self, code: str, words: str) -> None:
        """The first refusal counts."""
        if self.code == "0200":
            self.code, self.words = code, words


def judge_daily(content: bytes, key: rsa.PublicKey | None, numbers: Numbers = Numbers()) -> DailyJudgement:
    """Everything that can be said of the bytes alone."""
    judgement = DailyJudgement()
    log = _entry(content, judgement)
    if log is None:
        return judgement
    names = [child.tag for child in log]
    for name, code in _MISSING.items():
        if name not in names:
            judgement.refuse(code, f"缺少 {name}")
    if names != _PARTS:
        judgement.refuse("04001", "元素缺失、冗余或顺序不正确")
        return judgement
    judgement.fields = {child.tag: child.text or "" for child in log[:6]}
    _judge_fields(judgement)
    judgement.registered = _rows(log[8], "Register", {**_REGISTER, "BWID": f"({numbers.form()})?"}, ("04008", "04011"), judgement)
    judgement.accessed = _rows(log[9], "Access", {**_ACCESS, "BWID": numbers.form()}, ("04010", "04012"), judgement)
    _judge_info(log[6], [row["DJLX"] for row in judgement.registered], "04005", judgement)
    types = {(row["BDCDYH"], row["BWID"]): row["DJLX"] for row in judgement.registered}
    known = [types.get((row["BDCDYH"], row["BWID"]), "") for row in judgement.accessed]
    _judge_info(log[7], known, "04006", judgement)
    if key is not None and not signature_verifies(content, key):
        judgement.refuse("04091", "数字签名验证不通过")
    return judgement


def _entry(content: bytes, judgement: DailyJudgement) -> ElementTree.Element | None:
    try:
        if not content.startswith(_DECLARATION) or b"<!" in content:
            raise ValueError
        content.decode("utf-8")
        root = ElementTree.fromstring(content)
    except (ValueError, ElementTree.ParseError):
        judgement.refuse("04001", "XML 格式错误")
        return None
    if root.tag != "AccessLogs" or [child.tag for child in root] != ["AccessLog"]:
        judgement.refuse("04001", "应为 AccessLogs(AccessLog)")
        return None
    return root[0]


def _judge_fields(judgement: DailyJudgement) -> None:
    fields = judgement.fields
    if not fields["AreaCode"]:
        judgement.refuse("04003", "AreaCode 为空")
    number = re.fullmatch(r"([0-9]{6})([0-9]{6})([0-9]{6})", fields["BizMsgID"])
    same = number and (number[1], number[2]) == (fields["AreaCode"], fields["AccessDate"][2:])
    if not same or not fields["Remark"].isdigit() or int(number[3]) != int(fields["Remark"]):
        judgement.refuse("04001", "编号与区划、日期、版本不一致")
    try:
        datetime.datetime.strptime(fields["AccessDate"], "%Y%m%d")
    except ValueError:
        judgement.refuse("04001", "AccessDate 不是日期")


def _rows(part: ElementTree.Element, name: str, forms: dict[str, str], codes: tuple[str, str],
          judgement: DailyJudgement) -> list[dict[str, str]]:
    if part.get("totalNum") != str(len(part)):
        judgement.refuse(codes[1], f"{part.tag} 条数与 totalNum 不一致")
    for row in part:
        formed = row.tag == name and list(row.attrib) == list(forms)
        if not formed or not all(re.fullmatch(form, row.attrib[one]) for one, form in forms.items()):
            judgement.refuse(codes[0], f"{name} 属性不正确")
            return []
    return [dict(row.attrib) for row in part]


def _judge_info(info: ElementTree.Element, types: list[str], code: str, judgement: DailyJudgement) -> None:
    if set(info.attrib) != _INFO or not all(value.isdigit() for value in info.attrib.values()):
        judgement.refuse(code, f"{info.tag} 属性不正确")
        return
    exact = "" not in types  # an upload that was not booked has no type in the log
    wanted = {name: str(types.count(kind)) for name, kind in COUNTS.items()} if exact else {}
    for name, value in {"totalNum": str(len(types)), **wanted}.items():
        if info.attrib[name] != value:
            judgement.refuse(code, f"{info.tag} 的 {name} 与清单不一致")
