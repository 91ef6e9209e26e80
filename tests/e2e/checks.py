"""What must hold at the end of every run, whatever happened in between. Each check returns what it found wrong."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from pathlib import Path

from world import SANDBOX, World

# Calls that make the library act, and those that ask what it has.
ACTING = ("/epoint/rest/cert/save", "/linewell/api/collectCert", "/epoint/rest/cert/status",
          "/linewell/api/changeState")
COLLECTING = ("/epoint/rest/cert/save", "/linewell/api/collectCert")  # once for each version
QUERIES = ("/epoint/rest/cert/query", "/linewell/api/queryCertInfo")
# Wrong or old token: the call is repeated with a fresh one. A type that is not registered: nothing was taken.
NOT_ACTED = ("1001", "1002", "11", "2009", "13")
# "That was done already": nobody who asked first hears this.
ALREADY = (("/epoint/rest/cert/publish", "2012"), ("/epoint/rest/cert/status", "2012"),
           ("/linewell/api/collectCert", "6"), ("/linewell/api/collectCert", "7"), ("/linewell/api/changeState", "21"))


def compare(world: World) -> list[str]:
    """G2, G3: held exactly once, in order for each unit, written back, no rule of the library broken."""
    text = world.command([*SANDBOX, "compare", "--truth", str(world.truth_file), "--library", world.library,
                          "--db", world.addresses["registration"]], (0, 1))
    lines = text.strip().splitlines()
    return [] if lines and lines[-1].endswith(" 0 differences") and len(lines) == 1 else lines


def resent_without_asking(world: World, acting: tuple[str, ...] = ACTING) -> list[str]:
    """G2: after an answer was lost the library is asked what it has before the same call is made again."""
    found, called = [], {}
    for row in world.books("SELECT path, identifier, code FROM requests ORDER BY id"):
        path, identifier, code = row["path"], row["identifier"], row["code"]
        if (path, code) in ALREADY:
            found.append(f"{identifier or 'a certificate'}: {path} was called although it was done ({code})")
        if path in QUERIES:
            called[identifier] = set()
        elif path in acting and code not in NOT_ACTED:
            if path in called.setdefault(identifier, set()):
                found.append(f"{identifier}: {path} was called again without a query in between")
            called[identifier].add(path)
    return found


def duplicates(world: World) -> list[str]:
    """G2: nothing was made valid twice, and the same rows were not written back twice."""
    found = [f"{row['identifier']} was collected {row['timesCollected']} times"
             for row in world.held() if row["timesCollected"] > 1]
    for case, cert, version, stage, number in world.query(
            "SELECT case_no, coalesce(cert_id, cert_no, ''), coalesce(version, 0), stage, count(*) FROM mw_cert_result "
            "WHERE stage <> 'refused' GROUP BY 1, 2, 3, 4"):
        if number > 1:
            found.append(f"case {case}, {cert}, version {version}: {stage} was written back {number} times")
    return found


def acknowledged(world: World) -> list[str]:
    """G1: the journal knows every event that the outbox says was taken over."""
    found = []
    listing = world.certbridge("messages", "list", "--type", "registration.event", "--limit", "10000")
    # What is reported to a province too is a second message of the same event.
    twice = "sum(CASE WHEN event_type = 'DENGBU' THEN 2 ELSE 1 END)" if world.province else "count(*)"
    for case, number in world.query(f"SELECT case_no, {twice} FROM mw_case_outbox WHERE status = 2 AND classified = 0 "
                                    "GROUP BY case_no"):
        known = sum(case in line.split() for line in listing.splitlines())
        if known < number:
            found.append(f"case {case}: {number} events acknowledged, {known} in the journal")
        if known > number:
            found.append(f"case {case}: {number} events acknowledged, but {known} accepted")
    return found


def verified(world: World) -> list[str]:
    """G12: every file verifies by the program under test and by the second implementation."""
    files = sorted(world.files.glob("*.ofd"))
    if not files:
        return ["the library received no file"]
    found = []
    trust = str(world.run / "testca" / "trust.pem")
    text = world.command([*SANDBOX, "verify", "--trust", trust, *map(str, files)], (0, 1))
    found += [line for line in text.splitlines() if ": good;" not in line]
    for file in files:
        report = json.loads(world.certbridge("verify", str(file), "--json", allowed=(0, 1)))
        if report.get("verdict") != "valid":
            found.append(f"{file.name}: certbridge verify says {report.get('verdict')}: {report.get('message')}")
    return found


def canaries(world: World) -> dict[str, bytes]:
    """G10: what must never be seen: names, numbers and places of people, and secrets."""
    planted = {}
    for name, number in world.query("SELECT xm, zjh FROM mw_case_party"):
        planted |= {f"name {name}": name.encode(), f"document {number}": (number or "").encode()}
    for place, note in world.query("SELECT zl, fj FROM mw_case_right"):
        planted |= {f"place {place}": (place or "").encode(), f"note {note}": (note or "").encode()}
    for name, value in world.secrets.items():
        planted |= {f"secret {name}, line {number}": line.encode()
                    for number, line in enumerate(value.splitlines()) if not line.startswith("-----")}
    return {what: value for what, value in planted.items() if len(value) >= 6}


def occurrences(places: dict[str, bytes], planted: dict[str, bytes]) -> list[str]:
    """What of the planted stands in which place. grep says which places hold any of it, hundreds of times as fast."""
    with tempfile.TemporaryDirectory(prefix="certbridge-places-") as name:
        folder = Path(name)
        (folder / "planted").write_bytes(b"\n".join(planted.values()) + b"\n")
        files = {str(number): place for number, place in enumerate(places)}
        for number, place in files.items():
            (folder / number).write_bytes(places[place])
        done = subprocess.run(["grep", "-l", "-a", "-F", "-f", "planted", "--", *files], cwd=folder, capture_output=True,
                              text=True, env={**os.environ, "LC_ALL": "C"})
        assert done.returncode in (0, 1), done.stderr
    return [f"{place}: {what}" for place in map(files.get, done.stdout.splitlines()) for what, value in planted.items()
            if value in places[place]]


def leaks(world: World, planted: dict[str, bytes] | None = None) -> list[str]:
    """G10: no canary in the log, in the metrics or anywhere in the journal's folder."""
    planted = canaries(world) if planted is None else planted
    if not planted:
        return ["no canary was planted"]
    places = {"log": world.host.log.read_bytes(), "metrics": world.host.page("/metrics")[1].encode()
              if world.host.process.poll() is None else b"",
              "command": world.certbridge("messages", "list", "--limit", "10000").encode()}
    for file in sorted((world.run / "journal").rglob("*")):
        if file.is_file():
            places[str(file.relative_to(world.run))] = file.read_bytes()
    return occurrences(places, planted)


def wrong(world: World) -> list[str]:
    """Everything that tells whether deliveries had their effect once, in order, after asking."""
    return compare(world) + duplicates(world) + resent_without_asking(world) + acknowledged(world)
