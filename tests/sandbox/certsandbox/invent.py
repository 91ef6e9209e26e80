"""Invented persons, companies and places. Nobody here exists.

Citizen ids carry dates of birth from 1901 to 1912, so that no living person has them; organisation
codes start with Y, which has not been given out.
"""

from __future__ import annotations

import datetime
import random

from . import numbers

_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = "明华强伟芳秀英敏静丽军洋艳勇杰娟涛超兰霞平刚桂玉鹏飞鑫磊淼垚喆堃祎璟玥"
_RARE = ("\U0002cc56", "\u36c3", "䶮", "㭎", "\U00020bb7")
_TOWNS = {"411300": ("宛城区", "卧龙区"), "411324": ("石佛寺镇", "涅阳街道"), "411325": ("湍东镇", "城关镇"),
          "411381": ("古城街道", "穰东镇")}
_DISTRICTS = {"411300": ("411302", "411303"), "411324": ("411324",), "411325": ("411325",), "411381": ("411381",)}
_ROADS = ("建设路", "工业路", "中州路", "文化路", "滨河大道", "玉源大道", "郦都大道", "新华路")
_ESTATES = ("锦绣花园", "阳光家园", "御景华府", "翠湖小区", "龙腾国际", "福星苑", "学府名城")
_TRADES = ("置业", "房地产开发", "实业", "物流", "农业科技", "商贸")
_BANKS = ("示例银行股份有限公司{}支行", "样本农村商业银行股份有限公司{}支行", "虚构村镇银行有限责任公司{}支行")


class Inventor:
    """Names and numbers from one seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._units: dict[str, int] = {}

    def person(self, rare: bool = False) -> tuple[str, str]:
        """Name and citizen id."""
        pick = self.chance.choice
        given = pick(_GIVEN) + (pick(_RARE) if rare else pick(("", pick(_GIVEN))))
        return pick(_SURNAMES) + given, self.citizen_id()

    def citizen_id(self) -> str:
        """A valid id that nobody living has."""
        born = datetime.date(1901, 1, 1) + datetime.timedelta(days=self.chance.randrange(4380))
        division = self.chance.choice(("411302", "411303", "411324", "411325", "411328", "411381"))
        body = f"{division}{born:%Y%m%d}{self.chance.randrange(1, 1000):03d}"
        return body + numbers.citizen_check(body)

    def company(self, place: str, area: str) -> tuple[str, str]:
        """Name and credit code of a company."""
        word = self.chance.choice(("宏", "泰", "瑞", "恒", "嘉")) + self.chance.choice(("远", "信", "丰", "和", "达"))
        return f"{place}{word}{self.chance.choice(_TRADES)}有限公司", self.credit_code("91", area)

    def bank(self, place: str, area: str) -> tuple[str, str]:
        """Name and credit code of a bank."""
        return self.chance.choice(_BANKS).format(place), self.credit_code("91", area)

    def credit_code(self, kind: str, area: str) -> str:
        """A valid credit code with an organisation code that was never given out."""
        inner = "Y" + "".join(self.chance.choice("0123456789ABCDEFGH") for _ in range(7))
        body = kind + area + inner + numbers.organisation_check(inner)
        return body + numbers.credit_check(body)

    def unit(self, area: str, building: int | None = None) -> str:
        """A unit code that was not used before; the same building gives neighbours."""
        district = self.chance.choice(_DISTRICTS[area])
        serial = self._units[district] = self._units.get(district, 0) + 1
        number = building if building is not None else self.chance.randrange(1, 40)
        return f"{district}001{serial // 9000 + 1:03d}GB{serial % 9000 + 100:05d}F{number:04d}{serial % 9000 + 1:04d}"

    def place(self, area: str, place: str) -> str:
        """A location as printed."""
        pick, number = self.chance.choice, self.chance.randrange
        return (f"{place}{pick(_TOWNS[area])}{pick(_ROADS)}{number(1, 300)}号{pick(_ESTATES)}{number(1, 30)}号楼"
                f"{number(1, 4)}单元{number(1, 33)}层{number(101, 3304)}室")
