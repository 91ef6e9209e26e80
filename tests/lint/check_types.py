#!/usr/bin/env python3
"""A type has one definition: two of one name in one namespace are one type to the linker, which keeps the
functions of either. The compiler never sees it. Types of unnamed namespaces are nobody else's."""

import re
import tempfile
from collections import defaultdict
from pathlib import Path

import lint

TOKEN = re.compile(r"""//[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'
    |\bnamespace\s*([\w:]*)\s*\{
    |\b(?:struct|class|enum\s+class)\s+(?:\[\[\w+\]\]\s*)?(\w+)\s*(?:final\s*)?(?::[^:;{}][^;{}]*)?\{
    |[{}]""", re.X)
# Programs of their own: no library has anything of them.
PROGRAMS = ("tests/",)


def definitions(text):
    """Full names of the types that a file defines for everybody."""
    scopes = []
    for token in TOKEN.finditer(text):
        word = token[0]
        if word[0] in "/\"'":
            continue
        if word == "}":
            del scopes[-1:]
        elif word.startswith("namespace"):
            scopes.append(token[1] or "")
        else:
            if token[2] and all(scopes):
                yield "::".join([*scopes, token[2]])
            scopes.append("")


def check_root(root):
    found = defaultdict(set)
    for path in lint.files(root, {".h"}):
        name = path.relative_to(root).as_posix()
        if not name.startswith(PROGRAMS):
            for full in definitions(path.read_text("utf-8")):
                found[full].add(name)
    return [f"{full}: defined in {' and in '.join(sorted(files))}; rename one"
            for full, files in sorted(found.items()) if len(files) > 1]


def self_test():
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in {"host/one.h": "namespace a::b {\nstruct Same { int x; };\nstruct Mine;\n}",
                           "host/two.h": "namespace a::b {\nclass Same final : public Base { };\n}",
                           "host/three.h": "namespace a {\nnamespace {\nstruct Same {};\n}\nstruct Same {};\n}",
                           "host/four.h": "namespace a::b {\nstruct Outer { struct Same {}; };  // struct Same {\n}",
                           "tests/five.h": "namespace a::b {\nstruct Same {};\n}"}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, "utf-8")
        return lint.self_test("check_types", [("one type twice", check_root(root), 1)])


if __name__ == "__main__":
    lint.main("check_types", lambda: check_root(lint.ROOT), self_test)
