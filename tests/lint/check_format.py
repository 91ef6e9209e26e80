#!/usr/bin/env python3
"""Every C++ file is as clang-format 14 with .clang-format writes it (--write mends)."""

import pathlib
import shutil
import sys
import tempfile

import lint


def program():
    return shutil.which("clang-format-14") or shutil.which("clang-format")


def check_files(paths):
    findings = []
    for start in range(0, len(paths), 50):
        batch = [str(path) for path in paths[start:start + 50]]
        result = lint.run([program(), "--style=file", "--dry-run", "--ferror-limit=1"] + batch)
        seen = set()
        for line in result.stderr.splitlines():
            if "[-Wclang-format-violations]" in line:
                seen.add(line.split(":")[0])
        findings += [f"{path}: not formatted; run clang-format -i" for path in sorted(seen)]
    return findings


def check():
    paths = lint.files(lint.ROOT, {".h", ".cpp"})
    if "--write" in sys.argv:
        lint.run([program(), "--style=file", "-i"] + [str(path) for path in paths])
    return check_files(paths)


def test():
    with tempfile.TemporaryDirectory(dir=lint.ROOT / "tests") as folder:
        ugly = pathlib.Path(folder) / "ugly.cpp"
        ugly.write_text("int  main( ){return 0 ;}\n")
        neat = pathlib.Path(folder) / "neat.cpp"
        neat.write_text("int main() { return 0; }\n")
        return lint.self_test("check_format", [("an ugly file", check_files([ugly]), 1), ("a neat file", check_files([neat]), 0)])


if __name__ == "__main__":
    if program() is None:
        print("check_format: clang-format is not installed")
        sys.exit(77)
    lint.main("check_format", check, test)
