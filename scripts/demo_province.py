"""The provincial platform of the demonstration: one booking that it rejects, mended at its source; and what it has."""
import datetime
import json
import sqlite3
import subprocess
import time
import urllib.request
from collections import Counter
from pathlib import Path

from demo_report import TYPES, say, table

ROOT = Path(__file__).resolve().parent.parent
CERTBRIDGE = str(ROOT / "build" / "release" / "bin" / "certbridge")
WORDS = "登记原因（DJYY）未写明依据"
MENDED = "{}（依据：不动产买卖合同）"
PATIENCE = 120  # seconds until the rejection must have come
HEADS = ("bookings", "accepted", "rejected", "not made")
ZONE = datetime.timezone(datetime.timedelta(hours=8))
BOOKED_FOR = datetime.timedelta(hours=3)  # cases of the demonstration are booked two hours before it begins, or later


class Province:
    """The platform's pages."""

    def __init__(self, address: str) -> None:
        self.address = address

    def page(self, name: str, wish: dict | None = None) -> dict:
        body = json.dumps(wish).encode() if wish else None
        with urllib.request.urlopen(f"{self.address}/sandbox/{name}", data=body, timeout=10) as answer:
            return json.load(answer)

    def messages(self) -> list[dict]:
        return self.page("messages")["messages"]

    def reject_the_next(self) -> None:
        self.page("refuse", {"unit": "*", "words": WORDS})


def log_day() -> datetime.date:
    """The day of which the province gets a log: the last one that is over and has no booking of the demonstration."""
    return (datetime.datetime.now(ZONE) - BOOKED_FOR).date() - datetime.timedelta(days=1)


def day_settings(day: datetime.date) -> list[str]:
    """Options by which the turns of this day come now, whatever the hour is, and those of the next one tomorrow."""
    begins = datetime.datetime.combine(day, datetime.time(), ZONE)
    minutes = (datetime.datetime.now(ZONE) - begins) // datetime.timedelta(minutes=1)
    return [f"days.since={day}", f"days.times={minutes - 2}m {minutes - 1}m {minutes}m", "days.apart=500ms", "days.poll=200ms"]


def daily_logs(province: Province, day: datetime.date, areas: list[str]) -> bool:
    """The logs of the day, once they have come. True when that of each area is accepted."""
    until = time.monotonic() + PATIENCE
    while True:
        logs = [row for row in province.page("daily-logs")["logs"] if row["day"] == f"{day:%Y%m%d}"]
        if len(logs) >= len(areas) or time.monotonic() > until:
            break
        time.sleep(0.2)
    say(f"\nDaily logs (登簿日志) to the province, of {day}, a day without bookings:")
    table([["area", "number", "booked", "sent", "province"]]
          + [[row["area"], row["number"], str(row["registered"]), str(row["accessed"]), f"{row['code']} {row['words']}"] for row in logs])
    say("  that of today follows tomorrow, and lists each booking: `certbridge daily-logs list`")
    return sorted(row["area"] for row in logs if row["code"] == "0200") == sorted(areas)


def parked(words: list[str]) -> list[dict]:
    """What waits for a person on its way to the platform."""
    done = subprocess.run([CERTBRIDGE, "parked", "list", "--endpoint", "province", "--limit", "1000", "--json", *words],
                          cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)["parked"]


def rejected(words: list[str]) -> dict:
    """The booking that was rejected, once the host has fetched that verdict."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = [row for row in parked(words) if row["code"] == "delivery.rejected"]
        if found:
            return found[0]
        time.sleep(0.2)
    raise SystemExit(f"error: no rejection of the province within {PATIENCE} s; see build/demo/host.log")


def mend(words: list[str], database: str, row: dict) -> None:
    """Correct the booking where it is kept, and fetch it anew: what the platform answers then decides."""
    with sqlite3.connect(database, timeout=60) as connection:
        ((reason,),) = connection.execute("SELECT djyy FROM mw_case_right WHERE case_no = ? LIMIT 1", (row["case"],))
        connection.execute("UPDATE mw_case_right SET djyy = ? WHERE case_no = ?", (MENDED.format(reason), row["case"]))
    connection.close()
    done = subprocess.run([CERTBRIDGE, "parked", "refetch", row["message"], "--reason", "登记原因已更正", *words], cwd=ROOT,
                          capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"error: the booking could not be fetched anew:\n{done.stdout}{done.stderr}")


def accepted_after(messages: list[dict], case: str) -> str:
    """Number under which the booking of the case was accepted after it had been rejected; empty: it was not."""
    said = [row for row in messages if row["flow"].split("-")[0] == case]
    rejected = next((n for n, row in enumerate(said) if row["state"] == "rejected"), len(said))
    units = {row["unit"] for row in said[rejected:rejected + 1]}
    return next((row["number"] for row in said[rejected + 1:] if row["state"] == "accepted" and row["unit"] in units), "")


def report(truth: dict, messages: list[dict], set_aside: list[dict], mended: dict, told: list[tuple]) -> bool:
    """By kind: bookings and what the platform said; the one that was mended, and what clerks were told (case, stage,
    sentence). True when each finished case is accepted."""
    said = {(row["flow"].split("-")[0], row["unit"]): row["state"] for row in messages}  # the last word on each
    waiting = {row["case"] for row in set_aside}
    groups: dict[str, Counter] = {}
    missing = []
    for case in truth["cases"]:
        group = groups.setdefault(TYPES[case["type"]], Counter())
        for unit in case["units"]:
            state = said.get((case["caseNo"], unit), "")
            group["bookings"] += 1
            group["accepted"] += state == "accepted"
            group["not made"] += case["caseNo"] in waiting and not state
            if case["expected"] == "collected" and state != "accepted":
                missing.append(case["caseNo"])
    for row in messages:
        if row["state"] == "rejected":
            case = next(case for case in truth["cases"] if case["caseNo"] == row["flow"].split("-")[0])
            groups[TYPES[case["type"]]]["rejected"] += 1
    say("\nReported to the province (登簿 to 省级平台), by right and unit:")
    body = [[kind, ""] + [str(group[head]) for head in HEADS] for kind, group in sorted(groups.items())]
    table([["登记类型", "", *HEADS]] + body
          + [["合计", ""] + [str(sum(group[head] for group in groups.values())) for head in HEADS]])
    say("  not made: what is recorded makes no valid message; classified cases are told to nobody")
    for stage, heading in (("refused", "Not made, and what the clerk is told"),
                           ("rejected", "Rejected by the province, and what the clerk was told")):
        rows = [(case, sentence) for case, known, sentence in told if known == stage]
        say(f"\n{heading}:" if rows else "")
        for case, sentence in rows:
            say(f"  {case}\n      {sentence}")
    number = accepted_after(messages, mended["case"])
    say(f"  It was mended at its source and fetched anew (`certbridge parked refetch {mended['message']}`): "
        + (f"accepted as {number}." if number else "and is not accepted."))
    for case in missing[:10]:
        say(f"  case {case}: the city has its certificate, and the province did not accept its booking")
    return not missing and bool(number)
