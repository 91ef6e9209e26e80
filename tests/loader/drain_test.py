"""SIGTERM: calls under way are told to stop; one that does not come back costs the drain deadline and no more.

    drain_test.py CERTBRIDGE ZOO_FOLDER
"""

import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

PROGRAM, ZOO = (str(pathlib.Path(argument).resolve()) for argument in sys.argv[1:3])
PATIENCE = 120  # seconds; far above what is ever needed

CONFIGURATION = """<certbridge xmlns="urn:certbridge:config:1" node="drain" environment="sandbox">
  <data folder="data"/><plugins folder="{zoo}"/><listen address="127.0.0.1:0"/>
  <log format="json"/>
  <master-key secret="master"/><drain deadline="{deadline}"/>
  <issuers file="issuers.xml"/><routes folder="routes"/>
  <endpoints>
    <endpoint name="feeder" plugin="hangs" kind="{feeder}"><option name="count" value="{count}"/></endpoint>
    {endpoints}
  </endpoints>
</certbridge>"""
EATER = '<endpoint name="eater" plugin="hangs" kind="{kind}" timeout="1h"/>'
SINKS = """<endpoint name="river" plugin="hangs" kind="{kind}" workers="4" timeout="{timeout}" settle-time="100ms"/>
    <endpoint name="shore" plugin="hangs" kind="rescuer"/>"""
ROUTE = """<route xmlns="urn:certbridge:route:1" name="food">
  <from endpoint="feeder"{when}/>{step}
</route>"""
ISSUERS = """<issuers xmlns="urn:certbridge:issuers:1"><issuer name="n" code="11411300MB1T000091" area="411300"
  number-word="n" province-word="豫" environment="sandbox"/></issuers>"""


class Drain(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="certbridge-drain-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.environment = {**os.environ, "CERTBRIDGE_SECRET_MASTER": "ab" * 32}

    def write_route(self, name: str, step: str, when: str = "") -> None:
        text = ROUTE.format(step=step, when=when and f' when="{when}"')
        (self.folder / "routes" / f"{name}.xml").write_text(text.replace("food", f"food-{name}"), "utf-8")

    def start_with(self, endpoints: str, deadline: str, count: int, feeder: str = "feeder") -> subprocess.Popen:
        """A host with these endpoints; its log begins anew."""
        (self.folder / "issuers.xml").write_text(ISSUERS, "utf-8")
        self.file = self.folder / "certbridge.xml"
        self.file.write_text(CONFIGURATION.format(zoo=ZOO, endpoints=endpoints, deadline=deadline, count=count,
                                                  feeder=feeder), "utf-8")
        self.log = self.folder / "log"
        with open(self.log, "wb") as log:
            process = subprocess.Popen([PROGRAM, "run", "--config", str(self.file)], stderr=log,
                                       env=self.environment)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def start(self, kind: str, deadline: str) -> subprocess.Popen:
        (self.folder / "routes").mkdir()
        self.write_route("10", '<process endpoint="eater"/>')
        process = self.start_with(EATER.format(kind=kind), deadline, 1)
        self.wait_for("hangs.entered", process)
        return process

    def events(self) -> list[str]:
        text = self.log.read_text("utf-8")
        return [json.loads(line)["event"] for line in text[:text.rfind("\n") + 1].splitlines() if line[0] == "{"]

    def wait_for(self, event: str, process: subprocess.Popen, times: int = 1) -> None:
        end, pause = time.monotonic() + PATIENCE, threading.Event()
        while self.events().count(event) < times:
            self.assertIsNone(process.poll(), self.log.read_text("utf-8"))
            self.assertLess(time.monotonic(), end, self.log.read_text("utf-8"))
            pause.wait(0.02)

    def listed(self) -> str:
        return self.shown("list")

    def shown(self, *words: str) -> str:
        return subprocess.run([PROGRAM, "messages", *words, "--config", str(self.file)], env=self.environment,
                              capture_output=True, text=True, check=True, timeout=PATIENCE).stdout

    def start_river(self, kind: str, timeout: str, count: int = 4, deadline: str = "1s") -> subprocess.Popen:
        """Odd messages go to the river, whose calls hang, and the even ones to the shore."""
        (self.folder / "routes").mkdir(exist_ok=True)
        self.write_route("10", '<deliver endpoint="river"/>', "header.event-type = 'odd'")
        self.write_route("20", '<deliver endpoint="shore"/>', "header.event-type = 'even'")
        return self.start_with(SINKS.format(kind=kind, timeout=timeout), deadline, count)

    def test_a_call_that_never_comes_back_is_left_behind_at_the_deadline(self) -> None:
        process = self.start("sleeper", "300ms")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(6, process.wait(PATIENCE))
        self.assertEqual(["host.draining", "host.drain_deadline"], self.events()[-2:])
        # Nothing is lost: the message waits for the next start.
        self.assertRegex(self.listed(), r"zoo\.food +accepted")

    def test_four_deliveries_that_hang_end_with_the_deadline_and_are_confirmed_afterwards(self) -> None:
        process = self.start_river("drowner", "1h", count=8)
        self.wait_for("hangs.entered", process, 4)
        self.wait_for("hangs.sent", process, 4)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        self.assertEqual(6, process.wait(PATIENCE))
        self.assertLess(time.monotonic() - began, 2, "the drain deadline is 1 s: deadline and one second at most")
        self.assertEqual(["host.draining", "host.drain_deadline"], self.events()[-2:])
        hung = ["m-0000000001", "m-0000000003", "m-0000000005", "m-0000000007"]
        for message in hung:
            self.assertRegex(self.shown("show", message), r"river +river +sending")
        process = self.start_river("rescuer", "5s", count=8)
        self.wait_for("hangs.confirmed", process, 4)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(0, process.wait(PATIENCE))
        for message in hung:
            self.assertRegex(self.shown("show", message), r"river +river +delivered")
        self.assertNotIn("hangs.sent", self.events(), "what had arrived is not sent again")

    def test_a_source_that_does_not_stop_is_left_behind_as_well(self) -> None:
        (self.folder / "routes").mkdir()
        self.write_route("10", '<deliver endpoint="shore"/>')
        process = self.start_with(SINKS.format(kind="rescuer", timeout="5s"), "500ms", 1, "clinger")
        self.wait_for("hangs.sent", process)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        self.assertEqual(6, process.wait(PATIENCE))
        self.assertLess(time.monotonic() - began, 1.5)
        self.assertEqual(["host.draining", "host.drain_deadline"], self.events()[-2:])
        self.assertRegex(self.listed(), r"zoo\.food +done")

    def test_an_endpoint_whose_calls_all_hang_is_down_and_the_others_go_on(self) -> None:
        process = self.start_river("drowner", "1s", count=20)
        self.wait_for("endpoint.call_hangs", process, 4)
        self.wait_for("endpoint.down", process)
        self.assertIn("no thread is left for it: restart or isolate", self.log.read_text("utf-8"))
        self.wait_for("hangs.sent", process, 10)
        self.assertEqual(4, self.events().count("hangs.entered"))
        process.send_signal(signal.SIGTERM)
        self.assertEqual(6, process.wait(PATIENCE))

    def test_steps_that_hang_leave_the_steps_of_others_alone(self) -> None:
        (self.folder / "routes").mkdir()
        self.write_route("10", '<process endpoint="eater"/>', "header.event-type = 'odd'")
        self.write_route("20", '<deliver endpoint="shore"/>', "header.event-type = 'even'")
        eater = EATER.format(kind="sleeper").replace("1h", "1s")
        process = self.start_with(eater + SINKS.format(kind="rescuer", timeout="5s"), "1s", 40)
        # Two threads run the steps of all routes, and the first two messages of the eater keep both.
        self.wait_for("endpoint.call_hangs", process, 4)
        self.wait_for("hangs.sent", process, 20)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(6, process.wait(PATIENCE))

    def test_a_call_that_heeds_the_stop_ends_the_host_cleanly(self) -> None:
        process = self.start("waiter", "1h")
        limits = pathlib.Path(f"/proc/{process.pid}/limits").read_text("ascii")
        self.assertRegex(limits, r"Max core file size +0 +0 ", "its memory would be written out in a crash")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(0, process.wait(PATIENCE))
        self.assertEqual("host.stopped", self.events()[-1])
        # It said that it may succeed later, so it is tried again after the next start.
        self.assertRegex(self.listed(), r"zoo\.food +incomplete")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
