#!/usr/bin/env python3
"""Every command of ours that the documents show exists and takes the options shown.

    check_commands.py --programs FOLDER [--tests-of FOLDER]

Programs are asked with --help; test names after `ctest -R` or `-L` must match a test of the build in --tests-of.
"""

import argparse
import functools
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

import markdown

SCRIPTS = {"demo.sh": "demo.sh", "test.sh": "test.sh", "bench.sh": "bench.sh", "message_tables.py": "scripts/message_tables.py"}
PROGRAMS = ("certbridge", "certbridge-testca")
SANDBOX = "sandbox.py"
OURS = (*SCRIPTS, *PROGRAMS, SANDBOX)
OPTION = re.compile(r"(?<![\w-])(--?[A-Za-z][\w-]*)")


class World:
    """The programs of one build and what their --help says."""

    def __init__(self, programs, tests_of=None):
        self.programs, self.tests_of = pathlib.Path(programs).resolve(), tests_of

    @functools.cache
    def help_of(self, name, words):
        """Text of --help of a program and its subcommands; nothing when it is refused."""
        if name in SCRIPTS:
            path = markdown.ROOT / SCRIPTS[name]
            command = [str(path)]
        elif name == SANDBOX:
            path = markdown.ROOT / "tests" / "sandbox" / SANDBOX
            command = [sys.executable, str(path)]
        else:
            path = self.programs / name
            command = [str(path)]
        if not os.access(path, os.X_OK):
            return None
        done = subprocess.run(command + list(words) + ["--help"], capture_output=True, text=True, timeout=60)
        return done.stdout if done.returncode == 0 else None

    @functools.cache
    def tests(self):
        """Names and labels of all tests of the build."""
        done = subprocess.run(["ctest", "--test-dir", self.tests_of, "--show-only=json-v1"], capture_output=True,
                              text=True, check=True)
        found = {}
        for test in json.loads(done.stdout)["tests"]:
            labels = [p["value"] for p in test.get("properties", []) if p["name"] == "LABELS"]
            found[test["name"]] = labels[0] if labels else []
        return found


def subcommands(help_text):
    """Names under `Subcommands:` (CLI11) or in the metavar table of argparse."""
    names = set()
    for title in (r"Subcommands:\n", r"positional arguments:\n  [A-Z]+\n"):
        for part in re.findall(title + r"((?: +\S.*\n?)+)", help_text):
            names |= set(re.findall(r"^ {2,4}([a-z][\w-]*)(?:\s|$)", part, re.M))
    for group in re.findall(r"\{([a-z,-]+)\}", help_text):
        names |= set(group.split(","))
    return names


def find_subcommand(world, name, words):
    """(subcommands as far as they go, the rest of the words)."""
    path = ()
    while words and re.fullmatch(r"[a-z][\w-]*", words[0]):
        help_text = world.help_of(name, path)
        if help_text is None or words[0] not in subcommands(help_text):
            break
        path, words = path + (words[0],), words[1:]
    return path, words


def check_ours(world, name, words):
    top = world.help_of(name, ())
    if top is None:
        return f"{name} is not there, or its --help fails"
    path, rest = find_subcommand(world, name, words)
    if not path and rest and name not in SCRIPTS and rest[0][0] not in "-[" and rest[0] not in ("COMMAND", "..."):
        return f"{name} has no command {rest[0]}"
    known = set(OPTION.findall(world.help_of(name, path) or "")) | {"--help", "-h"}
    # The synopsis of a program without a command names options of its commands.
    if not path and "COMMAND" in rest:
        for command in subcommands(top):
            known |= set(OPTION.findall(world.help_of(name, (command,)) or ""))
    for word in rest:
        option = OPTION.match(word.strip("[].").split("=")[0])
        if option and option.group(1) not in known:
            return f"{' '.join((name,) + path)} does not take {option.group(1)}"
    return None


def check_ctest(world, words):
    if world.tests_of is None:
        return None
    tests = world.tests()
    for flag, value in zip(words, words[1:]):
        if flag == "-R" and not any(re.search(value, name) for name in tests):
            return f"no test is called {value}"
        if flag == "-L" and not any(re.search(value, label) for labels in tests.values() for label in labels):
            return f"no test has the label {value}"
    return None


def simple_commands(line):
    """The commands of one line, as words: cut at pipes, lists, redirections and command substitutions."""
    line = re.sub(r"\$\(([^()]*)\)", lambda inside: "X", line) + "".join(
        " ; " + inside for inside in re.findall(r"\$\(([^()]*)\)", line))
    for part in re.split(r"\s(?:\|\|?|&&|;|>>?|<)\s|\s&$", line):
        try:
            words = shlex.split(part, comments=True)
        except ValueError:
            continue
        while words and (re.fullmatch(r"[A-Z_]+=.*", words[0]) or words[0] in ("sudo", "python3", "exec", "nice")):
            words = words[1:]
        if words:
            yield words


def wrong_with(world, line):
    """(whether the line holds a command that is looked at, what is wrong with it)."""
    looked = False
    for words in simple_commands(line):
        name = words[0].rsplit("/", 1)[-1]
        if name in OURS and (name == words[0] or "/" in words[0]):
            looked, wrong = True, check_ours(world, name, words[1:])
        elif name == "ctest":
            looked, wrong = True, check_ctest(world, words[1:])
        else:
            continue
        if wrong:
            return True, wrong
    return looked, None


def is_command(world, span):
    """Inline code is a command when it starts with a path to one of ours, or with a name and a command of it."""
    first, _, rest = span.partition(" ")
    name = first.rsplit("/", 1)[-1]
    if first == "ctest" or (name in OURS and "/" in first):
        return bool(rest) or first.startswith("./")
    known = name in OURS and subcommands(world.help_of(name, ()) or "")
    return bool(known) and (rest.split(" ")[0] in known or "--" in rest)


def check_text(world, name, text):
    checked, findings = 0, []
    spans = ((number, span) for number, span in markdown.code_spans(text) if is_command(world, span))
    for number, line in list(markdown.command_lines(text)) + list(spans):
        looked, wrong = wrong_with(world, line)
        checked += looked
        if wrong:
            findings.append(f"{name}:{number}: {line}: {wrong}")
    return checked, findings


def check(world):
    checked, findings = 0, []
    for path in markdown.files(markdown.ROOT):
        number, found = check_text(world, path.relative_to(markdown.ROOT), path.read_text(encoding="utf-8"))
        checked, findings = checked + number, findings + found
    version = subprocess.run([str(world.programs / "certbridge"), "--version"], capture_output=True, text=True)
    if version.returncode or not re.match(r"certbridge \d+\.\d+\.\d+\n", version.stdout):
        findings.append(f"certbridge --version: exit code {version.returncode}, {version.stdout!r}")
    return checked + 1, findings


def test(world):
    def planted(text):
        return check_text(world, "planted.md", text)[1]
    markdown.self_test("check_commands", [
        ("commands that are right", 0, planted(
            "    ./demo.sh --keep   # words --not-an-option\n    build/release/bin/certbridge messages list --state parked | head\n\n"
            "Run `./test.sh --all`, or `certbridge verify FILE.ofd --json`.\n\n```sh\ncertbridge run \\\n  --config X\n```\n")),
        ("an option that is unknown", 1, planted("    build/release/bin/certbridge check --strict\n")),
        ("an option of another command", 1, planted("    certbridge check --json\n")),
        ("a command that is unknown", 1, planted("```sh\ncertbridge resend m-1\n```\n")),
        ("a script's option that is unknown", 1, planted("Run `./demo.sh --fast`.\n")),
        ("an option of the tables' script that is unknown", 1, planted("    scripts/message_tables.py --profile P --nonsense\n")),
        ("a sandbox command that is unknown", 1, planted("    python3 tests/sandbox/sandbox.py serve\n")),
        ("a sandbox option that is unknown", 1, planted("    tests/sandbox/sandbox.py compare --strict\n")),
        ("a continued line", 1, planted("    certbridge run \\\n      --nonsense 1\n")),
        ("inside a command substitution", 1, planted("    x=$(certbridge check --strict)\n")),
        ("in a unit file", 1, planted("```ini\nExecStart=/opt/certbridge/bin/certbridge run --daemon\n```\n")),
        ("a test that is not there", 1 if world.tests_of else 0, planted("    ctest -R no_such_test\n")),
        ("a label that is not there", 1 if world.tests_of else 0, planted("Run `ctest -L no_such_label`.\n"))])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs", required=True)
    parser.add_argument("--tests-of")
    parser.add_argument("--self-test", action="store_true")
    options = parser.parse_args()
    world = World(options.programs, options.tests_of)
    if options.self_test:
        test(world)
    sys.exit(markdown.finish("check_commands", *check(world)))


if __name__ == "__main__":
    main()
