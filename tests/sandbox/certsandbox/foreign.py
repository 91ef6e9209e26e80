"""Certificates of other authorities, as a municipal library holds them beside those of real estate. Nobody in them exists.

Only the type code of the citizen's identity card is a real one; the others have the right form around an
organisation code that was never given out.
"""

from __future__ import annotations

import datetime
import functools
import json
from dataclasses import dataclass, field
from typing import Any, Callable

from . import numbers, sm3
from .invent import Inventor
from .record_rules import Holder

_PLACE, _AREA = "南阳市", "411300"


def _credit_code(kind: str, area: str, inner: str) -> str:
    body = kind + area + inner + numbers.organisation_check(inner)
    return body + numbers.credit_check(body)


def _type_code(inner: str, serial: str) -> str:
    return _credit_code("11", "100000", inner) + serial


@dataclass(frozen=True)
class ForeignType:
    """A type of certificate of another authority; `face` makes what it shows besides its metadata."""

    code: str
    name: str
    issuer: str
    issuer_code: str
    of: str  # "person", "couple" or "company"
    years: int  # that it is good for; 0: without end
    form: str  # of its file: "pdf" or "ofd"
    own_number: bool  # else its number is that of its holder
    face: Callable[["_Case"], dict[str, str]]


@dataclass
class _Case:
    """What faces are made of."""

    inventor: Inventor
    holders: list[Holder]
    issued: datetime.date
    number: str


@dataclass
class ForeignCertificate:
    """One certificate with its file."""

    identifier: str
    number: str
    type: ForeignType
    holders: list[Holder]
    issued: datetime.date
    valid_to: datetime.date | None
    state: str
    face: dict[str, str] = field(default_factory=dict)
    size: int = 0  # of the file, at least

    @functools.cached_property
    def digest(self) -> str:
        """SM3 of the file."""
        return sm3.hexdigest(self.content())

    def content(self) -> bytes:
        """The file: a page that says which one it is, as PDF, or bytes that are no whole OFD file."""
        text = json.dumps([self.identifier, self.number, self.face], ensure_ascii=False).encode("utf-8")
        if self.type.form == "pdf":
            return _pdf(self.identifier, text, self.size)
        return b"PK\x03\x04" + text + self._padding(self.size - 4 - len(text))

    def _padding(self, size: int) -> bytes:
        pattern = bytes(range(256)) + self.identifier.encode()
        return (pattern * (max(0, size) // len(pattern) + 1))[:max(0, size)]


def _pdf(title: str, data: bytes, size: int) -> bytes:
    """One page that shows the title; the data, and what is missing to the size, are painted by nobody."""
    page = f"BT /F1 12 Tf 30 60 Td ({title}) Tj ET".encode()
    filling = data + bytes(max(0, size - len(data) - 1000))
    stream = b"<< /Length %d >>\nstream\n%s\nendstream"
    objects = (b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
               b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 420] /Contents 5 0 R"
               b" /Resources << /Font << /F1 4 0 R >> >> >>",
               b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
               stream % (len(page), page), stream % (len(filling), filling))
    file, table = b"%PDF-1.7\n", b"0000000000 65535 f \n"
    for number, one in enumerate(objects, 1):
        table += b"%010d 00000 n \n" % len(file)
        file += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    return file + (b"xref\n0 7\n" + table + b"trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n%d\n" % len(file)
                   ).ljust(size - len(file) - 6) + b"%%EOF\n"


def _card(case: _Case) -> dict[str, str]:
    code = case.holders[0].code
    return {"XM": case.holders[0].name, "XB": "男" if int(code[16]) % 2 else "女", "MZ": "汉",
            "CSRQ": f"{code[6:10]}-{code[10:12]}-{code[12:14]}", "ZZ": case.inventor.place(_AREA, _PLACE),
            "GMSFHM": code, "QFJG": f"{_PLACE}公安局"}


def _household(case: _Case) -> dict[str, str]:
    return {"HH": f"41130{case.inventor.chance.randrange(10 ** 4):04d}", "HB": "居民家庭户口",
            "HZXM": case.holders[0].name, "ZZ": case.inventor.place(_AREA, _PLACE),
            "CYS": str(case.inventor.chance.randrange(1, 7)), "服务处所": "无"}


def _marriage(case: _Case) -> dict[str, str]:
    one, other = case.holders[0], case.holders[-1]
    return {"CZR": one.name, "DJRQ": case.issued.isoformat(), "男方姓名": one.name, "男方身份证件号": one.code,
            "女方姓名": other.name, "女方身份证件号": other.code, "备注": "第一行\n第二行"}


def _birth(case: _Case) -> dict[str, str]:
    return {"母亲姓名": case.holders[0].name, "新生儿性别": case.inventor.chance.choice("男女"),
            "出生孕周": "39", "出生体重": "3350.5", "接生机构名称": "某县示例医院"}


def _business(case: _Case) -> dict[str, str]:
    person, _ = case.inventor.person()
    return {"统一社会信用代码": case.holders[0].code, "名称": case.holders[0].name, "类型": "有限责任公司(自然人投资或控股)",
            "法定代表人": person, "注册资本": "壹仟万圆整", "成立日期": case.issued.isoformat(), "营业期限": "长期",
            "经营范围": "房地产开发；物业管理；房屋租赁<不含金融业务>&\"咨询\"", "住所": case.inventor.place(_AREA, _PLACE)}


def _tax(case: _Case) -> dict[str, str]:
    amount = case.inventor.chance.randrange(10 ** 6, 10 ** 8)
    return {"纳税人名称": case.holders[0].name, "税种": "契税", "计税金额": f"{amount / 100:.2f}",
            "实缴金额": f"{amount * 3 // 200 / 100:.2f}", "税率": "0.015", "税务机关": f"国家税务总局{_PLACE}税务局",
            "KZ_ZL": case.inventor.place(_AREA, _PLACE)}


def _permit(case: _Case) -> dict[str, str]:
    return {"建设单位": case.holders[0].name, "建设项目名称": "某花园一期", "建设规模": "12345.67平方米",
            "附图及附件名称": "总平面图", "PZWH": f"宛规〔{case.issued.year}〕{case.inventor.chance.randrange(1, 900)}号"}


TYPES = (
    ForeignType("11100000000013127D001", "中华人民共和国居民身份证", f"{_PLACE}公安局",
                _credit_code("11", _AREA, "Y0000001"), "person", 20, "pdf", False, _card),
    ForeignType("11411300Y41130001N001", "居民户口簿", f"{_PLACE}公安局",
                _credit_code("11", _AREA, "Y0000001"), "person", 0, "pdf", True, _household),
    ForeignType("11411300Y41130001N002", "中华人民共和国结婚证", f"{_PLACE}民政局",
                _credit_code("11", _AREA, "Y0000002"), "couple", 0, "ofd", True, _marriage),
    ForeignType(_type_code("Y0000030", "002"), "出生医学证明", f"{_PLACE}卫生健康委员会",
                _credit_code("11", _AREA, "Y0000003"), "person", 0, "pdf", True, _birth),
    ForeignType("11100000MB0143028R001", "营业执照", f"{_PLACE}市场监督管理局",
                _credit_code("11", _AREA, "Y0000004"), "company", 0, "ofd", False, _business),
    ForeignType("11411300Y41130001N005", "税收完税证明", f"国家税务总局{_PLACE}税务局",
                _credit_code("11", _AREA, "Y0000005"), "person", 0, "ofd", True, _tax),
    ForeignType(_type_code("Y0000060", "004"), "建设工程规划许可证", f"{_PLACE}自然资源和规划局",
                _credit_code("11", _AREA, "Y0000006"), "company", 1, "ofd", True, _permit))


class ForeignAuthorities:
    """Issues certificates to whom it is told, the same ones for the same seed and order."""

    def __init__(self, seed: int = 4) -> None:
        self._inventor = Inventor(seed)
        self._serial = 0

    def issue(self, holders: list[Holder], codes: list[str], state: str = "valid", size: int = 0) -> list[
            ForeignCertificate]:
        """One certificate of each of these types, or of every one that suits the holders."""
        company = any(holder.kind == "001" for holder in holders)
        suits = "company" if company else "couple" if len(holders) == 2 else "person"
        known = {kind.code for kind in TYPES}
        if set(codes) - known:
            raise ValueError("types are " + ", ".join(sorted(known)))
        return [self._issue(kind, holders, state, size) for kind in TYPES
                if (kind.code in codes if codes else kind.of == suits)]

    def _issue(self, kind: ForeignType, holders: list[Holder], state: str, size: int) -> ForeignCertificate:
        self._serial += 1
        issued = datetime.date(2020, 1, 6) + datetime.timedelta(days=self._serial % 1500)
        until = issued.replace(year=issued.year + kind.years, day=min(issued.day, 28)) if kind.years else None
        body = f"{kind.code}{kind.issuer_code}{issued.year}{self._serial:07d}001"
        identifier = (f"1.2.156.3005.2.{kind.code}.{kind.issuer_code}.{issued.year}{self._serial:07d}.001."
                      + numbers.mod_37_36(body))
        number = f"{_AREA}-{issued.year}-{self._serial:06d}" if kind.own_number else holders[0].code
        case = _Case(self._inventor, holders, issued, number)
        return ForeignCertificate(identifier, number, kind, holders, issued, until, state, kind.face(case), size)

    def some(self, persons: int, companies: int) -> list[ForeignCertificate]:
        """Certificates of invented persons, couples and companies; every fifth has a status of its own."""
        issued: list[ForeignCertificate] = []
        for _ in range(persons):
            one, other = (Holder(*self._inventor.person(), "111") for _ in range(2))
            issued += self.issue([one], []) + self.issue([one, other], [])
        for _ in range(companies):
            issued += self.issue([Holder(*self._inventor.company(_PLACE, _AREA), "001")], [])
        for place, certificate in enumerate(issued):
            if place % 5 == 4:
                certificate.state = ("lost", "expired", "cancelled", "restricted")[place // 5 % 4]
        return issued


def as_page(certificate: ForeignCertificate) -> dict[str, Any]:
    """As /sandbox/foreign shows it."""
    return {"identifier": certificate.identifier, "number": certificate.number, "typeCode": certificate.type.code,
            "typeName": certificate.type.name, "state": certificate.state, "size": len(certificate.content()),
            "fileDigest": certificate.digest, "face": certificate.face,
            "holders": [{"name": holder.name, "code": holder.code, "kind": holder.kind} for holder in certificate.holders]}
