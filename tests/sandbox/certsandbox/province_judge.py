"""What the province checks of a message before it takes it: form, tables, values and signature."""

from __future__ import annotations

import base64
import binascii
import datetime
import hashlib
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field

from . import rsa
from .province_tables import Attribute, Tables
from .province_ways import STAND_INS, Ways

# On the bytes as they came: a parser would change line ends.
_SIGNED = re.compile(rb"<BizMsgID>([^<]*)</BizMsgID>\r\n<DigitalSign>([0-9a-f]+)</DigitalSign>")
_FORMS = {"%": r"-?[0-9]+", "#": r"-?[0-9]+(\.[0-9]+)?", "@": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\+08:00)?"}
_LARGEST = 32 * 1024 * 1024


@dataclass
class Judgement:
    """What was found; no finding: the message is taken."""

    head: dict[str, str] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)
    signature_wrong: bool = False

    def find(self, words: str) -> None:
        """Write down what is wrong."""
        self.findings.append(words)


def judge(content: bytes, tables: Tables, key: rsa.PublicKey | None) -> Judgement:
    """Everything that is wrong with the bytes of a message."""
    judgement = Judgement()
    root = _parsed(content, judgement)
    if root is None:
        return judgement
    parts = [child.tag for child in root]
    if root.tag != "Message" or parts != ["Head", "Data"] or root.attrib:
        judgement.find("报文结构不正确：应为 Message(Head, Data)")
        return judgement
    _judge_head(root[0], tables.ways, judgement)
    _judge_data(root[1], tables, judgement)
    if key is not None and not signature_verifies(content, key):
        judgement.signature_wrong = True
        judgement.find("数字签名验证不通过")
    return judgement


def _parsed(content: bytes, judgement: Judgement) -> ElementTree.Element | None:
    if content.startswith(b"\xef\xbb\xbf") or not content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>'):
        judgement.find("报文应为无 BOM 的 UTF-8，并带有 XML 声明")
        return None
    if len(content) > _LARGEST or b"<!" in content:
        judgement.find("报文过大或含有 DTD、注释")
        return None
    try:
        content.decode("utf-8")
        return ElementTree.fromstring(content)
    except (UnicodeDecodeError, ElementTree.ParseError):
        judgement.find("报文不是合法的 XML")
        return None


def _judge_head(head: ElementTree.Element, ways: Ways, judgement: Judgement) -> None:
    names = [child.tag for child in head]
    for name in sorted({name for name in names if names.count(name) > 1}):
        judgement.find(f"元素 {name} 冗余或重复")
    judgement.head = values = {child.tag: child.text or "" for child in head}
    fields = ways.fields(values.get("RecType", ""))
    for name in values.keys() - fields.keys():
        judgement.find(f"元素 {name} 冗余")
    for name, rule in fields.items():
        if name not in values and rule.required:
            judgement.find(f"元素 {name} 缺失")
        elif name in values and (not re.fullmatch(rule.form, values[name]) or ways.wrong_in_list(name, values[name])):
            judgement.find(f"元素 {name} 赋值非法")
    unit = values.get("EstateNum", "")
    if values.get("ParcelID") != unit[:19] or (values.get("AreaCode") != unit[:6] and not ways.has_own_area()):
        judgement.find("ParcelID、AreaCode 与 EstateNum 不一致")
    if values.get("BizMsgID", "")[:6] != unit[:6]:
        judgement.find("BizMsgID 与 EstateNum 的行政区划不一致")


def _judge_data(data: ElementTree.Element, tables: Tables, judgement: Judgement) -> None:
    rec_type = judgement.head.get("RecType", "")
    occurs = tables.messages.get(rec_type)
    if occurs is None:
        judgement.find("RecType 不在业务编码表内")
        return
    order = list(tables.attributes)
    positions = [order.index(row.tag) if row.tag in order else -1 for row in data]
    if positions != sorted(positions):
        judgement.find("Data 下的元素顺序不正确")
    for row in data:
        if row.tag in occurs:
            _judge_row(row, tables, judgement)
        else:
            judgement.find(f"元素 {row.tag} 冗余")
    _judge_counts(data, occurs, judgement)
    _judge_agreement(data, tables, judgement)


def _judge_counts(data: ElementTree.Element, occurs: dict[str, str], judgement: Judgement) -> None:
    for table, often in occurs.items():
        count = sum(1 for row in data if row.tag == table)
        if (often == "1" and count != 1) or (often == "+" and count == 0):
            judgement.find(f"元素 {table} 缺失,冗余或重复")


def _judge_row(row: ElementTree.Element, tables: Tables, judgement: Judgement) -> None:
    attributes = tables.attributes[row.tag]
    if len(row) or (row.text or "").strip():
        judgement.find(f"元素 {row.tag} 不应有内容")
    for name in row.attrib.keys() - attributes.keys():
        judgement.find(f"元素 {row.tag} 属性 {name} 冗余")
    for name, rule in attributes.items():
        given = row.get(name)
        if given is None:
            if rule.required:
                judgement.find(f"元素 {row.tag} 属性 {name} 缺失")
        elif why := _wrong(given, rule) or _no_code(given, tables.codes.get(rule.codes)) or _peculiar(given, rule, tables.ways):
            judgement.find(f"元素 {row.tag} 属性 {name} {why}")


def _wrong(value: str, rule: Attribute) -> str:
    if rule.required and not value:
        return "为空"
    if rule.length and len(value) > rule.length:
        return f"长度不正确,原因：要求最大长度为：{rule.length}位"
    if rule.kind in _FORMS and value and not re.fullmatch(_FORMS[rule.kind], value):
        return "赋值非法,原因：类型不正确"
    if rule.kind == "@" and value and not _is_time(value):
        return "赋值非法,原因：不是时间"
    if rule.kind == "&" and not _is_base64(value):
        return "赋值非法,原因：不是 Base64"
    return ""


def _no_code(value: str, codes: frozenset[str] | None) -> str:
    return "赋值非法,原因：不在枚举范围内" if codes and value and value not in codes else ""


def _peculiar(value: str, rule: Attribute, ways: Ways) -> str:
    """What is well formed, and wrong in this province."""
    if rule.form:
        return "" if re.fullmatch(rule.form, value) else "赋值非法,原因：格式不正确"
    if rule.required and not rule.kind and not rule.codes and value in STAND_INS - {ways.stand_in}:
        return f"赋值非法,原因：无值时应为“{ways.stand_in}”"
    places = ways.places if rule.places is None else rule.places
    if rule.kind == "#" and value and places is not None and len(value.partition(".")[2]) != places:
        return f"赋值非法,原因：应有{places}位小数"
    if rule.kind == "@" and value and ways.zone is not None and value[19:] != ways.zone:
        return f"赋值非法,原因：时间应以“{ways.zone}”结尾"
    return ""


def _is_time(text: str) -> bool:
    try:
        datetime.datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S")
        return True
    except ValueError:
        return False


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
        return True
    except (binascii.Error, ValueError):
        return False


def _judge_agreement(data: ElementTree.Element, tables: Tables, judgement: Judgement) -> None:
    rec_type = judgement.head.get("RecType", "")
    right = tables.rights[rec_type]
    flow, unit = judgement.head.get("RecFlowID", ""), judgement.head.get("EstateNum", "")
    for row in data.findall(right):
        case = row.get("YWH", "")
        if case and flow != case and not flow.startswith(case + "-"):
            judgement.find(f"元素 {right} 属性 YWH 与 RecFlowID 不一致")
        if row.get("BDCDYH", unit) not in ("", unit):
            judgement.find(f"元素 {right} 属性 BDCDYH 与 EstateNum 不一致")
    if judgement.head.get("RegType", "")[:1] != rec_type[:1] and rec_type not in tables.of_any_type:
        judgement.find("RegType 与 RecType 不一致")


def signature_verifies(content: bytes, key: rsa.PublicKey) -> bool:
    """"Signature" in section 5 of interfaces.md, on raw bytes."""
    found = _SIGNED.search(content)
    if found is None or content.count(b"</BizMsgID>") != 1:
        return False
    signed = content[:found.start()] + b"<BizMsgID></BizMsgID>" + content[found.end():]
    signature = found[2]
    if len(signature) % 2:
        return False
    return rsa.verifies(key, bytes.fromhex(signature.decode("ascii")), hashlib.md5(signed).digest())
