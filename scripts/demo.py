#!/usr/bin/env python3
"""Runs the main job against the sandbox and reports what became of every case.

Starts the sandbox and the host, finishes cases in the registration database, waits until every case has come to
its end, compares with what was expected, asks for certificates as a window of the hall does, and prints a report. Uses
the standard library only.
"""
import argparse
import json
import os
import re
import secrets
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections import Counter, defaultdict
from pathlib import Path

import demo_province
import demo_queries
import demo_report
from demo_report import say
from certsandbox.sftp_front import options_of  # found by demo_queries

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "build" / "demo"
PROGRAMS = ROOT / "build" / "release" / "bin"
SANDBOX = [sys.executable, str(ROOT / "tests" / "sandbox" / "sandbox.py")]
PASSPHRASE = "certbridge-sandbox"
AREAS = "411324,411325,411381"
PATIENCE = 300  # seconds without any progress before the demonstration gives up


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./demo.sh")
    parser.add_argument("--keep", action="store_true", help="leave everything running and print the addresses")
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--dialect", choices=("epoint", "linewell"), default="epoint")
    parser.add_argument("--seal", choices=("local", "service"), default="local",
                        help="keys in the host's process, or the sandbox's seal service over HTTP")
    parser.add_argument("--province", choices=("folder", "sftp"), default="folder",
                        help="the folders of the province's front-end host, or the same behind an SFTP server")
    parser.add_argument("--chaos", default="", help="random faults of the sandbox, as tests/sandbox/README.md says")
    options = parser.parse_args()
    options.day = demo_province.log_day()
    return options


class Processes:
    """What was started, stopped in reverse order."""

    def __init__(self) -> None:
        self.running: list[tuple[str, subprocess.Popen]] = []

    def start(self, name: str, command: list[str], **options) -> subprocess.Popen:
        with open(DEMO / f"{name}.log", "wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options)
        self.running.append((name, process))
        return process

    def stop(self) -> int:
        """SIGTERM to all, newest first; the exit code of the newest."""
        codes = []
        for name, process in reversed(self.running):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                codes.append(process.wait(timeout=30))
            except subprocess.TimeoutExpired:
                process.kill()
                codes.append(process.wait())
        return codes[0] if codes else 0


def wait_for_file(path: Path, process: subprocess.Popen, what: str) -> str:
    until = time.monotonic() + 60
    while not path.exists():
        if process.poll() is not None or time.monotonic() > until:
            tail = (DEMO / f"{what}.log").read_text(errors="replace")[-3000:]
            sys.exit(f"error: {what} did not start; the end of build/demo/{what}.log:\n{tail}")
        time.sleep(0.02)
    return path.read_text()


def checked(command: list[str]) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"error: {' '.join(command[:3])} ... failed ({done.returncode}):\n{done.stdout}{done.stderr}")
    return done.stdout


def prepare() -> None:
    shutil.rmtree(DEMO, ignore_errors=True)
    (DEMO / "sandbox").mkdir(parents=True)
    (DEMO / "library").mkdir()
    (DEMO / "anchors").mkdir()  # the second place of access records is somebody else's: the host does not make it
    checked([str(PROGRAMS / "certbridge-testca"), "--issuers", "config/issuers.xml", "--out", "build/demo/testca",
             "--passphrase", PASSPHRASE])


def write_secrets(addresses: dict) -> dict[str, str]:
    pem = Path(addresses["callerKey"]).read_text()
    values = {"journal-master-key": secrets.token_hex(32), "seal-passphrase": PASSPHRASE,
              "municipal-client-secret": addresses["clientSecret"], "municipal-access-token": addresses["accessToken"],
              "municipal-signing-key": pem, "municipal-body-key": addresses["sm4Key"],
              "seal-token": addresses.get("sealToken", ""), "registration-token": secrets.token_urlsafe(32),
              "library-verdict-token": secrets.token_urlsafe(32), "access-signing-key": secrets.token_hex(32),
              "window-key": secrets.token_hex(32), "hall-key": secrets.token_hex(32),
              "province-key": Path(addresses["provinceKey"]).read_text(),
              "province-sftp-passphrase": addresses.get("provinceSftp", {}).get("passphrase", "")}
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<secrets xmlns="urn:certbridge:secrets:1">']
    for name, value in values.items():
        text = value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("\n", "&#10;")
        lines.append(f'  <secret name="{name}" value="{text}"/>')
    path = DEMO / "secrets.xml"
    with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n</secrets>\n")
    return values


def configuration(options: argparse.Namespace, sign_on: int) -> str:
    """A copy of config/ whose sign-on of clerks is this run's own, and which asks for the province's verdicts more often;
    with --seal service, with the seal service that it describes in a comment."""
    shutil.copytree(ROOT / "config", DEMO / "config")
    (DEMO / "config" / "access" / "staff.pem").write_text(demo_queries.asking.public_pem(sign_on))
    file = DEMO / "config" / "certbridge.xml"
    text = file.read_text("utf-8").replace("../build/demo/", "../")
    text = re.sub(r'<verdicts ask="(?:10s|2m)"', '<verdicts ask="500ms"', text)
    if options.seal == "local":
        file.write_text(text, "utf-8")
        return str(file.relative_to(ROOT))
    text = re.sub(r'    <endpoint name="seal" plugin="seal_service" kind="sealer">.*?</endpoint>\n', "", text,
                  flags=re.DOTALL)
    file.write_text(re.sub(r"    <!-- With a seal service,[^\n]*\n(.*?)    -->\n", r"\1", text, flags=re.DOTALL), "utf-8")
    return str(file.relative_to(ROOT))


def settings(options: argparse.Namespace, addresses: dict) -> list[str]:
    """What this run sets differently from config/certbridge.xml."""
    database = addresses["registration"].removeprefix("sqlite:")
    given = [f"{name}.connection=db={database}"
             for name in ("registration-outbox", "registration-records", "registration-results", "registration-bookings")]
    given += [f"{name}.base-url={addresses[options.dialect]}" for name in ("library-http", "library-files-http")]
    given += demo_province.day_settings(options.day)
    if options.province == "sftp":
        reached = options_of(addresses["provinceSftp"]) | {"private-key-passphrase": "secret:province-sftp-passphrase"}
        given += [f"{name}.{option}={value}" for name in ("province-out", "province-in") for option, value in reached.items()]
    if options.seal == "service":
        given.append(f"seal-http.base-url={addresses['sealService']}")
    if options.dialect == "linewell":
        given.append("library-verdicts.envelope=library/linewell-verdicts.xml")
        given += [f"{name}.{option}" for name in ("library", "library-books", "library-queries", "library-files")
                  for option in ("dialect=plugin:linewell.xml", "client-secret=secret:municipal-access-token",
                                 "signing-key=secret:municipal-signing-key", "cipher-key=secret:municipal-body-key")]
    return [word for setting in given for word in ("--set", setting)]


class Registration:
    """What the registration system sees: its events taken over and the results written back."""

    def __init__(self, address: str) -> None:
        self.path = address.removeprefix("sqlite:")

    def query(self, sql: str) -> list[tuple]:
        connection = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=10)
        try:
            return connection.execute(sql).fetchall()
        finally:
            connection.close()

    def results(self) -> list[dict]:
        names = "case_no cert_id stage code sentence happened_at identifier file_sm3 library_id".split()
        return [dict(zip(names, row)) for row in self.query(f"SELECT {', '.join(names)} FROM mw_cert_result")]


def ended(truth: dict, results: list[dict]) -> set[str]:
    """Case numbers that have come to their end, whatever it is."""
    final = defaultdict(Counter)
    for row in results:
        final[row["case_no"]][row["stage"]] += 1
    done = set()
    for case in truth["cases"]:
        stages = final[case["caseNo"]]
        if stages["refused"] or stages["collected"] >= len(case["certificates"]):
            done.add(case["caseNo"])
    return done


def returned_cases(truth: dict) -> set[str]:
    return {case["caseNo"] for case in truth["cases"] if case["expected"] in ("voided", "withdrawn")}


def classified_cases(registration: Registration) -> set[str]:
    return {row[0] for row in registration.query("SELECT DISTINCT case_no FROM mw_case_outbox WHERE classified = 1")}


def open_events(registration: Registration) -> int:
    return registration.query("SELECT COUNT(*) FROM mw_case_outbox WHERE status IN (0, 1, 3)")[0][0]


def busy(port: str) -> bool:
    """Whether the host still has messages to work off or deliveries to make: a return may void what is there."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    # Whether a day's log is sent by its deadline is watched until then.
    return any(float(line.rsplit(" ", 1)[1]) > 0 for line in lines
               if 'endpoint="province-log-watch"' not in line and re.match(r'certbridge_(messages|deliveries)\{.*state="(accepted|incomplete|waiting|ready|sending|retry-at|'
                           r'unknown|open)"', line))


def wait_until_done(truth: dict, registration: Registration, host: subprocess.Popen, port: str, began: float) -> None:
    # A returned case ends without a result of its own when it was withdrawn before anything was sent;
    # a classified one leaves nothing but the fact.
    silent = returned_cases(truth) | classified_cases(registration)
    expected = {case["caseNo"] for case in truth["cases"]} - silent
    last, changed = -1, time.monotonic()
    while True:
        done = len(ended(truth, registration.results()) & expected)
        if done != last:
            last, changed = done, time.monotonic()
        demo_report.bar(done, len(expected), began)
        if done == len(expected) and open_events(registration) == 0 and not busy(port):
            break
        if host.poll() is not None:
            sys.exit("\nerror: the host ended; see build/demo/host.log")
        if time.monotonic() - changed > PATIENCE:
            missing = sorted(expected - ended(truth, registration.results()))
            sys.exit(f"\nerror: no progress for {PATIENCE} s; waiting for cases {', '.join(missing[:10])}\n"
                     f"look at one with: build/release/bin/certbridge case {missing[0] if missing else 'NUMBER'}")
        time.sleep(0.1)
    if sys.stdout.isatty():
        print()


def mend_rejected(truth: dict, registration: Registration, words: list[str]) -> dict:
    """The booking that the province rejected, corrected once the certificates of its case are where they belong."""
    row = demo_province.rejected(words)
    silent = returned_cases(truth) | classified_cases(registration)
    until = time.monotonic() + PATIENCE
    while row["case"] not in ended(truth, registration.results()) | silent and time.monotonic() < until:
        time.sleep(0.1)
    demo_province.mend(words, registration.path, row)
    return row


def compare(addresses: dict, options: argparse.Namespace) -> bool:
    done = subprocess.run(SANDBOX + ["compare", "--truth", str(DEMO / "truth.json"), "--library",
                                     addresses[options.dialect], "--db", addresses["registration"]],
                          cwd=ROOT, capture_output=True, text=True)
    say("\n" + (done.stdout + done.stderr).strip())
    return done.returncode == 0


def violations(address: str) -> list:
    with urllib.request.urlopen(address + "/sandbox/violations", timeout=10) as answer:
        return json.load(answer).get("violations", [])


def run(options: argparse.Namespace, processes: Processes) -> int:
    prepare()
    ready = DEMO / "sandbox.json"
    command = SANDBOX + ["start", "--data", str(DEMO / "sandbox"), "--trust", str(DEMO / "testca" / "trust.pem"),
                         "--revocations", str(DEMO / "testca" / "revocations.pem"),
                         "--signers", str(DEMO / "testca" / "signers.xml"), "--passphrase", PASSPHRASE,
                         "--province", options.province, "--ready-file", str(ready)]
    sandbox = processes.start("sandbox", command + (["--chaos", options.chaos] if options.chaos else []),
                              start_new_session=True)
    addresses = json.loads(wait_for_file(ready, sandbox, "sandbox"))
    shutil.rmtree(DEMO / "library")
    (DEMO / "library").symlink_to(Path(addresses["files"]).relative_to(DEMO))
    values, sign_on = write_secrets(addresses), demo_queries.asking.new_key()
    host_ready = DEMO / "host.port"
    words = ["--config", configuration(options, sign_on), *settings(options, addresses)]
    host = processes.start("host", [str(PROGRAMS / "certbridge"), "run", "--ready-file", str(host_ready), *words],
                           start_new_session=True)
    port = wait_for_file(host_ready, host, "host").strip()

    say(f"\nCertBridge 证桥: {options.cases} cases of 首次, 转移, 变更 and 抵押 registration are finished in the "
        f"registration database.\n")
    province = demo_province.Province(addresses["province"])
    province.reject_the_next()
    began = time.monotonic()
    wrong = max(0, options.cases // 16)
    generator = processes.start("generator", SANDBOX + [
        "registration", "generate", "--db", addresses["registration"], "--count", str(options.cases), "--seed",
        str(options.seed), "--refused", str(wrong), "--late", str(options.cases // 20), "--late-after", "1500",
        "--returned", str(options.cases // 50), "--truth", str(DEMO / "truth.json"), "--areas", AREAS])
    if generator.wait() != 0:
        sys.exit("error: the generator failed; see build/demo/generator.log")
    processes.running = [entry for entry in processes.running if entry[1] is not generator]
    truth = json.loads((DEMO / "truth.json").read_text())
    registration = Registration(addresses["registration"])
    mended = mend_rejected(truth, registration, words)
    wait_until_done(truth, registration, host, port, began)
    seconds = time.monotonic() - began

    results = registration.results()
    say()
    demo_report.counts(truth, results)
    demo_report.refused(truth, results)
    demo_report.others(truth, results)
    told = registration.query("SELECT case_no, stage, sentence FROM mw_booked_result WHERE code IS NOT NULL ORDER BY case_no")
    reported = demo_province.report(truth, province.messages(), demo_province.parked(words), mended, told)
    logged = demo_province.daily_logs(province, options.day, AREAS.split(","))
    right = compare(addresses, options)
    broken = [line for name in (options.dialect, "province") for line in violations(addresses[name])] if not options.chaos else []
    for line in broken[:10]:
        say(f"  a counterpart saw a broken rule: {line}")
    certificates = sum(1 for row in results if row["stage"] == "collected")
    say(f"\nTime: {seconds:.1f} s from the first case to the last result, {certificates / seconds:.0f} certificates "
        f"a second (the sandbox's own checks are in it).")
    queries = demo_queries.metric_above(port, "certbridge_query_listening_port", 0)
    window = demo_queries.Window(f"http://127.0.0.1:{queries:.0f}", values["window-key"], sign_on)
    asked = demo_queries.report(window, port, addresses["registration"], addresses[options.dialect], words, DEMO)
    demo_report.files(ROOT, DEMO)
    if options.keep:
        demo_report.running(addresses, port, [process.pid for _, process in reversed(processes.running)])
        processes.running = []
    return 0 if right and asked and reported and logged and not broken else 1


def main() -> int:
    options = arguments()
    processes = Processes()
    try:
        code = run(options, processes)
    finally:
        host_code = processes.stop()
    if code == 0 and host_code != 0:
        say(f"error: the host ended with exit code {host_code}; see build/demo/host.log")
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
