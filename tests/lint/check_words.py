#!/usr/bin/env python3
"""Words that do not belong into the repository: marks of unfinished work, and paths of one machine."""

import pathlib
import re
import tempfile

import lint

# In two halves, so that this file does not find itself.
FORBIDDEN = {
    "TO" + "DO": "unfinished work is built less, but finished",
    "FIX" + "ME": "unfinished work is built less, but finished",
    "XX" + "X:": "unfinished work is built less, but finished",
    "/ho" + "me/": "a path of one machine",
    "/wo" + "rk/": "a path of one machine",
    "/tmp/" + "bri": "a path of one machine",
    "sle" + "ep_for(std::chrono::sec": "tests wait for a condition, not for a time",
}
SUFFIXES = {".h", ".cpp", ".in", ".py", ".sh", ".md", ".xml", ".xsd", ".cmake", ".txt", ".sql"}


def check_root(root):
    findings = []
    for path in lint.files(root, SUFFIXES):
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            for word, reason in FORBIDDEN.items():
                if re.search(r"(?<![\w.])" + re.escape(word), line):
                    findings.append(f"{path.relative_to(root)}:{number}: {word}: {reason}")
    return findings


def planted(text):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "host" / "x.cpp"
        path.parent.mkdir()
        path.write_text(text)
        return check_root(pathlib.Path(folder))


def test():
    return lint.self_test("check_words", [
        ("a mark of unfinished work", planted("// TO" + "DO: later\n"), 1),
        ("a path of one machine", planted('auto p = "/ho' + 'me/me/x";\n'), 1),
        ("a decent line", planted("// To do good is its own reward; see https://x.example/work/1\n"), 0)])


if __name__ == "__main__":
    lint.main("check_words", lambda: check_root(lint.ROOT), test)
