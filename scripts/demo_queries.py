"""The queries of the demonstration: a window of the registration hall asks the running host, and the records are verified.

The window signs its requests, and the office's sign-on signs who is behind it, as docs/access-policy.md says. What is
asked about was made by this very run.
"""
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo_report import say, table

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / "e2e"), str(ROOT / "tests" / "sandbox")]
import asking  # noqa: E402
from asking import Answer, read  # noqa: E402
from certsandbox import open_cases, regdb  # noqa: E402
from certsandbox.invent import Inventor  # noqa: E402

CERTBRIDGE = str(ROOT / "build" / "release" / "bin" / "certbridge")
UNIT, CLERK, AREA = "12411300MB1234567G", "clerk-7", "411324"
ITEM = "BDC-2000402"  # 商品房买卖转移登记
CARD = "11100000000013127D001"  # 居民身份证
ORDER = "(2026)豫1302执88号"
FIND, FILE = "/api/v1/queries/certificates", "/api/v1/queries/file"
A_TITLE = """SELECT p.xm, p.zjh, c.cert_no, r.file_sm3 FROM mw_cert_result r
  JOIN mw_case_cert c ON c.cert_id = r.cert_id JOIN mw_case_party p ON p.case_no = c.case_no AND p.role = '1'
  WHERE r.stage = 'collected' AND c.cert_kind = '1' AND c.status = 1 AND p.zjzl = '1'
    AND (p.cert_id IS NULL OR p.cert_id = c.cert_id)
    AND (SELECT count(*) FROM mw_cert_result other WHERE other.cert_id = r.cert_id AND other.stage = 'collected') = 1
    AND NOT EXISTS (SELECT 1 FROM mw_cert_result other WHERE other.cert_id = r.cert_id
                    AND other.stage IN ('voided', 'withdrawn', 'changed', 'refused'))
  ORDER BY c.cert_no LIMIT 1"""


@dataclass
class Title:
    """A title that this run issued: its holder's name and number, its number, and the digest of its file."""

    person: tuple[str, str]
    number: str
    digest: str


@dataclass
class Window:
    """A window that asks: where, its key, and the key of the sign-on that names its clerk."""

    address: str
    secret: str
    sign_on: int

    def ask(self, path: str, members: dict[str, Any]) -> Answer:
        body = json.dumps(members, ensure_ascii=False).encode()
        clerk = asking.make_assertion(self.sign_on, "staff", CLERK, "ukey", ["clerk"], UNIT, "window")
        headers = asking.sign_request("window", self.secret, "POST", path, body, assertion=clerk)
        request = urllib.request.Request(self.address + path, body, {"Content-Type": "application/json", **headers},
                                         method="POST")
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return read(answer)
        except urllib.error.HTTPError as error:
            return read(error)


def metrics(port: str) -> dict[str, float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        lines = (line.rsplit(" ", 1) for line in answer.read().decode().splitlines() if line[:1] not in ("", "#"))
        return {name: float(value) for name, value in lines}


def metric_above(port: str, name: str, least: float) -> float:
    until = time.monotonic() + 30
    while (value := metrics(port).get(name, 0)) <= least:
        if time.monotonic() > until:
            sys.exit(f"error: {name} stays at {value}; see build/demo/host.log")
        time.sleep(0.05)
    return value


def open_a_case(database: Any, person: tuple[str, str]) -> str:
    """A case of this person, which the clerk of the window handles; its number."""
    number = f"{time.strftime('%Y')}990000000001"
    open_cases.begin(database, number, [open_cases.Person("applicant", *person)], item=ITEM, area=AREA, unit=UNIT,
                     handlers=[CLERK])
    return number


def give_card(library: str, person: tuple[str, str]) -> None:
    """The library has an identity card of this person, from another authority."""
    wish = {"holders": [{"name": person[0], "code": person[1], "kind": "111"}], "types": [CARD]}
    urllib.request.urlopen(urllib.request.Request(library + "/sandbox/foreign", json.dumps(wish).encode(), method="POST"),
                           timeout=30).close()


def about(person: tuple[str, str], ground: str, proof: str, **more: Any) -> dict[str, Any]:
    return {"purpose": "registration", "ground": {"kind": ground, "number": proof},
            "holder": {"name": person[0], "codeType": "111", "code": person[1]}, **more}


def names_of(found: Answer) -> str:
    return "、".join(sorted(one.get("typeName", one["type"]) for one in found.members.get("certificates", [])))


def row(what: str, answer: Answer, came: str = "") -> list[str]:
    return [what, came or answer.members.get("message", ""), answer.code, str(answer.members.get("record", answer.record))]


def ask_all(window: Window, case: str, title: Title) -> tuple[list[list[str]], bool]:
    """The table of what was asked and what came of it, and whether it is as it has to be."""
    found = window.ask(FIND, about(title.person, "case", case))
    other = window.ask(FIND, about(Inventor(7).person(), "case", case))
    none = window.ask(FIND, about(title.person, "case", "20260000000000"))
    file = window.ask(FILE, about(title.person, "court", ORDER, purpose="court-assistance", number=title.number, original=True))
    rows = [row("what the applicant of an open case has", found, names_of(found)),
            row("the same of somebody else", other), row("the same without a case", none),
            row("the file of the title, for a court", file, f"{len(file.body)} bytes" if file.status == 200 else "")]
    right = (found.status == 200 and len(found.members["certificates"]) >= 2 and other.status == none.status == 403
             and file.status == 200 and file.headers.get("x-cb-digest") == f"sm3:{title.digest}")
    return rows, right


def verified(words: list[str], demo: Path) -> tuple[str, bool]:
    """What the offline verifier says of the records, which needs the public key only."""
    key = demo / "access-public-key.pem"
    shown = subprocess.run([CERTBRIDGE, "access", "public-key", *words], cwd=ROOT, capture_output=True, text=True)
    key.write_text(shown.stdout)
    folder = next((demo / "access").iterdir())
    anchors = [word for file in sorted((demo / "anchors").rglob("*.anchors")) for word in ("--anchor", file)]
    command = [CERTBRIDGE, "access", "verify", folder, "--public-key", key, *anchors]
    done = subprocess.run([str(word) for word in command], cwd=ROOT, capture_output=True, text=True)
    shown_as = " ".join(str(Path(word).relative_to(ROOT)) if str(word).startswith(str(ROOT)) else str(word) for word in command)
    lines = [shown_as, *(done.stdout + done.stderr).strip().splitlines()]
    return "\n      ".join(lines), done.returncode == 0


def report(window: Window, port: str, registration: str, library: str, words: list[str], demo: Path) -> bool:
    """Ask, say what came of it, and let the records be verified; whether all of it is right."""
    database = regdb.connect(registration)
    found = database.rows(A_TITLE)
    if not found:
        say("\nQueries: no certificate of a natural person was collected in this run: nothing is asked.")
        return True
    title = Title((found[0]["xm"], found[0]["zjh"]), found[0]["cert_no"], found[0]["file_sm3"])
    give_card(library, title.person)
    case = open_a_case(database, title.person)
    rows, right = ask_all(window, case, title)
    say(f"\nQueries: a window asks, by a clerk who handles case {case} (商品房买卖转移登记) of {title.person[0]}:")
    table([["asked for", "came", "answer", "record"], *rows])
    last = max(int(one[-1] or 0) for one in rows)
    metric_above(port, "certbridge_access_anchored_number", last)
    text, whole = verified(words, demo)
    say(f"Records, verified offline, with the second place where their signatures lie:\n  {text}")
    return right and whole
