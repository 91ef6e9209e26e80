"""A window of the registration hall: a clerk who asks the running host for certificates of an open case."""

from __future__ import annotations

import itertools
import json
import re
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import asking
from asking import Answer, read
from world import ROOT, World, build_folder, fetch, until

sys.path.insert(0, str(ROOT / "tests" / "sandbox"))
from certsandbox import open_cases, regdb  # noqa: E402
from certsandbox.invent import Inventor  # noqa: E402

UNIT = "12411300MB1234567G"
CARD = "11100000000013127D001"
CLERK = "clerk-7"
ITEM = "BDC-2000402"  # asks for an identity card
FIND, FILE, VERIFY = "/api/v1/queries/certificates", "/api/v1/queries/file", "/api/v1/queries/verification"
COMPARE, AVAILABLE, PAPER = "/api/v1/queries/comparison", "/api/v1/queries/availability", "/api/v1/paper-accepted"
GUIDE = "/api/v1/guide"


def callers(key: int) -> str:
    """callers.xml with one issuer of assertions and one system."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<callers xmlns="urn:certbridge:callers:1">
  <issuer name="staff" longest-validity="600" unit="{UNIT}" public-key="{asking.public_hex(key)}"/>
  <system name="window" unit="{UNIT}" key="window-key" issuers="staff"/>
</callers>
"""


def query_world(test: Any, **more: Any) -> tuple[World, "Window"]:
    """A world whose host takes queries, and a window that asks it. Not started yet."""
    key = asking.new_key()
    files = {"access/callers.xml": callers(key), **more.pop("files", {})}
    # Whatever the hour is: what is unusual leaves a record of its own, which a test does not expect.
    changes = {'outside-office-hours="yes"': 'outside-office-hours="no"', 'uses="500"': 'uses="100000"',
               **more.pop("changes", {})}
    world = World(test, queries=True, files=files, changes=changes, **more)
    (world.run / "anchors").mkdir()  # the second place is somebody else's: the host does not make it
    policy = world.folder / "config" / "access" / "access.xml"
    text = policy.read_text("utf-8")
    text = re.sub(r"<limits[^>]*/>", "", text)
    for old, new in changes.items():
        text = text.replace(old, new)
    policy.write_text(text, "utf-8")
    return world, Window(world, key)


class Window:
    """Signs and sends."""

    def __init__(self, world: World, key: int) -> None:
        self.world, self.key = world, key
        self._inventor, self._cases = Inventor(2026), itertools.count(1)

    def address(self) -> str:
        """Where the running host takes queries."""
        port = until(lambda: self.world.host.metrics().get("certbridge_query_listening_port"), "queries are taken")
        return f"http://127.0.0.1:{int(port)}"

    def assertion(self, person: str = CLERK, roles: tuple[str, ...] = ("clerk",), level: str = "ukey") -> str:
        """Who is behind the window."""
        return asking.make_assertion(self.key, "staff", person, level, list(roles), UNIT, "window")

    def post(self, path: str, members: dict[str, Any] | bytes, address: str = "", assertion: str = "",
             **headers: str) -> Answer:
        """Ask; whatever the status is."""
        try:
            with self.open(path, members, address, assertion, **headers) as answer:
                return read(answer)
        except urllib.error.HTTPError as error:
            return read(error)

    def open(self, path: str, members: dict[str, Any] | bytes, address: str = "", assertion: str = "",
             **headers: str) -> Any:
        """Ask; the answer is to be read by the caller. Raises urllib's error for another status than 200."""
        body = members if isinstance(members, bytes) else json.dumps(members, ensure_ascii=False).encode()
        signed = asking.sign_request("window", self.world.secrets["window-key"], "POST", path, body,
                                     assertion=assertion or self.assertion())
        request = urllib.request.Request((address or self.address()) + path, body, {
            "Content-Type": "application/json", **signed, **{name.replace("_", "-"): v for name, v in headers.items()}},
            method="POST")
        return urllib.request.urlopen(request, timeout=120)

    def get(self, path: str, **headers: str) -> Answer:
        """Ask without a body; whatever the status is."""
        signed = asking.sign_request("window", self.world.secrets["window-key"], "GET", path, assertion=self.assertion())
        request = urllib.request.Request(self.address() + path, headers={
            **signed, **{name.replace("_", "-"): value for name, value in headers.items()}})
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                return read(answer)
        except urllib.error.HTTPError as error:
            return read(error)

    def person(self) -> tuple[str, str]:
        """Name and number of somebody new."""
        return self._inventor.person()

    def open_case(self, *people: tuple[str, str], handler: str = CLERK) -> str:
        """An open case with these applicants; its number."""
        number = f"2026990000{next(self._cases):06d}"
        open_cases.begin(self._database(), number, [open_cases.Person("applicant", *one) for one in people], item=ITEM,
                         area="411324", unit=UNIT, handlers=[handler])
        return number

    def begin_case(self, person: tuple[str, str], started: str, handler: str = CLERK) -> str:
        """A case that is not accepted yet; its provisional number."""
        number = f"YSL990000{next(self._cases):06d}"
        open_cases.begin(self._database(), number, [open_cases.Person("applicant", *person)], item=ITEM, area="411324",
                         unit=UNIT, handlers=[handler], provisional=True, started=started)
        return number

    def accept_case(self, provisional: str) -> None:
        """It is accepted: a case."""
        open_cases.accept(self._database(), provisional, provisional.replace("YSL", "2026"))

    def close_case(self, number: str) -> None:
        """Conclude it."""
        open_cases.end(self._database(), number)

    def _database(self) -> Any:
        return regdb.connect(self.world.addresses["registration"])

    def issue(self, *people: tuple[str, str], size: int = 0, library: str = "") -> list[dict[str, Any]]:
        """The library has an identity card of this person from now on, or a joint one of these."""
        holders = [{"name": name, "code": code, "kind": "111"} for name, code in people]
        wish = {"holders": holders, "types": [CARD], "bytes": size}
        status, text = fetch((library or self.world.library) + "/sandbox/foreign", "POST", json.dumps(wish).encode())
        assert status == 200, text
        return json.loads(text)["foreign"]

    def asked(self) -> int:
        """How often the library was asked."""
        return sum(row["number"] for row in self.world.books(
            "SELECT count(*) AS number FROM requests WHERE path LIKE '%/search' OR path LIKE '%/file' "
            "OR path LIKE '%/verify'"))


def about(case: str, person: tuple[str, str] | None = None, **more: Any) -> dict[str, Any]:
    """The members of a query for a case, about a holder unless others say about what."""
    members: dict[str, Any] = {"purpose": "registration", "ground": {"kind": "case", "number": case}}
    if person:
        members["holder"] = {"name": person[0], "codeType": "111", "code": person[1]}
    return members | more


def recorded(world: World, last: int = 0) -> list[dict[str, str]]:
    """Access records as `certbridge access find` shows them, oldest first. `last`: a record that a running host enters
    into the index within a second."""
    if last:
        until(lambda: any(one["number"] == str(last) for one in recorded(world)), "the last record is found")
    lines, before = [], []
    while True:
        text = world.certbridge("access", "find", "--limit", "1000", *before)
        lines += [line for line in text.splitlines() if line.strip()[:1].isdigit()]
        more = re.search(r"more: --before (\d+)", text)
        if not more:
            return [{"number": line.split()[0], "kind": line.split()[2], "line": line} for line in reversed(lines)]
        before = ["--before", more[1]]


def verified(world: World) -> str:
    """What `certbridge access verify` says of the log; it has to be as it was written."""
    key = world.folder / "access.pem"
    key.write_text(world.certbridge("access", "public-key"))
    folder = next(Path(world.run / "access").iterdir())
    anchors = sorted((world.run / "anchors").rglob("*.anchors"))
    return world.command([str(build_folder() / "bin" / "certbridge"), "access", "verify", str(folder), "--public-key", str(key),
                          *(word for file in anchors for word in ("--anchor", str(file)))])
