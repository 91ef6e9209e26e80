#!/usr/bin/env python3
"""What says that it reads hostile input is tried with it: each plugin of posture "hardened" has a fuzz target over
its own objects, and each source of a fuzz target is built."""

import re
import tempfile
from pathlib import Path

import lint

TARGET = re.compile(r"certbridge_add_fuzz_target\((\w+)\s+RUNS[^)]*\)")


def check_root(root):
    listing = (root / "tests/fuzz/CMakeLists.txt").read_text("utf-8")
    calls = {match[1]: match[0] for match in TARGET.finditer(listing)}
    findings = []
    for manifest in sorted([*root.glob("adapters/*/plugin.xml"), *root.glob("plugins/*/plugin.xml")]):
        name = manifest.parent.name
        hardened = 'posture="hardened"' in manifest.read_text("utf-8")
        if hardened and not any(re.search(rf"\b{name}_(objects|samples)\b", call) for call in calls.values()):
            findings.append(f"{manifest.relative_to(root)}: hardened, but no fuzz target in tests/fuzz uses it")
    for source in sorted(root.glob("tests/fuzz/*.cpp")):
        if "int LLVMFuzzerTestOneInput" in source.read_text("utf-8") and source.stem not in calls:
            findings.append(f"{source.relative_to(root)}: no target is made of it")
    return findings


def self_test():
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in {"tests/fuzz/CMakeLists.txt": "certbridge_add_fuzz_target(good RUNS 1 LIBRARIES good_objects)",
                           "tests/fuzz/good.cpp": 'extern "C" int LLVMFuzzerTestOneInput(', "tests/fuzz/help.cpp": "",
                           "tests/fuzz/lost.cpp": 'extern "C" int LLVMFuzzerTestOneInput(',
                           "plugins/good/plugin.xml": '<plugin posture="hardened"',
                           "plugins/bad/plugin.xml": '<plugin posture="hardened"',
                           "plugins/calm/plugin.xml": '<plugin posture="trusts-peer"'}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, "utf-8")
        return lint.self_test("check_fuzz", [("a plugin and a source without a target", check_root(root), 2)])


if __name__ == "__main__":
    lint.main("check_fuzz", lambda: check_root(lint.ROOT), self_test)
