#!/usr/bin/env python3
"""Runs the short benchmarks and checks that every table has every row, with values. Looks at no time.

check_tables.py SOURCE-FOLDER BUILD-FOLDER
"""

import os
import re
import subprocess
import sys

ACCEPT = [
    f"{sources}, {size} kB: {what}"
    for size in (4, 100)
    for sources in ("1 source", "16 sources", "64 sources")
    for what in ("journal / bare SQLite", "journal / front without storing",
                 "CPU per message, journal / bare SQLite", "messages in a commit, journal",
                 "messages in a commit, bare SQLite", "accepts, journal")]
ROWS = {
    "accept": ACCEPT,
    "accept-slow": ACCEPT,
    "route": ["end to end / accepts alone", "CPU, end to end / accepts alone",
              "changes of the journal for a certificate", "commits for a certificate",
              "certificates end to end"],
    "saturation": ["commit, 99 of 100 within / half within", "commit, half within",
                   "commit, 99 of 100 within", "write-ahead log / its limit",
                   "largest write-ahead log / its limit", "accept, 99 of 100 within / half within",
                   "accept, longest / half within", "accept, half within",
                   "messages in a commit", "accepts"],
    "search": [f"{kind}: {what}" for kind in (
        "certificate number", "case", "holder", "name of a holder", "holder that nobody is",
        "holder of one certificate in twenty", "the same, parked", "the same, on a day", "state parked",
        "state parked, on a day", "state done, within an hour", "within a day",
        "case, certificate number, state and a year")
        for what in ("99 of 100 within / 100 ms", "half within", "99 of 100 within", "CPU of one")]
    + ["accepts, beside them / beside none", "accepts beside them", "index made from nothing", "journal opened",
       "journal without bodies, for a message", "index, for a message"],
    "access": [f"{count} at once: {what}" for count in (1, 16, 64) for what in ("records / bare syncs", "records")]
    + ["log, for a record", "verified", "index made from nothing", "index, for a record"]
    + [f"{kind}: {what}" for kind in ("certificate", "holder", "case", "person", "person, on a day", "within an hour",
                                      "holder that nobody is")
       for what in ("99 of 100 within / 100 ms", "half within", "99 of 100 within")],
    "objections": ["raised, without the disk", "mark among many / among one", "mark of a certificate",
                   "mark of one that has none"],
    "waiting": [f"{count} waiting: {what}" for count in (500, 1000)
                for what in ("memory / memory with none waiting", "memory / 64 MB", "memory")]
    + ["memory for each message of the second half", "none waiting: memory"],
    "issue": ["certificates end to end / raw SM2 signatures of one core",
              "CPU, end to end / compose, seal and gate alone", "certificates end to end"],
    "seal": ["SM2 operations of the first certificate of a seal, sealer and gate",
             "compose: CPU / deflating the same file",
             "seal: CPU without SM2 / deflating the same file",
             "gate: CPU without SM2 / deflating the same file",
             "compose, seal and gate: CPU without SM2 / deflating the same file",
             "compose and seal: certificates / raw SM2 signatures of one core",
             "compose, seal and gate: certificates / raw SM2 signatures of one core",
             "SM2 operations in sealing a certificate",
             "SM2 operations in the gate for a certificate", "size of the sealed file"],
}
NUMBER = re.compile(r"-?\d+(\.\d+)?$")


def missing_rows(name, output):
    """What the output lacks, in words."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")]
             for line in output.splitlines() if line.startswith("|")]
    values = {row[0]: row[1:4] for row in cells if len(row) == 5}
    problems = [f"{name}: no row \"{row}\"" for row in ROWS[name] if row not in values]
    problems += [f"{name}: row \"{row}\" has no numbers: {values[row]}" for row in ROWS[name]
                 if row in values and not all(NUMBER.match(value) for value in values[row])]
    if len(re.findall(r"^## ", output, re.MULTILINE)) != 1:
        problems.append(f"{name}: not exactly one table")
    return problems


def self_test():
    good = "## waiting: x\n" + "\n".join(f"| {row} | 1.0 | 2 | 3 | MB |" for row in ROWS["waiting"])
    assert missing_rows("waiting", good) == []
    assert len(missing_rows("waiting", good.replace("none waiting: memory |", "none |"))) == 1
    assert len(missing_rows("waiting", good.replace("1.0", "nan", 1))) == 1
    assert len(missing_rows("waiting", good + "\n## again")) == 1


def main():
    source, build = sys.argv[1:3]
    self_test()
    problems = []
    for name in ROWS:
        if not os.path.exists(f"{build}/tests/{name.removesuffix('-slow')}_bench"):
            print(f"{name}: not part of this build")
            continue
        run = subprocess.run([f"{source}/bench.sh", "--built", build, "--short", "--only", name],
                             capture_output=True, text=True, check=False)
        print(run.stdout)
        if run.returncode != 0:
            problems.append(f"{name}: exit code {run.returncode}: {run.stderr}")
            continue
        problems += missing_rows(name, run.stdout)
    print("\n".join(problems))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
