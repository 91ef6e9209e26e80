"""G1 to G3: histories at random, through the real host and the sandbox, while everything is killed, frozen and lied to.

A history is a seed: cases that issue certificates, and what is booked about them afterwards (history.py, office.py). While
it is told, the host is killed and its disk is full, counterparts are killed and frozen, lose requests and answers, answer
late, garbage or half (trouble.py). At the end the library's own books are compared with what was booked (model.py):

    python3 tests/crash/histories_test.py build/release                      # CERTBRIDGE_HISTORIES seeds, from 1 on
    CERTBRIDGE_HISTORY=17 python3 tests/crash/histories_test.py build/release    # one seed again
    CERTBRIDGE_HISTORY_FAULT=order_key_ignored python3 ...                     # until a seeded fault is caught
    CERTBRIDGE_HISTORY_REPORT=report.md python3 ...                          # the table at the end, also in a file
"""

import os
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

from history import History  # noqa: E402
from report import Report  # noqa: E402
from world import main, make_authority  # noqa: E402

SEEDS = int(os.environ.get("CERTBRIDGE_HISTORIES", "60"))
FIRST = int(os.environ.get("CERTBRIDGE_HISTORIES_FROM", "1"))
ONE = os.environ.get("CERTBRIDGE_HISTORY")
FAULT = os.environ.get("CERTBRIDGE_HISTORY_FAULT", "")
ENOUGH = 60  # histories after which every kind of trouble has come


class OneAuthority(unittest.TestCase):
    """Histories share a test authority."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="certbridge-authority-")
        self.addCleanup(folder.cleanup)
        self.authority = Path(folder.name) / "testca"
        make_authority(self.authority)


@unittest.skipIf(FAULT, "a fault is looked for")
class Histories(OneAuthority):
    def test_the_books_agree_after_each(self) -> None:
        report = Report()
        for seed in [int(ONE)] if ONE else range(FIRST, FIRST + SEEDS):
            history = History(self, seed, self.authority)
            found = history.run()
            if found:
                print(f"\nseed {seed}: {found}", flush=True)
            report.add(history, found)
        report.write(os.environ.get("CERTBRIDGE_HISTORY_REPORT", ""))
        if report.seeds >= ENOUGH:
            self.assertEqual([], report.never_came(), "this never came")
        self.assertEqual({}, report.failed, "CERTBRIDGE_HISTORY=<seed> tells one of them again")


@unittest.skipUnless(FAULT, "no fault is looked for")
class SeededFault(OneAuthority):
    def test_it_is_caught(self) -> None:
        for seed in range(FIRST, FIRST + SEEDS):
            found = History(self, seed, self.authority, FAULT).run()
            if found:
                return print(f"\n{FAULT}: seed {seed}: {found[0]}", flush=True)
        self.fail(f"{FAULT} was not caught within {SEEDS} histories")


main(__name__)
