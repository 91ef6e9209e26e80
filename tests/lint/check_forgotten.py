#!/usr/bin/env python3
"""Who uses a word of the standard library includes its header: the file itself, or a header of ours that it includes.
Sources that are compiled at once, or behind precompiled headers, hide from the compiler that a file forgot one."""

import re
import tempfile
from collections import defaultdict
from pathlib import Path

import lint

HEADERS = {header: re.compile(rf"\bstd::(?:{words})\b") for header, words in {
    "algorithm": r"sort|stable_sort|find_if|all_of|any_of|none_of|transform|min|max|clamp|copy|remove_if|count_if|reverse|"
                 r"equal|lower_bound|upper_bound|replace", "array": "array", "atomic": "atomic", "cctype": "toupper|tolower",
    "charconv": "from_chars|to_chars", "chrono": "chrono", "cmath": "floor|ceil|round|sqrt|isfinite|hypot|lround",
    "condition_variable": "condition_variable", "deque": "deque", "filesystem": "filesystem",
    "fstream": "ifstream|ofstream|fstream", "functional": "function", "future": "future|promise|async",
    "iomanip": "setw|setfill|setprecision", "iostream": "cout|cerr|clog", "map": "map|multimap",
    "memory": "unique_ptr|shared_ptr|make_unique|make_shared", "mutex": "mutex|lock_guard|unique_lock|scoped_lock",
    "optional": "optional|nullopt", "random": r"mt19937(?:_64)?|uniform_int_distribution", "set": "set|multiset",
    "sstream": "istringstream|ostringstream|stringstream", "string": "string|to_string", "thread": "thread|this_thread",
    "unordered_map": "unordered_map", "variant": "variant|visit|get_if|holds_alternative", "vector": "vector"}.items()}
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.MULTILINE)
COMMENT = re.compile(r"//.*")


class Sources:
    """All sources of ours, and what each includes."""

    def __init__(self, root):
        self.texts = {path: path.read_text("utf-8") for path in lint.files(root, {".h", ".cpp"})}
        self.by_end = defaultdict(list)
        for path in self.texts:
            parts = path.relative_to(root).parts
            for first in range(len(parts)):
                self.by_end["/".join(parts[first:])].append(path)

    def standard(self, path, seen):
        """Headers of the libraries that are included by the file and by ours that it includes."""
        found, seen = set(), seen | {path}
        for kind, name in INCLUDE.findall(self.texts[path]):
            if kind == "<":
                found.add(name)
            for other in self.by_end[name] if kind == '"' else ():
                if other not in seen:
                    seen.add(other)
                    more, seen = self.standard(other, seen)
                    found |= more
        return found, seen


def check_root(root):
    sources, findings = Sources(root), []
    for path, text in sources.texts.items():
        code, (included, _) = COMMENT.sub("", text), sources.standard(path, set())
        findings += [f"{path.relative_to(root)}: uses {words.search(code)[0]} without <{header}>"
                     for header, words in HEADERS.items() if header not in included and words.search(code)]
    return findings


def self_test():
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for path, text in {"host/a/own.h": "#include <vector>\n", "host/a/deep.h": '#include "a/own.h"\n',
                           "host/a/good.cpp": '#include "a/deep.h"\n#include <map>\nstd::map<int, std::vector<int>> m;\n',
                           "host/a/comment.cpp": "int a;  // a std::set\n", "host/a/other.cpp": "std::set_union(1);\n",
                           "host/a/bad.cpp": '#include "a/own.h"\nstd::vector<std::optional<int>> v; std::mutex m;\n'}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, "utf-8")
        return lint.self_test("check_forgotten", [("<optional> and <mutex>", check_root(root), 2)])


if __name__ == "__main__":
    lint.main("check_forgotten", lambda: check_root(lint.ROOT), self_test)
