#!/usr/bin/env python3
"""Every test and corpus file that traps.md names exists; --self-test shows that a wrong name is found."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
PLUGIN = ROOT / "plugins" / "seal_service"
NAME = re.compile(r"`(corpus/[a-z0-9-]+|test_[a-z_]+|[A-Z]\w*\.\w+)`")


def known() -> set[str]:
    """Names of all tests and corpus files that a trap may be seen by."""
    found = set()
    for folder in (PLUGIN / "tests", ROOT / "plugins" / "shared" / "sm" / "tests"):
        for file in folder.glob("*.cpp"):
            found |= {".".join(pair) for pair in re.findall(r"TEST(?:_F|_P)?\((\w+), (\w+)\)", file.read_text("utf-8"))}
    corpus = (PLUGIN / "testing" / "corpus.cpp").read_text("utf-8")
    found |= {f"corpus/{name}" for name in re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)*)"', corpus)}
    for file in (ROOT / "tests" / "sandbox" / "tests").glob("*.py"):
        found |= set(re.findall(r"def (test_\w+)", file.read_text("utf-8")))
    return found


def missing(text: str) -> list[str]:
    """What is wrong with the table."""
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith(("| trap", "| ---"))]
    found = [f"no test for: {row}" for row in rows if not NAME.search(row)]
    names = known()
    return found + [f"{name} does not exist" for row in rows for name in NAME.findall(row) if name not in names]


def main() -> int:
    text = (PLUGIN / "tests" / "traps.md").read_text("utf-8")
    if "--self-test" in sys.argv:
        wrong = "| a trap | `Sm2.NoSuchTest`, `corpus/no-such-file` |\n| another | nothing |\n"
        return 0 if len(missing(text + wrong)) == 3 else 1
    found = missing(text)
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
