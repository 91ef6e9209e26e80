"""What others see of the host's HTTP sources: where they listen, and what they answer to what is posted."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from world import World, fetch, until

COLUMNS = ("event_id event_type case_no case_id revision area_code djlx djxl qllx unit_no classified "
           "occurred_at").split()


def address(world: World, endpoint: str) -> str:
    """Base address of an HTTP source of the running host."""
    name = f'certbridge_http_listening_port{{endpoint="{endpoint}"}}'
    port = until(lambda: world.host.metrics().get(name), f"{endpoint} listens")
    return f"http://127.0.0.1:{int(port)}"


def post(url: str, body: bytes, **headers: str) -> tuple[int, dict[str, Any]]:
    """Status and JSON of the answer."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, body, {"Content-Type": "application/json", **names}, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def post_event(world: World, body: bytes | dict[str, Any], **headers: str) -> tuple[int, dict[str, Any]]:
    """Post an event as the registration system does."""
    if isinstance(body, dict):
        body = json.dumps(body, ensure_ascii=False).encode()
    token = {"Authorization": f"Bearer {world.secrets['registration-token']}"}
    return post(address(world, "registration-front") + "/events", body, **{**token, **headers})


def verdict_address(world: World) -> str:
    """The address that the library is given for its verdicts."""
    return address(world, "library-verdicts") + "/verdicts/" + world.secrets["library-verdict-token"]


def take_from_outbox(world: World) -> list[dict[str, Any]]:
    """The events of all cases, to be posted; the outbox has them as taken over."""
    rows = world.query(f"SELECT {', '.join(COLUMNS)} FROM mw_case_outbox ORDER BY seq")
    world.execute(("UPDATE mw_case_outbox SET status = 2",))
    return [with_units(world, dict(zip(COLUMNS, row))) for row in rows]


def with_units(world: World, event: dict[str, Any]) -> dict[str, Any]:
    """The event of a case of several units names them all."""
    if event["unit_no"]:
        return event
    units = world.query("SELECT DISTINCT unit_no FROM mw_case_right WHERE case_no = ? ORDER BY 1", event["case_no"])
    return {**event, "units": [unit for (unit,) in units]}


def call_back(world: World) -> None:
    """Tell the library where the host listens for its verdicts now."""
    wish = json.dumps({"address": verdict_address(world)}).encode()
    status, text = fetch(world.library + "/sandbox/callback", "POST", wish)
    assert status == 200, text


def receipt(world: World) -> str:
    """Of the only certificate that the library has received and not decided on at once."""
    rows = json.loads(fetch(world.library + "/sandbox/receipts")[1])["receipts"]
    assert len(rows) == 1, rows
    return rows[0]["receipt"]


def decide(world: World, accept: bool) -> int:
    """Let the library decide on it and call back; what the host answered."""
    wish = json.dumps({"receipt": receipt(world), "accept": accept}).encode()
    status, text = fetch(world.library + "/sandbox/receipts", "POST", wish)
    assert status == 200, text
    return json.loads(text)["answered"]
