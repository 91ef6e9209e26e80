"""Commands `compare`, `held`, `verify`: what was sent against what arrived."""

from __future__ import annotations

import argparse
import json
import sys
import urllib.request
from pathlib import Path
from typing import Any

from . import generate, keys, ofd, regdb, ses


def fetch(library: str, page: str) -> dict[str, Any]:
    """A /sandbox/ page of a running counterpart."""
    with urllib.request.urlopen(f"{library.rstrip('/')}/sandbox/{page}", timeout=60) as answer:
        return json.load(answer)


def differences(truth: dict[str, Any], held: list[list[dict[str, Any]]],
                results: list[dict[str, Any]] | None) -> list[str]:
    """All differences between the truth file and the libraries (and what was written back)."""
    by_key: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in (row for library in held for row in library):
        by_key.setdefault((row["normalised"], row["typeCode"], row["issuerCode"]), []).append(row)
    found: list[str] = []
    for case in truth["cases"]:
        for certificate in case["certificates"]:
            key = (certificate["normalised"], certificate["typeCode"], certificate["issuerCode"])
            found += _certificate(case, certificate, by_key.pop(key, []))
        if results is not None:
            mine = [r for r in results if r["case_no"] == case["caseNo"]]
            found += _written_back(case, mine, held)
    for key in by_key:
        found.append(f"{key[0]}: held, but nobody sent it")
    return found + _order(truth, held)


def _certificate(case: dict[str, Any], certificate: dict[str, Any], rows: list[dict[str, Any]]) -> list[str]:
    """One certificate against the rows of its number."""
    name = f"case {case['caseNo']} ({case['type']}), {certificate['number']}"
    valid = [r for r in rows if r["status"] == "valid"]
    if case["expected"] == "collected":
        if len(valid) != 1:
            return [f"{name}: held {len(valid)} times as valid instead of once"]
        again = [r for r in rows if r["timesCollected"] > 1]
        return [f"{name}: collected {again[0]['timesCollected']} times"] if again else []
    if case["expected"] == "voided":
        return [f"{name}: was returned, but is valid in the library"] if valid else []
    return [f"{name}: should have been refused ({case['reason']}), but is held"] if rows else []


def _written_back(case: dict[str, Any], results: list[dict[str, Any]],
                  held: list[list[dict[str, Any]]]) -> list[str]:
    """What was written back about one case."""
    name, found = f"case {case['caseNo']} ({case['type']})", []
    stages = {r["stage"] for r in results}
    if case["expected"] == "refused" and case["reason"] != "classified" and "refused" not in stages:
        found.append(f"{name}: should be written back as refused ({case['reason']}); written: {sorted(stages)}")
    if case["expected"] != "refused" and "refused" in stages:
        code = next(r["code"] for r in results if r["stage"] == "refused")
        found.append(f"{name}: written back as refused ({code}), but nothing is wrong with it")
    if case["expected"] != "collected":
        return found
    digests = {row["identifier"]: row["fileDigest"] for library in held for row in library}
    for certificate in case["certificates"]:
        rows = [r for r in results if r["cert_id"] == certificate["certId"] and r["stage"] == "collected"]
        if len(rows) != 1:
            found.append(f"{name}, {certificate['number']}: {len(rows)} rows say collected instead of one")
        elif digests.get(rows[0]["identifier"]) != (rows[0]["file_sm3"] or "").strip():
            found.append(f"{name}, {certificate['number']}: identifier or digest differs from the library's")
    return found


def _order(truth: dict[str, Any], held: list[list[dict[str, Any]]]) -> list[str]:
    """Cases of one unit arrive in the order in which they were concluded."""
    found = []
    for library in held:
        arrival = {row["normalised"]: row["arrival"] for row in library if row["arrival"]}
        last: dict[str, tuple[int, str]] = {}
        for case in truth["cases"]:
            times = [arrival[c["normalised"]] for c in case["certificates"] if c["normalised"] in arrival]
            for unit in case["units"] if times else []:
                if unit in last and min(times) < last[unit][0]:
                    found.append(f"unit {unit}: case {case['caseNo']} arrived before {last[unit][1]}")
                last[unit] = (max(times), case["caseNo"])
    return found


def _compare(options: argparse.Namespace) -> int:
    truth = json.loads(options.truth.read_text("utf-8"))
    held = [fetch(url, "held")["held"] for url in options.library]
    results = generate.results(regdb.connect(options.db)) if options.db else None
    found = differences(truth, held, results)
    for url in options.library:
        for row in fetch(url, "violations")["violations"]:
            found.append(f"{url} {row['path']}: broke {row['rule']}: {row['text']}")
    for line in found:
        print(line)
    print(f"{len(truth['cases'])} cases, {sum(map(len, held))} certificates held, {len(found)} differences")
    return 1 if found else 0


def _held(options: argparse.Namespace) -> int:
    """What a library holds, for people."""
    held = fetch(options.library, "held")["held"]
    for row in held:
        print(f"{row['arrival'] or '-':>6}  {row['status']:<10}  v{row['version']:03d}  {row['number']}  "
              f"{row['identifier']}  {row['fileDigest'][:16]}")
    print(f"{len(held)} certificates")
    return 0


def _verify(options: argparse.Namespace) -> int:
    """A second opinion on files."""
    verifier = ses.SealVerifier(keys.load_pem(options.trust, "CERTIFICATE"),
                                keys.load_pem(options.revocations, "X509 CRL"))
    wrong = 0
    for path in options.file:
        try:
            sealed = ofd.check_sealed(path.read_bytes(), verifier)
            print(f"{path}: good; seal {sealed.seal.seal.seal_id} {sealed.seal.seal.name}, "
                  f"sealed at {sealed.seal.time.isoformat()}")
        except (ofd.PackageProblem, ses.SealProblem) as problem:
            wrong += 1
            print(f"{path}: REFUSED {problem}", file=sys.stderr)
    return 1 if wrong else 0


def add_commands(commands: argparse._SubParsersAction) -> None:
    """The commands of this file."""
    parser = commands.add_parser("compare", help="compare a truth file with what arrived; exit code 1 on differences")
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--library", action="append", required=True, help="address; several times for several")
    parser.add_argument("--db", help="registration database, to check what was written back")
    parser.set_defaults(run=_compare)
    parser = commands.add_parser("held", help="list what a library holds")
    parser.add_argument("--library", required=True, help="address of the library")
    parser.set_defaults(run=_held)
    parser = commands.add_parser("verify", help="check sealed OFD files by the second implementation")
    parser.add_argument("file", type=Path, nargs="+")
    parser.add_argument("--trust", type=Path, required=True, help="trust anchors (PEM)")
    parser.add_argument("--revocations", type=Path, help="revocation lists (PEM)")
    parser.set_defaults(run=_verify)
