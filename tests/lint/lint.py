"""What the lints share: the files of the repository and how a result is told."""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("sdk", "front", "host", "adapters", "plugins", "tests", "cmake", "config", "docs", "scripts")


def files(root, suffixes):
    """Files below our folders, by their endings, in a fixed order; build folders left out."""
    found = []
    for folder in FOLDERS:
        base = root / folder
        for path in sorted(base.rglob("*")) if base.is_dir() else []:
            parts = path.relative_to(root).parts
            if path.is_file() and path.suffix in suffixes and "build" not in parts:
                found.append(path)
    return found


def finish(name, findings):
    for finding in findings:
        print(finding)
    print(f"{name}: {len(findings)} findings" if findings else f"{name}: nothing found")
    return 1 if findings else 0


def self_test(name, cases):
    """Each case is (what, findings, expected number): a lint that finds nothing proves nothing."""
    wrong = [f"{name} self-test: {what}: {len(found)} findings, expected {count}: {found}"
             for what, found, count in cases if len(found) != count]
    return finish(f"{name} self-test", wrong)


def run(command):
    return subprocess.run(command, capture_output=True, text=True, check=False)


def main(name, check, test):
    sys.exit(test() if "--self-test" in sys.argv else finish(name, check()))
