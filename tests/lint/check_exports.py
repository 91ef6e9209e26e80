#!/usr/bin/env python3
"""Exactly one symbol leaves each plugin's library. Arguments: the folder with the built plugins, and for
the self-test a library that exports another name."""

import pathlib
import sys

import lint

DOOR = "certbridge_plugin_v1"


def exported(library):
    """Defined dynamic symbols, without the section marks that linkers add."""
    result = lint.run(["nm", "-D", "--defined-only", str(library)])
    if result.returncode != 0:
        return [f"nm failed: {result.stderr.strip()}"]
    names = [line.split()[-1] for line in result.stdout.splitlines()]
    return [n.split("@")[0] for n in names if n.split("@")[0] not in ("_init", "_fini", "__bss_start", "_edata", "_end")]


def judge(library):
    names = exported(library)
    if names == [DOOR]:
        return []
    return [f"{library.name}: exports {', '.join(names) or 'nothing'}; only {DOOR} may leave it"]


def check(folder):
    libraries = sorted(pathlib.Path(folder).glob("*/*.so"))
    return [finding for library in libraries for finding in judge(library)]


if __name__ == "__main__":
    where = [a for a in sys.argv[1:] if not a.startswith("--")]
    if "--self-test" in sys.argv:
        sys.exit(lint.self_test("check_exports", [("a library without our door", judge(pathlib.Path(where[0])), 1)]))
    sys.exit(lint.finish("check_exports", check(where[0])))
