"""Misbehaviour on request, and at random rates."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass
from typing import Any

KINDS = ("slow", "fail", "drop-after", "drop-before", "act-late", "receive", "reject-late", "down",
         "garble", "unknown-code", "busy", "throttle", "cut-request", "cut-answer",
         "data-object", "data-list", "data-text", "data-empty", "data-null", "other-file", "redirect")
# Done, and answered in another way: what the application looks at.
ODD_ANSWERS = ("data-object", "data-list", "data-text", "data-empty", "data-null", "other-file")


@dataclass
class Fault:
    """What to do wrong, on which path, how often and for how long."""

    path: str
    kind: str
    times: int
    milliseconds: int


class Faults:
    """The faults that wait, first come first served, then chance."""

    def __init__(self, chaos: str = "") -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []
        self._rates: dict[str, float] = {}
        self._random = random.Random(0)
        self._milliseconds = 200
        self.set_chaos(chaos)

    def set_chaos(self, text: str) -> None:
        """Random rates, as `seed=1,drop-after=0.05,slow=0.1,ms=300`; an empty text ends them."""
        rates: dict[str, float] = {}
        for part in filter(None, text.split(",")):
            name, _, number = part.partition("=")
            if name == "seed":
                self._random = random.Random(number)
            elif name == "ms":
                self._milliseconds = int(number)
            elif name in KINDS and 0 <= float(number) <= 1:
                rates[name] = float(number)
            else:
                raise ValueError(f"chaos knows no {part!r}; kinds: {', '.join(KINDS)}")
        self._rates = rates

    def add(self, wish: dict[str, Any]) -> None:
        """Take a wish of POST /sandbox/faults; `path` may be the start of a path or empty for all."""
        if wish.get("kind") not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        fault = Fault(str(wish.get("path", "")), wish["kind"], int(wish.get("times", 1)),
                      int(wish.get("milliseconds", 200)))
        with self._lock:
            self._waiting.append(fault)

    def clear(self) -> None:
        """Behave again."""
        with self._lock:
            self._waiting.clear()
            self._rates = {}

    def waiting(self) -> list[dict[str, Any]]:
        """Faults that have not happened yet."""
        with self._lock:
            return [vars(f).copy() for f in self._waiting]

    def take(self, path: str) -> Fault | None:
        """The fault for this request, if one is due."""
        with self._lock:
            for fault in self._waiting:
                if path.startswith(fault.path):
                    fault.times -= 1
                    if fault.times <= 0:
                        self._waiting.remove(fault)
                    return fault
            for kind, rate in self._rates.items():
                if self._random.random() < rate:
                    return Fault(path, kind, 1, self._milliseconds)
        return None
