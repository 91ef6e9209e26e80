"""Our contestant: the host as it ships, with an HTTP source, one step that wraps, and a sink that posts."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from machine import Group, free_port, until

CONFIGURATION = """<?xml version="1.0" encoding="UTF-8"?>
<certbridge xmlns="urn:certbridge:config:1" node="bench" environment="sandbox">
  <data folder="journal"/>
  <listen address="127.0.0.1:0"/>
  <log format="json"/>
  <secrets file="secrets.xml"/>
  <master-key secret="journal-master-key"/>
  <drain deadline="10s"/>
  <steps workers="{step_workers}"/>
  <issuers file="issuers.xml"/>
  <routes folder="routes"/>
  <endpoints>
    <endpoint name="front" plugin="http" kind="server">
      <option name="listen" value="127.0.0.1:{port}"/>
      <option name="envelope" value="envelope.xml"/>
      <option name="path" value="/push"/>
      <option name="token" value="secret:token"/>
    </endpoint>
    <endpoint name="wire" plugin="http" kind="client">
      <option name="base-url" value="http://127.0.0.1:{sink}"/>
      <option name="connections" value="{workers}"/>
    </endpoint>
    <endpoint name="wrap" plugin="bench_relay" kind="wrapper"/>
    <endpoint name="post" plugin="bench_relay" kind="poster" workers="{workers}" settle-time="500ms">
      <lend role="wire" endpoint="wire"/>
    </endpoint>
  </endpoints>
</certbridge>
"""
ENVELOPE = """<?xml version="1.0" encoding="UTF-8"?>
<envelope xmlns="urn:certbridge:http-envelope:1" message-type="bench.event">
  <source-key field="event_id"/>
  <order-key kind="case" field="case_no" required="yes"/>
  <header name="event-type" field="event_type" required="yes"/>
  <header name="event-id" field="event_id"/>
</envelope>
"""
ROUTE = """<?xml version="1.0" encoding="UTF-8"?>
<route xmlns="urn:certbridge:route:1" name="relay">
  <from endpoint="front"/>
  <process endpoint="wrap"/>
  <deliver endpoint="post"><retry first="200ms" factor="2" most="2s" attempts="50"/></deliver>
</route>
"""
STEP_WORKERS = int(os.environ.get("BENCH_STEP_WORKERS", "4"))
WORKERS = int(os.environ.get("BENCH_WORKERS", "64"))


class Ours:
    """Encryption at rest is on: it cannot be switched off."""

    name, durable, needs = "ours", True, ()

    def __init__(self, build: Path, folder: Path, group: Group, sink: int, slow: dict[str, str]) -> None:
        self.build, self.folder, self.group, self.slow = build, folder, group, slow
        self.port, self.path = free_port(), "/push"
        self._write(sink)

    def _write(self, sink: int) -> None:
        (self.folder / "routes").mkdir(parents=True)
        issuers = Path(__file__).resolve().parents[3] / "config" / "issuers.xml"
        texts = {"certbridge.xml": CONFIGURATION.format(port=self.port, sink=sink, workers=WORKERS,
                                                        step_workers=STEP_WORKERS),
                 "envelope.xml": ENVELOPE, "routes/relay.xml": ROUTE, "issuers.xml": issuers.read_text("utf-8")}
        for name, text in texts.items():
            (self.folder / name).write_text(text, "utf-8")
        values = {"journal-master-key": secrets.token_hex(32), "token": "bench-of-peers"}
        lines = [f'<secret name="{name}" value="{value}"/>' for name, value in values.items()]
        with open(os.open(self.folder / "secrets.xml", os.O_WRONLY | os.O_CREAT, 0o600), "w",
                  encoding="utf-8") as file:
            file.write('<secrets xmlns="urn:certbridge:secrets:1">' + "".join(lines) + "</secrets>\n")

    def start(self) -> None:
        """Start, also after a kill on the same journal, and wait until it serves."""
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        process = self.group.start(
            [str(self.build / "bin" / "certbridge"), "run", "--config", str(self.folder / "certbridge.xml"),
             "--ready-file", str(ready)], self.folder / "host.log", self.slow, cwd=self.folder)
        until(lambda: ready.exists() or process.poll() is not None, "the host starts")
        if not ready.exists():
            raise RuntimeError(f"the host ended with {process.returncode}; see {self.folder / 'host.log'}")
