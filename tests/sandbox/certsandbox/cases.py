"""Realistic cases of a registration office, as rows of the intermediate tables."""

from __future__ import annotations

import base64
import datetime
from dataclasses import dataclass, field
from typing import Any

from . import clock, numbers, png
from .invent import Inventor
from .issuers import Issuer

# Kind of case: registration type, local sub-type, right type, kind of certificate, words.
KINDS = {
    "first": ("100", "1000301", "4", "1", "新建商品房首次登记"),
    "transfer": ("200", "2000402", "4", "1", "商品房买卖"),
    "change": ("300", "3000302", "4", "1", "权利人姓名或名称变更"),
    "mortgage": ("100", "9000101", "37", "2", "抵押权设立"),
}
_NOTE = ("1. 本不动产共用宗地面积{a}㎡，分摊土地使用权面积{b}㎡。\n"
         "2. 原不动产权证书：{c}。\n3. 权利人应当按照规划用途使用，不得擅自改变房屋结构；物业服务、公共维修资金按有关规定执行。\n"
         "4. 业主对建筑物内的住宅、经营性用房等专有部分享有所有权，对专有部分以外的共有部分享有共有和共同管理的权利。\n")


@dataclass
class Case:
    """One case: its rows, its events and what should come of it."""

    case_no: str
    kind: str
    issuer: Issuer
    area: str
    features: list[str]
    rights: list[dict[str, Any]] = field(default_factory=list)
    parties: list[dict[str, Any]] = field(default_factory=list)
    certificates: list[dict[str, Any]] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    images: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    expected: str = "collected"
    reason: str = ""
    late: bool = False

    def truth(self) -> dict[str, Any]:
        """The case as the truth file tells it."""
        certificates = [{"certId": c["cert_id"], "number": c["cert_no"],
                         "normalised": numbers.normalise_number(c["cert_no"]),
                         "typeCode": numbers.TITLE_TYPE if c["cert_kind"] == "1" else numbers.PROOF_TYPE,
                         "issuerCode": self.issuer.code} for c in self.certificates]
        return {"caseNo": self.case_no, "type": self.kind, "registrationType": KINDS[self.kind][0],
                "county": self.issuer.number_word, "area": self.area, "features": self.features,
                "expected": self.expected, "reason": self.reason, "late": self.late,
                "units": [r["unit_no"] for r in self.rights], "certificates": certificates}


class CaseWriter:
    """Makes cases one after another; numbers never repeat within a run."""

    def __init__(self, inventor: Inventor, issuers: list[Issuer], first_serial: int) -> None:
        self.inventor, self._issuers = inventor, issuers
        self._serial = first_serial
        self._bought: dict[str, Case] = {}  # by area: the flat that the next mortgage there is on
        self.moment = clock.now() - datetime.timedelta(hours=2)

    def make(self, kind: str, index: int) -> Case:
        """The case of this kind at this place of the run."""
        self._serial += 1
        self.moment += datetime.timedelta(seconds=1)
        issuer = self._issuers[(index + index // 10) % len(self._issuers)]
        case = Case(f"{clock.now():%Y}{issuer.area}{self._serial:07d}", kind, issuer, issuer.area, [])
        several = kind in ("first", "change") and index % 20 in (4, 9)
        building = self.inventor.chance.randrange(1, 60) if several else None
        for number in range(3 if several else 1):
            self._add_right(case, number, building)
        if several:
            case.features.append("three units")
        self._add_parties(case, index)
        self._add_certificates(case, index)
        self._add_events(case)
        if kind == "transfer":
            self._bought[case.area] = case
        return case

    def forget(self, case: Case) -> None:
        """Let no mortgage follow on this case."""
        if self._bought.get(case.area) is case:
            del self._bought[case.area]

    def _add_right(self, case: Case, number: int, building: int | None) -> None:
        registration_type, _, right_type, _, reason = KINDS[case.kind]
        inventor, chance = self.inventor, self.inventor.chance
        built, share = chance.randrange(6000, 19000) / 100, chance.randrange(800, 3000) / 100
        unit = inventor.unit(case.area, building)
        row: dict[str, Any] = {
            "case_id": f"{case.case_no}-{number + 1}", "case_no": case.case_no, "unit_no": unit,
            "right_type": right_type, "djlx": registration_type, "djyy": reason,
            "zl": inventor.place(case.issuer.area, case.issuer.number_word), "djjg": case.issuer.name, "dbr": "登簿员甲",
            "djsj": clock.stamp(self.moment), "qszt": "1"}
        if case.kind == "mortgage":
            amount = chance.randrange(20, 300) * 10000
            row |= {"zmqlsx": "抵押权", "dyfs": chance.choice("12"), "bdbzqse": float(amount),
                    "zwlxqx_qs": "2026-01-05 00:00:00", "zwlxqx_js": "2046-01-04 00:00:00",
                    "prev_certs": f"豫（2025）{case.issuer.number_word}不动产权第{chance.randrange(1, 9999999):07d}号"}
            bought = self._bought.pop(case.area, None)
            if bought:
                case.features.append("mortgage on a flat bought before")
                row |= {"unit_no": bought.rights[0]["unit_no"], "zl": bought.rights[0]["zl"],
                        "prev_certs": ",".join(c["cert_no"] for c in bought.certificates)}
        else:
            row |= {"qlxz": "出让/市场化商品房", "yt": "城镇住宅用地/成套住宅",
                    "mj": f"共有宗地面积{built * 40:.2f}㎡/房屋建筑面积{built + share:.2f}㎡",
                    "syqx_qs": "2018-06-01 00:00:00", "syqx_js": "2088-05-31 00:00:00",
                    "jzmj": round(built + share, 2), "zyjzmj": built, "ftjzmj": share, "fwjg": "3",
                    "szc": str(chance.randrange(1, 30)), "zcs": 33, "jgsj": "2019-10-01 00:00:00"}
        if chance.random() < 0.25:
            case.features.append("long notes")
            row["fj"] = _NOTE.format(a=f"{built * 40:.2f}", b=f"{built:.2f}", c="详见登记簿") * 2
        case.rights.append(row)

    def _add_parties(self, case: Case, index: int) -> None:
        chance = self.inventor.chance
        if case.kind == "mortgage":
            self._party(case, "1", self.inventor.bank(case.issuer.number_word, case.area), "8", "2")
            for _ in range(chance.choice((1, 2))):
                self._party(case, "2", self.inventor.person(), "1", "1")
            return
        if case.kind == "first":
            self._party(case, "1", self.inventor.company(case.issuer.number_word, case.area), "8", "2")
            case.features.append("company")
        else:
            self._add_owners(case, index)
        if case.kind == "transfer":
            self._party(case, "2", self.inventor.company(case.issuer.number_word, case.area), "8", "2")

    def _add_owners(self, case: Case, index: int) -> None:
        """1, 2 or 5 persons, alone, jointly or by shares."""
        count = (1, 2, 5, 1, 2)[index // 3 % 5]
        holding = "0" if count == 1 else ("1", "2")[index // 2 % 2]
        rare = index % 7 == 3
        case.features.append({"0": "sole", "1": "joint", "2": "by shares"}[holding] + f", {count} holders")
        if rare:
            case.features.append("rare characters")
        for number in range(count):
            share = f"1/{count}" if holding == "2" else None
            self._party(case, "1", self.inventor.person(rare and number == 0), "1", "1", holding, share)

    def _party(self, case: Case, role: str, who: tuple[str, str], document: str, kind: str,
               holding: str = "0", share: str | None = None) -> None:
        order = sum(p["role"] == role for p in case.parties) + 1
        case.parties.append({
            "case_no": case.case_no, "role": role, "sxh": order, "xm": who[0], "zjzl": document, "zjh": who[1],
            "lx": kind, "gyfs": holding if role == "1" else None, "qlbl": share, "cert_id": None})

    def _add_certificates(self, case: Case, index: int) -> None:
        owners = [p for p in case.parties if p["role"] == "1"]
        separate = len(owners) > 1 and index % 8 in (1, 7)
        if separate:
            case.features.append("held separately")
        for number, owner in enumerate(owners if separate else owners[:1]):
            cert_id = f"{case.case_no}-Z{number + 1}"
            if separate:
                owner["cert_id"] = cert_id
            self._add_certificate(case, cert_id, wide=index % 3 != 0)
        if case.kind != "mortgage" and index % 6 == 0:
            case.features.append("plans")
            content = base64.b64encode(png.plan(self.inventor.chance)).decode("ascii")
            case.images.append({"cert_id": case.certificates[0]["cert_id"], "sxh": 1, "media_type": "image/png",
                                "content": content})

    def _add_certificate(self, case: Case, cert_id: str, wide: bool) -> None:
        self._serial += 1
        left, right = "（）" if wide else "()"
        word = "不动产权" if KINDS[case.kind][3] == "1" else "不动产证明"
        number = (f"{case.issuer.province_word}{left}{clock.now():%Y}{right}{case.issuer.number_word}"
                  f"{word}第{self._serial:07d}号")
        case.certificates.append({
            "cert_id": cert_id, "case_no": case.case_no, "cert_kind": KINDS[case.kind][3], "cert_no": number,
            "yzh": f"41{self._serial:09d}", "szsj": clock.stamp(self.moment), "fzsj": None, "status": 1})
        case.items += [{"cert_id": cert_id, "case_id": r["case_id"]} for r in case.rights]

    def _add_events(self, case: Case) -> None:
        registration_type, sub_type, right_type, _, _ = KINDS[case.kind]
        for name in ("DENGBU", "SHANZHENG", "BANJIE"):
            case.events.append({
                "event_id": f"{name}:{case.case_no}:1", "event_type": name, "case_no": case.case_no,
                "case_id": case.rights[0]["case_id"], "revision": 1, "area_code": case.area,
                "djlx": registration_type, "djxl": sub_type, "qllx": right_type,
                "unit_no": case.rights[0]["unit_no"] if len(case.rights) == 1 else None, "classified": 0,
                "occurred_at": clock.stamp(self.moment), "created_at": clock.stamp()})
