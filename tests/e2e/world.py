"""One world for one test: test authority, sandbox and host in a folder of its own, on free ports.

    world = World(self, dialect="linewell", chaos="seed=1,drop-after=0.1")
    world.generate(40)
    world.host.start()
    world.wait_until_ended()

The configuration is the shipped one (config/) with times that suit a test. Nothing sleeps: `until` looks for a
condition until a deadline. `main(__name__)` takes the build folder as first argument.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import re
import secrets
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest
from collections import Counter, defaultdict
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from counterparts import Counterpart, options_of, quiet_port
from databases import PostgresDatabase, SqliteDatabase
from host import (PATIENCE, ROOT, Host, build_folder, die_with_parent, fetch, main, sanitizer_environment,
                  sanitizer_reports, until)

__all__ = ["PATIENCE", "ROOT", "Host", "World", "build_folder", "fetch", "main", "make_authority", "until"]

SANDBOX = [sys.executable, str(ROOT / "tests" / "sandbox" / "sandbox.py")]
PECULIARITIES = ROOT / "tests" / "sandbox" / "certsandbox" / "province_facts" / "peculiarities"
GLYPHS = Path("/usr/share/fonts/truetype/hanazono/HanaMinB.ttf")  # rare characters of the invented names
PASSPHRASE = "canary-passphrase-7Qx"

# What a test waits for must not take minutes: the shipped configuration with shorter times.
SHORTER = {
    'settle-time="35s"': 'settle-time="1500ms"',
    'settle-time="2s"': 'settle-time="300ms"',
    'first="1s" factor="2" most="5m"': 'first="100ms" factor="2" most="1s"',
    'incomplete-retry="2s"': 'incomplete-retry="300ms"',
    '<breaker failures="5" first-probe="2s" longest-probe="1m"/>':
        '<breaker failures="5" first-probe="200ms" longest-probe="1s"/>',
    'name="poll" value="200ms"': 'name="poll" value="50ms"',
    'ask="10s" watch="72h" look="6h"': 'ask="100ms" watch="72h" look="200ms"',
    '<verdicts ask="2m"/>': '<verdicts ask="100ms"/>',
}

# The night in which the shipped configuration compares books by itself: its questions would be among the requests of a
# test that happens to run then.
NIGHT = '<open from="02:00" to="05:00"/>'


def another_night() -> str:
    """The same for whoever runs tests at night: twelve hours away, in the zone of the configuration."""
    begin = datetime.now(timezone(timedelta(hours=8))) + timedelta(hours=12)
    return f'<open from="{begin:%H:%M}" to="{begin + timedelta(hours=1):%H:%M}"/>'


@functools.cache
def glyphs_digest() -> str:
    """Once for each test: the file has 30 MB, and every command is given its digest."""
    return "sha256:" + hashlib.sha256(GLYPHS.read_bytes()).hexdigest()


def with_seal_service(configuration: str) -> str:
    """The shipped configuration with the seal service that it describes in a comment instead of keys of its own."""
    text = re.sub(r'    <endpoint name="seal" plugin="seal_service" kind="sealer">.*?</endpoint>\n', "", configuration,
                  flags=re.DOTALL)
    return re.sub(r"    <!-- With a seal service,[^\n]*\n(.*?)    -->\n", r"\1", text, flags=re.DOTALL)


def without_queries(configuration: str) -> str:
    """The shipped configuration, taking no queries: what most tests are not about."""
    return re.sub(r" *<(?:access|queries) [^>]*/>\n", "", configuration)


def without_telling(configuration: str) -> str:
    """The shipped configuration of somebody who asks no library for its faces by the clock; the route that tells of types is taken away too."""
    return re.sub(r"(<catalogue .*?) *<hours>.*?</hours>\n(.*?</catalogue>)", r"\1\2", configuration, flags=re.DOTALL)


def without_province(configuration: str) -> str:
    """The shipped configuration of somebody who reports to no province."""
    text = configuration.replace('<line name="sector" on="yes"', '<line name="sector" on="no"')
    return re.sub(r' *<endpoint name="booking-check" .*?</endpoint>\n', "", text, flags=re.DOTALL)


def without_daily_log(configuration: str) -> str:
    """The shipped configuration without daily logs: their days would be among what a test counts. Their route goes too."""
    text = re.sub(r' *<endpoint name="(?:days|missing-bookings|booked-day|province-log|province-log-watch)" .*?</endpoint>\n', "",
                  configuration, flags=re.DOTALL)
    text = text.replace('      <option name="daily-log" value="province-log"/>\n', "")
    return text.replace(' also="province-log province-log-watch"', "")


def make_authority(folder: Path) -> None:
    """The test authority with the issuers' seals."""
    subprocess.run([str(build_folder() / "bin" / "certbridge-testca"), "--issuers", str(ROOT / "config" / "issuers.xml"),
                    "--out", str(folder), "--passphrase", PASSPHRASE], check=True, capture_output=True, timeout=PATIENCE)


class World:
    """Everything around the host, and the host. Closed when the test ends."""

    def __init__(self, test: unittest.TestCase, dialect: str = "epoint", chaos: str = "",
                 changes: dict[str, str] | None = None, options: dict[str, str] | None = None,
                 environment: dict[str, str] | None = None, verify: str = "all", postgresql: bool = False,
                 seal: str = "local", files: dict[str, str] | None = None, authority: Path | None = None, queries: bool = False,
                 province: str = "", catalogue: bool = False, generation: str = "v2", daily_log: bool = False,
                 province_delay: float = 0.2, peculiarities: str = "") -> None:
        """`authority`: a test authority that is there already; then only the counterparts in use are started. `province`:
        "folder", "sftp" or "http", how a provincial platform is reported to; else there is none. `generation`: of its messages. `peculiarities`:
        what it has otherwise than its generation, by the name of a file of the sandbox. `catalogue`: libraries are told of certificate types. `daily_log`: the province has them of each day. `province_delay`: seconds before it answers."""
        self.folder = Path(tempfile.mkdtemp(prefix="certbridge-e2e-"))
        test.addCleanup(self.close)
        # The server runs as a user of its own, which must reach its folder.
        self.folder.chmod(0o755)
        self.database = (PostgresDatabase(self.folder / "postgresql") if postgresql
                         else SqliteDatabase(self.folder / "sandbox" / "registration.db"))
        self.dialect, self.chaos, self.verify, self.seal, self.province = dialect, chaos, verify, seal, province
        self.catalogue, self.generation, self.daily_log, self.province_delay = catalogue, generation, daily_log, province_delay
        self.peculiarities = peculiarities
        self.options, self.environment, self.queries = options or {}, environment or {}, queries
        self._sandbox: subprocess.Popen | None = None
        self.generators: list[subprocess.Popen] = []
        self.counterparts: dict[str, Counterpart] = {}
        self.truth_file = self.folder / "truth.json"
        self._copy_configuration({**SHORTER, **(changes or {})}, files or {})
        self._start_sandbox(authority)
        self._write_secrets()
        self.host = Host(self)

    def _copy_configuration(self, changes: dict[str, str], files: dict[str, str]) -> None:
        shutil.copytree(ROOT / "config", self.folder / "config")
        self.configuration = self.folder / "config" / "certbridge.xml"
        for name, text in files.items():
            (self.folder / "config" / name).write_text(text, "utf-8")
        for file in [self.configuration, *sorted((self.folder / "config" / "routes").glob("*.xml"))]:
            text = file.read_text("utf-8").replace("../build/demo/", "../run/")
            if self.seal == "service":
                text = with_seal_service(text)
            if not self.queries:
                text = without_queries(text)
            if not self.province:
                text = without_province(text)
            if self.province and not self.daily_log:
                text = without_daily_log(text)
            if not self.catalogue:
                text = without_telling(text)
            for old, new in changes.items():
                text = text.replace(old, new)
            text = text.replace(NIGHT, another_night())
            file.write_text(text, "utf-8")
        for kept, route in ((self.daily_log or not self.province, "47-daily-log.xml"), (self.catalogue, "70-catalogue.xml")):
            if not kept:
                (self.folder / "config" / "routes" / route).unlink()
        self.run = self.folder / "run"
        self.run.mkdir()

    def _start_sandbox(self, authority: Path | None) -> None:
        if authority:
            shutil.copytree(authority, self.run / "testca")
        else:
            make_authority(self.run / "testca")
        ready = self.folder / "sandbox.json"
        self.sandbox_log = self.folder / "sandbox.log"
        for left in (2, 1, 0):
            self._launch_sandbox(authority, ready)
            if ready.exists():
                break
            # Another program may have taken one of its ports meanwhile.
            log = self.sandbox_log.read_text(errors="replace")
            if not left or "Address already in use" not in log:
                raise AssertionError(f"the sandbox did not start:\n{log}")
        self.addresses = json.loads(ready.read_text())
        self.library = self.addresses[self.dialect]
        self.files = Path(self.addresses["files"])
        self.counterparts = {
            name: Counterpart(self.addresses[key], self.addresses["processes"][name],
                              self.folder / "sandbox" / f"{name}.sqlite")
            for name, key in ((self.dialect, self.dialect), ("seal-service", "sealService")) if key in self.addresses}
        if "provinceSftp" in self.addresses:
            self.counterparts["sftp-front"] = Counterpart(self.addresses["provinceSftp"]["url"], self.addresses["processes"]["sftp-front"])

    def _launch_sandbox(self, authority: Path | None, ready: Path) -> None:
        command = [*SANDBOX, "start", "--data", str(self.folder / "sandbox"), "--db", self.database.address, "--trust",
                   str(self.run / "testca" / "trust.pem"), "--revocations",
                   str(self.run / "testca" / "revocations.pem"), "--verify", self.verify, "--chaos", self.chaos,
                   *(["--library", self.dialect] if authority else []),
                   *(["--province", self.province, "--generation", self.generation, "--province-delay", str(self.province_delay)] if self.province else []),
                   *(["--province-peculiarities", str(PECULIARITIES / f"{self.peculiarities}.txt")] if self.peculiarities else []),
                   *(["--signers", str(self.run / "testca" / "signers.xml"), "--passphrase", PASSPHRASE]
                     if self.seal == "service" or not authority else []), "--ready-file", str(ready), "--stop-on-stdin",
                   "--epoint-port", str(quiet_port()), "--linewell-port", str(quiet_port()), "--seal-port",
                   str(quiet_port()), "--sftp-port", str(quiet_port())]
        with open(self.sandbox_log, "wb") as log:
            self._sandbox = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log,
                                             preexec_fn=die_with_parent)
        until(lambda: ready.exists() or self._sandbox.poll() is not None, "the sandbox starts")

    def _write_secrets(self) -> None:
        self.secrets = {
            "journal-master-key": secrets.token_hex(32), "seal-passphrase": PASSPHRASE,
            "municipal-client-secret": self.addresses["clientSecret"],
            "municipal-access-token": self.addresses["accessToken"],
            "municipal-signing-key": Path(self.addresses["callerKey"]).read_text(),
            "municipal-cipher-key": self.addresses["sm4Key"], "seal-token": self.addresses["sealToken"],
            "registration-token": secrets.token_urlsafe(32), "library-verdict-token": secrets.token_urlsafe(32),
            "operator-key": secrets.token_urlsafe(32), "reviewer-key": secrets.token_urlsafe(32),
            "access-signing-key": secrets.token_hex(32), "archive-sealing-key": secrets.token_hex(32),
            "archive-token": secrets.token_urlsafe(32),
            "province-index-token": "sandbox-index-token", "province-index-key": "sandbox-index-key",
            "window-key": secrets.token_hex(32),
            "hall-key": secrets.token_hex(32)}
        if self.province:
            self.secrets["province-key"] = Path(self.addresses["provinceKey"]).read_text()
        if self.province == "sftp":
            self.secrets["province-sftp-passphrase"] = self.addresses["provinceSftp"]["passphrase"]
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<secrets xmlns="urn:certbridge:secrets:1">']
        lines += [f'  <secret name="{name}" value="{value.replace(chr(10), "&#10;")}"/>'
                  for name, value in self.secrets.items()]
        path = self.run / "secrets.xml"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            file.write("\n".join([*lines, "</secrets>", ""]))

    def settings(self) -> list[str]:
        """What is set on the command line."""
        given = {f"{name}.{option}": value
                 for name in ("registration-outbox", "registration-records", "registration-results")
                 for option, value in (("backend", self.database.backend), ("connection", self.database.connection))}
        if self.province:
            given |= {"registration-bookings.backend": self.database.backend,
                      "registration-bookings.connection": self.database.connection,
                      "province-out.folder": self.addresses["provinceFolder"],
                      "province-in.folder": self.addresses["provinceFolder"]}
        if self.province == "sftp":
            reached = {**options_of(self.addresses["provinceSftp"]), "private-key-passphrase": "secret:province-sftp-passphrase"}
            given |= {f"{name}.{option}": value for name in ("province-out", "province-in") for option, value in reached.items()}
        given["library-http.base-url"] = given["library-files-http.base-url"] = self.library
        given["compose.glyph-font"] = str(GLYPHS)
        given["compose.glyph-font-digest"] = glyphs_digest()
        if self.seal == "service":
            given["seal-http.base-url"] = self.addresses["sealService"]
        if self.dialect == "linewell":
            given |= {"library-verdicts.envelope": "library/linewell-verdicts.xml",
                      "library.dialect": "plugin:linewell.xml", "library.client-secret": "secret:municipal-access-token",
                      "library.signing-key": "secret:municipal-signing-key",
                      "library.cipher-key": "secret:municipal-cipher-key"}
            given |= {name.replace("library.", f"library-{other}."): value for name, value in given.items()
                      if name.startswith("library.") for other in ("books", "queries", "files")}
        return [word for name, value in {**given, **self.options}.items() for word in ("--set", f"{name}={value}")]

    def close(self) -> None:
        """End everything and fail on what a sanitizer found; the folder stays when CERTBRIDGE_E2E_KEEP is set."""
        self._end()
        reports = sanitizer_reports(self.folder)
        if "CERTBRIDGE_E2E_KEEP" not in os.environ:
            shutil.rmtree(self.folder, ignore_errors=True)
        if reports:
            raise AssertionError(f"a sanitizer found:\n{reports}")

    def _end(self) -> None:
        for process in [*self.generators, *([self.host.process] if hasattr(self, "host") else [])]:
            if process and process.poll() is None:
                process.kill()
                process.wait()
        for one in self.counterparts.values():
            one.close()
        if self._sandbox and self._sandbox.poll() is None:
            self._sandbox.stdin.close()
            try:
                self._sandbox.wait(20)
            except subprocess.TimeoutExpired:
                self._sandbox.kill()
                self._sandbox.wait()
        if hasattr(self, "database"):
            self.database.close()

    # Commands and queries.

    def command(self, words: list[str], allowed: tuple[int, ...] = (0,)) -> str:
        """Run a program to its end; its output."""
        done = subprocess.run(words, capture_output=True, text=True, cwd=self.folder, timeout=PATIENCE,
                              env={**os.environ, **sanitizer_environment(self.folder)})
        if done.returncode not in allowed:
            raise AssertionError(f"{' '.join(words[:5])} ... ended with {done.returncode}:\n"
                                 f"{(done.stdout + done.stderr)[-6000:]}")
        return done.stdout + done.stderr

    def certbridge(self, *words: str, allowed: tuple[int, ...] = (0,)) -> str:
        """A command of the program under test, with this world's configuration."""
        program = str(build_folder() / "bin" / "certbridge")
        return self.command([program, *words, "--config", str(self.configuration), *self.settings()], allowed)

    def query(self, sql: str, *values: Any) -> list[tuple]:
        """Rows of the registration database."""
        return self.database.query(sql, *values)

    def execute(self, *statements: tuple) -> None:
        """Change the registration database in one transaction; each statement is its text and its values."""
        self.database.execute(*statements)

    def books(self, sql: str) -> list[dict[str, Any]]:
        """Rows of the library's books."""
        connection = sqlite3.connect(f"file:{self.folder / 'sandbox' / self.dialect}.sqlite?mode=ro", uri=True,
                                     timeout=60)
        connection.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in connection.execute(sql)]
        finally:
            connection.close()

    def held(self) -> list[dict[str, Any]]:
        """What the library holds."""
        return json.loads(fetch(self.library + "/sandbox/held")[1])["held"]

    def results(self) -> list[dict[str, Any]]:
        """What was written back."""
        names = "case_no cert_id stage code sentence identifier file_sm3 library_id version".split()
        return [dict(zip(names, row)) for row in self.query(f"SELECT {', '.join(names)} FROM mw_cert_result")]

    def fault(self, path: str, kind: str, times: int = 1, milliseconds: int = 200, of: str = "") -> None:
        """Let the library, or the counterpart of that address, misbehave on a path."""
        wish = {"path": path, "kind": kind, "times": times, "milliseconds": milliseconds}
        status, text = fetch((of or self.library) + "/sandbox/faults", "POST", json.dumps(wish).encode())
        assert status == 200, text

    def faults(self) -> list[dict[str, Any]]:
        """Those of the library that were wished for and have not come yet."""
        return json.loads(fetch(self.library + "/sandbox/faults")[1])["faults"]

    def set_chaos(self, rates: str, of: str = "") -> None:
        """Random faults of the library, or of the counterpart of that address, from now on."""
        status, text = fetch((of or self.library) + "/sandbox/chaos", "POST", rates.encode())
        assert status == 200, text

    # Cases.

    def generate(self, count: int, seed: int = 1, wait: bool = True, **options: Any) -> None:
        """Let cases be finished; options as in `registration generate`."""
        words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", str(value))]
        process = subprocess.Popen(
            [*SANDBOX, "registration", "generate", "--db", self.addresses["registration"], "--count", str(count),
             "--seed", str(seed), "--truth", str(self.truth_file), "--areas", "411324,411325,411381", *words],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, preexec_fn=die_with_parent)
        self.generators.append(process)
        if wait:
            assert process.wait(PATIENCE) == 0, "the generator failed"

    def wait_for_generator(self) -> None:
        """Until all cases are in the database."""
        for process in self.generators:
            assert process.wait(PATIENCE) == 0, "the generator failed"

    def truth(self) -> dict[str, Any]:
        """What should come of each case."""
        return json.loads(self.truth_file.read_text("utf-8"))

    def open_cases(self) -> list[str]:
        """Cases that have not come to their end, whatever it is."""
        stages: dict[str, Counter] = defaultdict(Counter)
        for row in self.results():
            stages[row["case_no"]][row["stage"]] += 1
        missing = []
        for case in self.truth()["cases"]:
            done = stages[case["caseNo"]]
            if case["reason"] == "classified" or case["expected"] in ("voided", "withdrawn") or done["refused"]:
                continue
            if done["collected"] < len(case["certificates"]):
                missing.append(case["caseNo"])
        return missing

    def open_events(self) -> int:
        """Rows of the outbox that were neither taken over nor refused."""
        return self.query("SELECT count(*) FROM mw_case_outbox WHERE status IN (0, 1, 3)")[0][0]

    def busy_deliveries(self, incomplete: bool = False) -> float:
        """Deliveries that have not ended, as the host's metrics tell at one moment; with what waits to be complete."""
        busy = re.compile(r'certbridge_deliveries\{.*state="(waiting|ready|sending|retry-at|unknown|open)"')
        steps = re.compile(r'certbridge_messages\{state="(accepted|incomplete)"' if incomplete else
                           r'certbridge_messages\{state="accepted"')
        return sum(value for name, value in self.host.metrics().items() if busy.match(name) or steps.match(name))

    def wait_until_ended(self, seconds: float = PATIENCE) -> None:
        """Until every case has come to its end and nothing is on its way any more."""
        def ended() -> bool:
            if self.host.process.poll() is not None:
                raise AssertionError(f"the host ended with {self.host.process.returncode}:\n{self.host.tail()}")
            return not self.open_events() and not self.open_cases() and not self.busy_deliveries()
        try:
            until(ended, "every case comes to its end", seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}\nopen events: {self.open_events()}; open cases: {self.open_cases()[:8]}; "
                                 f"deliveries on their way: {self.busy_deliveries()}\n{self.host.tail()}") from None
