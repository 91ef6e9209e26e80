"""The model that the library's books are compared with: certificates by what was booked about them, and no more.

It knows nothing of messages, versions of rows, deliveries or retries. `REARRANGEMENTS` is the one place that says what a
case which makes certificates of earlier ones means for the earlier ones."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from life_world import (CLEAR, FREE, LIMIT, OBJECT, PAUSE, PLEDGE, REDEEM, RESUME, SEIZE, UNLIMIT, WAIT)

# Kind of restriction: how it is booked, and its release.
RESTRICTIONS = {"seizure": (SEIZE, FREE), "objection": (OBJECT, CLEAR), "limitation": (LIMIT, UNLIMIT),
                "suspension": (PAUSE, RESUME), "mortgage": (PLEDGE, REDEEM)}
LOST = ("YISHI", "900", None)
ENDS = {"cancelled": ("ZHUXIAO", "400", None), "revoked": ("DIAOXIAO", "400", None), "abolished": ("FEIZHI", "400", None)}


@dataclass(frozen=True)
class Rearrangement:
    """A case that names `earlier` certificates and makes `new` ones."""

    registration: str
    earlier: int
    new: int
    events: tuple[str, ...]  # that the office hands over, in order
    becomes: str | None  # what the earlier ones are by that; None: they stay as they are
    names: bool = True  # whether the case names them; else they only say where the new ones are


# The table of changes in docs/life.md: where the right has passed the earlier ones end when that is booked, of a
# replacement once the new ones are collected. Where a kind is no change, the office books the end in the same case.
REARRANGEMENTS = {
    "first issue": Rearrangement("100", 1, 1, ("SHANZHENG",), None, names=False),
    "transfer": Rearrangement("200", 1, 1, ("DENGBU", "SHANZHENG"), "cancelled"),
    "split": Rearrangement("300", 1, 2, ("DENGBU", "SHANZHENG"), "cancelled"),
    "merge": Rearrangement("300", 2, 1, ("SHANZHENG",), "cancelled"),
    "regroup": Rearrangement("200", 2, 2, ("DENGBU", "SHANZHENG"), "cancelled"),
    "exchange": Rearrangement("900", 1, 1, ("SHANZHENG",), "cancelled"),
}


@dataclass
class Booked:
    """A certificate by what was booked about it."""

    number: str
    case_no: str
    words: dict[str, str]  # of the library
    unit: str = ""
    open: list[tuple[str, str]] = field(default_factory=list)  # kind and case of each restriction
    base: str = "valid"
    version: int = 1
    told: list[str] = field(default_factory=list)  # words in the order in which the library is to hear them
    events: list[str] = field(default_factory=list)  # cases that booked something about it

    def status(self) -> str:
        """How it stands, in the host's words."""
        if self.base != "valid" or not self.open:
            return self.base
        return "mortgaged" if all(kind == "mortgage" for kind, _ in self.open) else "suspended"

    def word(self) -> str:
        """How it stands, in the library's."""
        return self.words[self.status()]

    def note(self, before: str, case_no: str) -> None:
        """Something was booked; `before` is the word that it had."""
        self.events.append(case_no)
        if self.word() != before:
            self.told.append(self.word())

    def restrict(self, chance: random.Random, case_no: str) -> tuple[tuple, str, str | None]:
        """How a restriction is booked: the row, its kind, the case that it releases."""
        before, kind = self.word(), chance.choice(list(RESTRICTIONS))
        row = WAIT if kind == "seizure" and any(one == kind for one, _ in self.open) else RESTRICTIONS[kind][0]
        self.open.append((kind, case_no))
        self.note(before, case_no)
        return row, kind, None

    def release(self, chance: random.Random, case_no: str) -> tuple[tuple, str, str | None]:
        """How the end of one of its restrictions is booked."""
        before = self.word()
        kind, of = self.open.pop(chance.randrange(len(self.open)))
        self.note(before, case_no)
        return RESTRICTIONS[kind][1], kind, of

    def become(self, base: str, case_no: str) -> None:
        """Lost, or an end."""
        before, self.base = self.word(), base
        self.note(before, case_no)

    def renew(self) -> None:
        """A new version: what is open stays open, what was lost is there again. The library takes it for valid."""
        self.version += 1
        self.base = "valid"
        if self.word() != self.words["valid"]:
            self.told.append(self.word())


def follows(heard: list[str], told: list[str]) -> bool:
    """Whether what was heard is what was told with something left out, and ends the same."""
    rest = iter(told)
    return all(word in rest for word in heard) and heard[-1:] == told[-1:]
