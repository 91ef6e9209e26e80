"""What the demonstration tells a person: the figures, the refusals and why, the files, what to try next."""
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

TYPES = {"first": "首次登记", "transfer": "转移登记", "change": "变更登记", "mortgage": "抵押登记"}
HEADS = ("cases", "prepared", "sealed", "collected", "written back", "refused")


def say(text: str = "") -> None:
    print(text, flush=True)


def bar(done: int, whole: int, began: float) -> None:
    width = 40
    filled = width * done // max(1, whole)
    line = f"  [{'█' * filled}{'░' * (width - filled)}] {done:4d} / {whole} cases  {time.monotonic() - began:5.1f} s"
    if sys.stdout.isatty():
        print("\r" + line, end="", flush=True)


def width_of(text: str) -> int:
    return sum(2 if ord(c) > 0x2E80 else 1 for c in text)


def table(rows: list[list[str]]) -> None:
    """Columns as wide as they need to be; the first two are words, the others figures."""
    widths = [max(width_of(row[i]) for row in rows) for i in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = [cell + " " * (widths[i] - width_of(cell)) if i < 2 else " " * (widths[i] - width_of(cell)) + cell
                 for i, cell in enumerate(row)]
        say("  " + "  ".join(cells).rstrip())
        if number == 0:
            say("  " + "  ".join("─" * width for width in widths))


def counts(truth: dict, results: list[dict]) -> None:
    """By type and county: cases, certificates at each stage, certificates with a result, cases refused."""
    rows = defaultdict(list)
    for row in results:
        rows[row["case_no"]].append(row)
    groups = defaultdict(Counter)
    for case in truth["cases"]:
        group, mine = groups[(TYPES[case["type"]], case["county"])], rows[case["caseNo"]]
        group["cases"] += 1
        for stage in ("prepared", "sealed", "collected"):
            group[stage] += sum(row["stage"] == stage for row in mine)
        group["written back"] += len({row["cert_id"] for row in mine if row["cert_id"]})
        group["refused"] += any(row["stage"] == "refused" for row in mine)
    body = [[kind, county] + [str(group[head]) for head in HEADS] for (kind, county), group in sorted(groups.items())]
    total = [str(sum(group[head] for group in groups.values())) for head in HEADS]
    table([["登记类型", "市县", *HEADS]] + body + [["合计", "", *total]])
    say("  cases and refused count cases, the others certificates; written back: certificates with at least one result")


def reasons(results: list[dict]) -> dict[str, dict]:
    """The first reason for each case. That a closed case has no certificate in the library only follows from it."""
    first: dict[str, dict] = {}
    for row in results:
        known = first.get(row["case_no"])
        if row["stage"] == "refused" and (not known or known["code"] == "registration.case_not_collected"):
            first[row["case_no"]] = row
    return first


def refused(truth: dict, results: list[dict]) -> None:
    told = reasons(results)
    say(f"\nRefused, and what the clerk is told ({len(told)} cases, wrong on purpose):")
    for case in truth["cases"]:
        if case["caseNo"] in told:
            row = told[case["caseNo"]]
            say(f"  {case['caseNo']} {case['county']} {TYPES[case['type']]}  {row['code']}\n      {row['sentence']}")


def others(truth: dict, results: list[dict]) -> None:
    """Cases that end otherwise than collected or refused."""
    classified = sum(case["reason"] == "classified" for case in truth["cases"])
    if classified:
        say(f"\nClassified (涉密): {classified} case refused at the door; nothing of it is kept but its number.")
    returned = [case for case in truth["cases"] if case["expected"] in ("voided", "withdrawn")]
    if returned:
        voided = {row["case_no"] for row in results if row["stage"] == "voided"}
        there = sum(case["caseNo"] in voided for case in returned)
        say(f"Returned (退回): {len(returned)} cases; {there} voided at the library, {len(returned) - there} withdrawn "
            f"before anything was sent.")
    late = sum(case["late"] for case in truth["cases"])
    if late:
        say(f"Late rows: {late} cases were waited for until their parties were there.")


def files(root: Path, demo: Path) -> None:
    found = sorted((demo / "library").glob("*.ofd"))
    say(f"\nFiles: {len(found)} certificates as the library received them, in build/demo/library/")
    if found:
        first = found[0].relative_to(root)
        say("\nOpen one:\n"
            f"  build/release/bin/certbridge verify {first}\n"
            f"  build/release/bin/certbridge render {first} -o build/demo/certificate.svg   # then open it in a browser\n"
            f"  any OFD reader (数科, 福昕, WPS)")
    say("\nTry next:\n"
        "  ./demo.sh --keep                                             everything stays up: finish a case of your own\n"
        "  ./demo.sh --dialect linewell                                 another library: one call, signed, encrypted, GB18030\n"
        "  ./demo.sh --seal service                                     a seal service over HTTP signs; the keys stay there\n"
        "  ./demo.sh --chaos seed=1,drop-after=0.05,fail=0.05           answers get lost; each certificate arrives once all the same\n"
        "  build/release/bin/certbridge messages list --state parked    what waits for a person\n"
        "  build/release/bin/certbridge access find                     who asked for what, and what was decided\n"
        "  docs/guides/registration-vendors.md                          connect a registration system, without C++")


def running(addresses: dict, port: str, processes: list[int]) -> None:
    say("\nRunning:")
    for name in ("registration", "epoint", "linewell", "sealService", "province"):
        if name in addresses:
            say(f"  {name:13s} {addresses[name]}")
    say(f"  metrics       http://127.0.0.1:{port}/metrics\n  health        http://127.0.0.1:{port}/health/ready")
    say("Finish one more case with: tests/sandbox/sandbox.py registration generate --count 1 --truth build/demo/more.json "
        f"--db {addresses['registration']}")
    say("Stop with: kill " + " ".join(map(str, processes)))
