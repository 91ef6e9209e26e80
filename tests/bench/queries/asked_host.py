"""The host as it is asked in benchmarks and load tests: with stubs for registration system and library, and requests that
are signed before anything is measured.

    stub = Stub(build, folder)
    host = AskedHost(build, folder, stub.port)
    host.prepare(folder / "requests", 1000)
    ... start host.command(), then peer_load --port PORT --requests FILE
"""

from __future__ import annotations

import json
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable, Iterator

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests" / "e2e"), str(ROOT / "tests" / "bench" / "peers")]
import asking  # noqa: E402
from machine import die_with_parent, fetch, free_port, until  # noqa: E402
from ours import ENVELOPE, ROUTE as RELAY  # noqa: E402

UNIT, CARD = "12411300MB1234567G", "11100000000013127D001"
FIND, FILE, AVAILABLE = "/api/v1/queries/certificates", "/api/v1/queries/file", "/api/v1/queries/availability"
LIFETIME = 600  # of an assertion, in seconds; the longest that callers.xml below takes

CONFIGURATION = """<?xml version="1.0" encoding="UTF-8"?>
<certbridge xmlns="urn:certbridge:config:1" node="bench" environment="sandbox">
  <data folder="journal"/>{plugins}
  <listen address="127.0.0.1:0"/>
  <log format="json"/>
  <secrets file="secrets.xml"/>
  <master-key secret="journal-master-key"/>
  <drain deadline="10s"/>
  <steps workers="4"/>
  <issuers file="issuers.xml"/>
  <access folder="access" anchor="anchors" key="access-signing-key"/>
  <queries listen="127.0.0.1:{port}" policy="access.xml" callers="callers.xml" routes="queries"/>
  <routes folder="routes"/>
  <endpoints>
    <endpoint name="registration-http" plugin="http" kind="client">
      <option name="base-url" value="http://127.0.0.1:{stub}"/>
      <option name="connections" value="16"/>
    </endpoint>
    <endpoint name="registration-cases" plugin="bench_cases" kind="cases" workers="16" queue="1024">
      <lend role="wire" endpoint="registration-http"/>
    </endpoint>{libraries}{more}
  </endpoints>
</certbridge>
"""
LIBRARY = """
    <endpoint name="{name}-http" plugin="http" kind="client">
      <option name="base-url" value="http://127.0.0.1:{stub}"/>
      <option name="connections" value="{workers}"/>
      <option name="max-response" value="64MB"/>
    </endpoint>
    <endpoint name="{name}" plugin="municipal_library" kind="queries" workers="{workers}" queue="256">
      <option name="dialect" value="plugin:epoint.xml"/>
      <option name="client-id" value="certbridge"/>
      <option name="client-secret" value="secret:municipal-client-secret"/>
      <lend role="library" endpoint="{name}-http"/>
    </endpoint>"""
# What a host pushes that has nothing to push: a configuration needs a route.
PUSHES = """
    <endpoint name="front" plugin="http" kind="server">
      <option name="listen" value="127.0.0.1:0"/>
      <option name="envelope" value="envelope.xml"/>
      <option name="token" value="secret:window-key"/>
    </endpoint>
    <endpoint name="wrap" plugin="bench_relay" kind="wrapper"/>
    <endpoint name="post" plugin="bench_relay" kind="poster"><lend role="wire" endpoint="registration-http"/></endpoint>"""
ROUTE = """<query-route xmlns="urn:certbridge:query-route:1" name="{name}" answers="{kinds}" budget="{budget}s">
  <case endpoint="registration-cases" timeout="4s"/><ask endpoint="{name}" types="{card}" timeout="{budget}s"/>
</query-route>
"""
CALLERS = """<?xml version="1.0" encoding="UTF-8"?>
<callers xmlns="urn:certbridge:callers:1" time-window="600" nonces="1000000">
  <issuer name="staff" longest-validity="600" unit="{unit}" public-key="{key}"/>
  <system name="window" unit="{unit}" key="window-key" issuers="staff"/>
  <system name="hall" unit="{unit}" key="hall-key" assertion="no"/>
</callers>
"""


def policy() -> str:
    """The shipped policy, whose ground `case` a system may use by itself, without limits."""
    text = (ROOT / "config" / "access" / "access.xml").read_text("utf-8")
    text = re.sub(r"<(?:limits|flags)[^>]*/>", "", text)
    case = re.search(r'<ground name="case" .*?</ground>', text, re.DOTALL)[0]
    opened = re.sub(r"<who [^>]*/>", '<who systems="window hall" person="no"/>', case.replace(' uses="500"', ""))
    opened = opened.replace('handler="yes"', 'handler="no"').replace('names="yes"', 'names="no"')
    return text.replace(case, opened).replace('<purpose name="registration" original-file="no">',
                                              '<purpose name="registration" original-file="yes">')


def citizen(number: int) -> str:
    """The number of a citizen of whom nobody else is asked about."""
    digits = f"4113241990{number % 1000000:06d}0"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits + "10X98765432"[sum(int(d) * w for d, w in zip(digits, weights)) % 11]


class Stub:
    """Registration system and library in one process."""

    def __init__(self, build: Path, folder: Path, file_bytes: int = 4096, start: Callable[..., Any] | None = None) -> None:
        file = folder / "stub.port"
        command = [str(build / "tests" / "query_stub"), str(file), str(file_bytes)]
        self.process = start(command) if start else subprocess.Popen(command, stdin=subprocess.DEVNULL,
                                                                     preexec_fn=die_with_parent)
        until(file.exists, "the stub starts")
        self.port = int(file.read_text())

    def figures(self) -> dict[str, float]:
        """What was asked how often; processor time."""
        return json.loads(fetch(self.port, "/figures")[1])

    def delay(self, kind: str, milliseconds: int) -> None:
        """Answers of `search` or `file` come so late from now on."""
        fetch(self.port, f"/delay/{kind}/{milliseconds}", "POST")

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()


class AskedHost:
    """Configuration and requests; whoever uses it starts and ends the process. `libraries`: kinds of queries by the name
    of the source that is asked for them, and which stub it is; `budget` in seconds for what is asked of them."""

    def __init__(self, build: Path, folder: Path, stub: int, libraries: dict[str, tuple[str, int]] | None = None,
                 workers: int = 16, budget: int = 4, more: str = PUSHES, routes: dict[str, str] | None = None, plugins: str = "") -> None:
        self.build, self.folder, self.port = build, folder, free_port()
        self.key = asking.new_key()
        libraries = libraries or {"library": ("find availability file", stub)}
        shown = "".join(LIBRARY.format(name=name, stub=port, workers=workers) for name, (_, port) in libraries.items())
        files = {"certbridge.xml": CONFIGURATION.format(port=self.port, stub=stub, libraries=shown, more=more, plugins=plugins),
                 "access.xml": policy(), "callers.xml": CALLERS.format(unit=UNIT, key=asking.public_hex(self.key)),
                 "issuers.xml": (ROOT / "config" / "issuers.xml").read_text("utf-8"),
                 **{f"queries/{name}.xml": ROUTE.format(name=name, kinds=kinds, card=CARD, budget=budget)
                    for name, (kinds, _) in libraries.items()},
                 "envelope.xml": ENVELOPE,
                 **{f"routes/{name}.xml": text for name, text in (routes or {"relay": RELAY}).items()}}
        for name in ("queries", "routes", "anchors"):
            (folder / name).mkdir()
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8")
        self._write_secrets()

    def _write_secrets(self) -> None:
        self.secrets = {name: secrets.token_hex(32) for name in (
            "journal-master-key", "access-signing-key", "window-key", "hall-key", "municipal-client-secret")}
        lines = "".join(f'<secret name="{name}" value="{value}"/>' for name, value in self.secrets.items())
        with open(os.open(self.folder / "secrets.xml", os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            file.write(f'<secrets xmlns="urn:certbridge:secrets:1">{lines}</secrets>\n')

    def command(self) -> list[str]:
        """How it is started; the port of its metrics is in the file `ready` then."""
        return [str(self.build / "bin" / "certbridge"), "run", "--config", str(self.folder / "certbridge.xml"),
                "--ready-file", str(self.folder / "ready")]

    def metrics(self) -> dict[str, float]:
        """All samples by name with labels."""
        text = fetch(int((self.folder / "ready").read_text()), "/metrics")[1]
        lines = (line.rsplit(" ", 1) for line in text.splitlines() if line[:1] not in ("", "#"))
        return {name: float(value) for name, value in lines}

    def requests(self, path: str, count: int, first: int = 0, person: bool = False) -> Iterator[bytes]:
        """Signed requests, each about another citizen and his case. `person`: behind them stands a clerk whom an
        assertion names, signed by SM2; otherwise a system asks by itself."""
        system, secret = ("window", "window-key") if person else ("hall", "hall-key")
        clerk = asking.make_assertion(self.key, "staff", "clerk-7", "ukey", ["clerk"], UNIT, "window",
                                      lifetime=LIFETIME) if person else ""
        for number in range(first, first + count):
            code = citizen(number)
            members = {"purpose": "registration", "ground": {"kind": "case", "number": code}, "types": [CARD]}
            subject = {"number": code, "original": True} if path == FILE else {
                "holder": {"name": "测试", "codeType": "111", "code": code}}
            body = json.dumps(members | subject, ensure_ascii=False).encode()
            signed = asking.sign_request(system, self.secrets[secret], "POST", path, body, assertion=clerk)
            yield request_bytes(path, body, signed)

    def prepare(self, file: Path, path: str, count: int, first: int = 0, person: bool = False) -> Path:
        """The same in a file that peer_load sends."""
        return write_requests(file, self.requests(path, count, first, person))


def request_bytes(target: str, body: bytes, headers: dict[str, str]) -> bytes:
    """One request as it is sent."""
    lines = [f"POST {target} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json", f"Content-Length: {len(body)}",
             *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


def write_requests(file: Path, requests: Iterator[bytes]) -> Path:
    """A file for `peer_load --requests`."""
    with open(file, "wb") as out:
        for one in requests:
            out.write(len(one).to_bytes(4, "little") + one)
    return file


def load(build: Path, port: int, requests: Path, **options: Any) -> dict[str, Any]:
    """peer_load to its end; its figures."""
    words = [str(word) for name, value in options.items() for word in (f"--{name}", value)]
    done = subprocess.run([str(build / "tests" / "peer_load"), "--port", str(port), "--requests", str(requests), *words],
                          capture_output=True, text=True, check=False, preexec_fn=die_with_parent)
    if done.returncode != 0:
        raise RuntimeError(f"the load failed: {done.stderr}")
    return json.loads(done.stdout) | ({"refusal": done.stderr.strip()} if done.stderr else {})
