#!/usr/bin/env python3
"""Runs our own contestant of the query contest in its short form, and looks for its rows.

    check_queries.py SOURCE-FOLDER BUILD-FOLDER

Looks at no time: what must hold is that every query was answered and has its record.
"""

import re
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import contest_queries  # noqa: E402  (beside this file)

NUMBERS = re.compile(r"\d+(\.\d+)?( / \d+(\.\d+)?){2}")
KEPT = "every query has its record, and every record is as it was written"


def problems_of(output: str) -> list[str]:
    """What is missing of the tables, in words."""
    problems = [] if KEPT in output else ["it does not say that every query has its record"]
    rows = {cells[0]: cells[1:] for line in output.splitlines() if line.startswith("| ")
            for cells in [[cell.strip() for cell in line.strip("|").split("|")]]}
    for name in (contest_queries.OURS, contest_queries.PERSON, contest_queries.SLOW):
        row = rows.get(name, [])
        if len(row) != len(contest_queries.FIGURES) or not all(NUMBERS.fullmatch(cell) for cell in row):
            problems.append(f"no figures of {name}: {row}")
    return problems


def self_test() -> None:
    """The check finds what it is for."""
    row = " | ".join(["1.0 / 2 / 3"] * len(contest_queries.FIGURES))
    names = (contest_queries.OURS, contest_queries.PERSON, contest_queries.SLOW)
    good = "".join(f"| {name} | {row} |\n" for name in names) + KEPT
    assert problems_of(good) == [], problems_of(good)
    for old, new in ((KEPT, ""), ("2 / 3", "nan"), ("| ours |", "| theirs |")):
        assert problems_of(good.replace(old, new, 1)), (old, new)


def main() -> None:
    """Exit code 1 with what is wrong."""
    source, build = Path(sys.argv[1]), Path(sys.argv[2])
    self_test()
    run = subprocess.run([str(source / "bench.sh"), "--built", str(build), "--queries", "--peer", "none", "--short"],
                         capture_output=True, text=True, check=False)
    print(run.stdout)
    problems = problems_of(run.stdout) + ([] if run.returncode == 0 else [f"exit code {run.returncode}: {run.stderr}"])
    print("\n".join(problems))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
