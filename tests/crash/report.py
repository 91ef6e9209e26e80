"""How much of everything came in a run of histories: a run that met no trouble proves nothing."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import history
import trouble


class Report:
    """Adds up histories."""

    def __init__(self) -> None:
        self.seeds, self.failed, self._began = 0, {}, time.monotonic()
        self.events, self.troubles, self.misdeeds = Counter(), Counter(), Counter()

    def add(self, one: "history.History", found: list[str]) -> None:
        """A history that has ended."""
        self.seeds += 1
        self.events += one.done
        self.troubles += one.trouble.done
        self.misdeeds += one.misdeeds
        if found:
            self.failed[one.seed] = found

    def never_came(self) -> list[str]:
        """Kinds that a long enough run must have met."""
        expected = ((self.events, history.KINDS), (self.troubles, [*trouble.KINDS, *trouble.ON_POSTGRESQL.values()]),
                    (self.misdeeds, trouble.MISDEEDS))
        return [kind for counted, kinds in expected for kind in kinds if not counted[kind]]

    def text(self) -> str:
        """A table in Markdown."""
        lines = [f"{self.seeds} histories in {time.monotonic() - self._began:.0f} s, {len(self.failed)} of them wrong.", ""]
        for title, counted in (("booked", self.events), ("trouble", self.troubles),
                               ("a counterpart's misdeeds", self.misdeeds)):
            lines += [f"| {title} | times |", "| --- | --- |",
                      *(f"| {kind} | {number} |" for kind, number in counted.most_common()), ""]
        lines += [f"Seed {seed}: {'; '.join(found)}" for seed, found in self.failed.items()]
        return "\n".join(lines)

    def write(self, path: str) -> None:
        """To a file, and to whoever watches."""
        print("\n" + self.text(), flush=True)
        if path:
            Path(path).write_text(self.text() + "\n", "utf-8")
