"""Which number the message of a booking must have, by what came of it before and whether the log of its day came."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .books import Books
from .province_ways import Numbers

_PLAIN = 18  # digits

Logged = Literal["accepted", "refused", "none"]


@dataclass(frozen=True)
class Booked:
    """The booking of a message."""

    unit: str
    flow: str


def finding(books: Books, number: str, booked: Booked, logged: Logged, rules: Numbers = Numbers()) -> str:
    """What is wrong with the number of a message that is not a repetition of the same bytes; empty when nothing is."""
    base, suffix = number[:_PLAIN], number[_PLAIN:]
    of_others = books.row("SELECT 1 FROM provincial WHERE substr(number, 1, ?) = ? AND (unit, flow) <> (?, ?)", _PLAIN, base,
                          booked.unit, booked.flow)
    if of_others:
        return "报文编号属于其他业务"
    before = books.rows("SELECT number, state FROM provincial WHERE unit = ? AND flow = ?", booked.unit, booked.flow)
    if not before:
        return _wrong_suffix(suffix, _by_log("", rules.late, logged))
    accepted = any(row["state"] == "accepted" for row in before)
    wanted = (rules.update,) if accepted else _by_log(rules.again_before_log, rules.again, logged)
    known = base in {row["number"][:_PLAIN] for row in before}
    fitting = [rule for rule in wanted if (rule == "new") != known]
    if not fitting:
        return "该业务应使用新的报文编号" if known else "该业务已有报文，应沿用原报文编号的前18位"
    if accepted and suffix != _suffix(rules.update):
        return f"已接入业务的更新应使用原编号加 {rules.update}"
    return _wrong_suffix(suffix, fitting)


def _by_log(before_log: str, after_log: str, logged: Logged) -> tuple[str, ...]:
    """A log that was refused closes its day for nobody, but who sent it may not know that yet."""
    return {"accepted": (after_log,), "refused": (before_log, after_log), "none": (before_log,)}[logged]


def _suffix(rule: str) -> str:
    return "" if rule in ("same", "new") else rule


def _wrong_suffix(suffix: str, rules: tuple[str, ...] | list[str]) -> str:
    wanted = [_suffix(rule) for rule in rules]
    return "" if suffix in wanted else f"报文编号后缀应为“{'”或“'.join(wanted)}”"


def in_effect(books: Books, booked: Booked) -> str:
    """The number of the last message of a booking that was accepted; empty when none was."""
    row = books.row("SELECT number FROM provincial WHERE unit = ? AND flow = ? AND state = 'accepted' ORDER BY id DESC LIMIT 1",
                    booked.unit, booked.flow)
    return row["number"] if row else ""
