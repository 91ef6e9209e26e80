"""Whether a file may enter the library; how much is checked is an option (`all`, `sample`, `none`)."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from . import numbers, ofd, ses
from .issuers import Issuer
from .record_rules import Submission


@dataclass(frozen=True)
class Problem:
    """Why a file is refused."""

    rule: str
    text: str


class SealJudge:
    """Checks package, metadata and seal of files by the second implementation."""

    def __init__(self, mode: str = "none", trust: list[bytes] | None = None,
                 revocations: list[bytes] | None = None, sample_every: int = 20) -> None:
        self._mode = mode
        self._verifier = ses.SealVerifier(trust or [], revocations)
        self._every, self._counter = sample_every, itertools.count()

    def problem(self, record: Submission, issuer: Issuer) -> Problem | None:
        """What is wrong with the file, or None."""
        if not record.content.startswith(b"PK\x03\x04"):
            return Problem("ofd.zip", "file is not a ZIP package")
        if self._mode == "none" or (self._mode == "sample" and next(self._counter) % self._every):
            return None
        return self._examine(record, issuer)

    def _examine(self, record: Submission, issuer: Issuer) -> Problem | None:
        """Package, seal, the issuer's own seal, and metadata that say what the record says."""
        try:
            sealed = ofd.check_sealed(record.content, self._verifier)
        except (ofd.PackageProblem, ses.SealProblem) as problem:
            return Problem(problem.rule, problem.text)
        registered = issuer.seals.get(record.type_code)
        if registered and sealed.seal.seal.seal_id != registered:
            return Problem("seal.other_issuer", "sealed with a seal that is not registered for issuer and type")
        expected = {"ZZBS": record.identifier, "ZZLXDM": record.type_code, "ZZBFJGDM": record.issuer_code,
                    "ZZBH": record.normalised}
        for name, text in expected.items():
            given = sealed.metadata.get(name, "")
            if (numbers.normalise_number(given) if name == "ZZBH" else given) != text:
                return Problem("ofd.metadata", f"{name} in the file differs from the record")
        return None
