#!/usr/bin/env python3
"""Runs clang-tidy (.clang-tidy) over what a build folder compiles: everything, or what changed since a commit.

    tests/lint/tidy.py build/release            # everything: an hour of one core
    tests/lint/tidy.py build/release origin/main

Called by hand: it takes too long for every change, and nothing else needs clang (Debian's package clang-tidy).
The folder has to be built, as the build knows which source includes a changed header.
"""

import json
import os
import pathlib
import re
import shlex
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

import lint

FINDING = re.compile(r"^(/[^:]*)(:.*: (?:warning|error): .*\[[\w.,-]+\])$", re.MULTILINE)
NOT_OURS = ("cmake_pch.hxx", "verify_interface_header_sets", "_headers.dir")


def program():
    return shutil.which("clang-tidy-14") or shutil.which("clang-tidy")


def flags(words):
    """A command without what only g++ understands; its precompiled header is one of those."""
    kept, words = [], iter(words)
    for word in words:
        if word == "-include":
            next(words)
        elif word not in ("-Winvalid-pch", "-fno-gnu-unique", "-Werror") and not word.startswith("-Wno-"):
            kept.append(word)
    return kept


def units(build):
    """What is compiled: the object's name to its entry for clang."""
    found = {}
    for entry in json.loads((build / "compile_commands.json").read_text("utf-8")):
        words = shlex.split(entry["command"])
        if not any(part in entry["file"] for part in NOT_OURS):
            found[words[words.index("-o") + 1]] = {
                "directory": entry["directory"], "file": entry["file"], "arguments": flags(words)}
    return found


def dependencies(listed):
    """Each object and the files that it was made of, from `ninja -t deps`."""
    found, files = {}, []
    for line in listed.splitlines():
        if line.startswith(" "):
            files.append(line.strip())
        elif ": #deps" in line:
            files = found[line.split(": #deps")[0]] = []
    return found


def touched(changed, made_of, known):
    """Objects that show the changed files: of several that include a header, one is enough. And files in none."""
    chosen, unseen = [], []
    for path in changed:
        holders = [name for name, files in made_of.items() if name in known and path in files]
        if not holders:
            unseen.append(path)
        elif not set(holders) & set(chosen):
            chosen.append(min(holders, key=lambda name: len(made_of[name])))
    return chosen, unseen


def changed_since(commit):
    names = lint.run(["git", "-C", str(lint.ROOT), "diff", "--name-only", "--diff-filter=d", commit, "--", "*.cpp", "*.h"])
    if names.returncode != 0:
        sys.exit(f"tidy: {names.stderr.strip()}")
    return [str(lint.ROOT / name) for name in names.stdout.split()]


def tidied(entries):
    """Findings in these units, each once: headers are seen by many."""
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "compile_commands.json").write_text(json.dumps(entries), "utf-8")

        def run(entry):
            result = lint.run([program(), "-p", folder, "--quiet", f"--config-file={lint.ROOT / '.clang-tidy'}", entry["file"]])
            found = FINDING.findall(result.stdout)
            if result.returncode and not found:
                return [result.stdout + result.stderr]
            # What clang 14 does not take of others' headers (qpdf's) hides nothing behind them.
            return [os.path.normpath(path) + place for path, place in found if not path.startswith("/usr/")]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return sorted({finding for found in pool.map(run, entries) for finding in found})


def check(build, commit):
    known = units(build)
    if commit is None:
        return tidied(list(known.values()))
    made_of = dependencies(lint.run(["ninja", "-C", str(build), "-t", "deps"]).stdout)
    chosen, unseen = touched(changed_since(commit), made_of, known)
    return [f"{path}: {build} compiles it nowhere; build that first" for path in unseen] + tidied(
        [known[name] for name in chosen])


def test():
    made_of = dependencies("one.o: #deps 2, deps mtime 1 (VALID)\n    /a.cpp\n    /a.h\n\nall.o: #deps 3, deps mtime 1 (VALID)\n"
                           "    /b.cpp\n    /a.h\n    /c.h\n")
    with tempfile.TemporaryDirectory() as folder:
        part, unit = pathlib.Path(folder) / "sdk" / "part.cpp", pathlib.Path(folder) / "unity_0_cxx.cxx"
        part.parent.mkdir()
        part.write_text("struct One { virtual ~One(); };\nstruct Two : One { virtual ~Two(); };\n")
        unit.write_text(f'#include "{part}"\n')
        entry = {"directory": folder, "file": str(unit), "arguments": ["c++", "-c", str(unit)]}
        found = tidied([entry, entry]) if program() else [1]
    return lint.self_test("tidy", [
        ("a forgotten `override` in a source of two units", found, 1),
        ("a header of two objects", touched(["/a.h"], made_of, made_of)[0], 1),
        ("a header of an object that is looked at anyway", touched(["/b.cpp", "/a.h"], made_of, made_of)[0], 1),
        ("a file that nothing includes", touched(["/d.h"], made_of, made_of)[1], 1),
        ("a command for g++", flags("c++ -include x.hxx -Wno-restrict -fno-gnu-unique -Wall".split()), 2)])


if __name__ == "__main__":
    if "--self-test" in sys.argv:
        sys.exit(test())
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    if program() is None:
        sys.exit("tidy: clang-tidy is not installed (Debian's package clang-tidy)")
    sys.exit(lint.finish("tidy", check(pathlib.Path(sys.argv[1]).resolve(), (sys.argv[2:] or [None])[0])))
