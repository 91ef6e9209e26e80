#!/usr/bin/env python3
"""Runs our own contestant in the short form of the contest and looks for its rows; checks the peers' scripts for syntax.

    check_peers.py SOURCE-FOLDER BUILD-FOLDER

Installs no peer and looks at no time: what must hold is that everything accepted was delivered, also after a kill.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True

import tables  # noqa: E402  (beside this file)

NUMBERS = re.compile(r"\d+(\.\d+)?( / \d+(\.\d+)?){2}$")


def rows_of(output: str, title: str) -> dict[str, list[str]]:
    """The rows of a table by their first cell."""
    found = re.search(rf"^## {re.escape(title)}[^\n]*\n\n((?:\|[^\n]*\n)+)", output, re.MULTILINE)
    lines = found.group(1).splitlines()[2:] if found else []
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: row[1:] for row in cells}


def problems_of(output: str) -> list[str]:
    """What is wrong with the tables of our own contestant, in words."""
    figures, proofs = rows_of(output, "peers: figures"), rows_of(output, "peers: is it durable")
    problems = []
    for name in (tables.OURS, tables.OURS + tables.SLOW):
        row = figures.get(name)
        if row is None:
            problems.append(f'no figures of "{name}"')
            continue
        measured, sums = row[:len(tables.FIGURES)], row[len(tables.FIGURES):]
        problems += [f'"{name}": no numbers in "{cell}"' for cell in measured if not NUMBERS.match(cell)]
        if measured[1].startswith("0.000"):
            problems.append(f'"{name}" delivered nothing')
        if sums != ["0", "0", "0"]:
            problems.append(f'"{name}": lost, twice, not 2xx are {sums}')
    proof = proofs.get(tables.OURS, [])
    if len(proof) != 5 or proof[1] != "yes" or int(proof[2]) < 1 or proof[3] != "0":
        problems.append(f"not durable: {proof}")
    return problems


def self_test() -> None:
    """The check finds what it is for, and targets are judged as they are meant."""
    figures = "| {} | " + " | ".join(["1.0 / 2 / 3"] * len(tables.FIGURES)) + " | 0 | 0 | 0 |\n"
    head = "|a|\n|---|\n"
    good = ("## peers: figures (x)\n\n" + head + figures.format("ours") + figures.format("ours" + tables.SLOW) +
            "\n## peers: is it durable\n\n" + head + "| ours | 4.2 | yes | 100 | 0 | 0 |\n")
    assert problems_of(good) == [], problems_of(good)
    for old, new in (("| 0 | 0 | 0 |", "| 1 | 0 | 0 |"), ("| yes | 100 | 0 |", "| yes | 100 | 1 |"), ("yes", "**no**"),
                     ("ours (+2", "theirs (+2"), ("1.0 / 2 / 3", "nan / 2 / 3")):
        assert problems_of(good.replace(old, new, 1)), (old, new)
    more, less = tables.TARGETS[0], next(target for target in tables.TARGETS if target.most)
    assert [more.met(value) for value in (2.4, 2.5, 5)] == ["**missed**", "met", "moonshot"]
    assert [less.met(value) for value in (0.41, 0.4, 0.2)] == ["**missed**", "met", "moonshot"]
    results = tables.Results()
    for ours, theirs in ((2, 1), (9, 3)):
        results.add(tables.OURS, {"delivered": ours, "lost": 0, "open_lost": 0})
        results.add(tables.CLASSIC, {"delivered": theirs})
    assert results.ratios(more) == [2, 3], "round by round"
    assert not results.sound(), "without a proof"
    results.proofs[tables.OURS] = {"lost": 0, "syncs": 1.0}
    assert results.sound()
    results.turns[tables.OURS][1]["open_lost"] = 1
    assert not results.sound()


def syntax_problems(folder: Path) -> list[str]:
    """Of what only runs when peers are asked for."""
    problems = []
    for file in sorted(folder.glob("*.py")):
        try:
            compile(file.read_text("utf-8"), str(file), "exec")
        except SyntaxError as error:
            problems.append(str(error))
    for file in sorted((folder / "node_red").glob("*.json")):
        nodes = json.loads(file.read_text("utf-8"))
        ids = {node["id"] for node in nodes}
        wires = {to for node in nodes for output in node.get("wires", []) for to in output}
        problems += [f"{file.name}: no node {name}" for name in sorted(wires - ids)]
        # Node-RED takes a property with the identifier of a node for a reference to it.
        problems += [f"{file.name}: {node['id']} is called like a node" for node in nodes if node.get("name") in ids]
    commands = [["bash", "-n", str(folder / "install.sh")]]
    if shutil.which("node"):
        commands.append(["node", "--check", str(folder / "node_red" / "settings.js")])
    if os.path.exists("/usr/include/amqp.h") or os.path.exists("/usr/include/rabbitmq-c/amqp.h"):
        commands.append(["g++", "-std=c++20", "-fsyntax-only", f"-I{folder}", f"-I{folder.parent}",
                         str(folder / "rabbitmq" / "rabbit_front.cpp")])
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            problems.append(f"{' '.join(command)}: {done.stderr}")
    return problems


def main() -> None:
    """Exit code 1 with what is wrong."""
    source, build = Path(sys.argv[1]), Path(sys.argv[2])
    self_test()
    problems = syntax_problems(source / "tests" / "bench" / "peers")
    with tempfile.TemporaryFile("w+") as log:
        run = subprocess.run([str(source / "bench.sh"), "--built", str(build), "--peers", "--peer", "none", "--short"],
                             stdout=subprocess.PIPE, stderr=log, text=True, check=False)
        log.seek(0)
        errors = log.read()
    print(run.stdout)
    if run.returncode != 0:
        problems.append(f"exit code {run.returncode}: {errors}")
    problems += problems_of(run.stdout)
    print("\n".join(problems))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
