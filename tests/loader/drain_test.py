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
    <endpoint name="feeder" plugin="hangs" kind="feeder"/>
    <endpoint name="eater" plugin="hangs" kind="{kind}" timeout="1h"/>
  </endpoints>
</certbridge>"""
ROUTE = """<route xmlns="urn:certbridge:route:1" name="food">
  <from endpoint="feeder"/><process endpoint="eater"/>
</route>"""
ISSUERS = """<issuers xmlns="urn:certbridge:issuers:1"><issuer name="n" code="11411300MB1T000091" area="411300"
  number-word="n" province-word="豫" environment="sandbox"/></issuers>"""


class Drain(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="certbridge-drain-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.environment = {**os.environ, "CERTBRIDGE_SECRET_MASTER": "ab" * 32}

    def start(self, kind: str, deadline: str) -> subprocess.Popen:
        (self.folder / "routes").mkdir()
        (self.folder / "routes" / "10.xml").write_text(ROUTE, "utf-8")
        (self.folder / "issuers.xml").write_text(ISSUERS, "utf-8")
        self.file = self.folder / "certbridge.xml"
        self.file.write_text(CONFIGURATION.format(zoo=ZOO, kind=kind, deadline=deadline), "utf-8")
        self.log = self.folder / "log"
        with open(self.log, "wb") as log:
            process = subprocess.Popen([PROGRAM, "run", "--config", str(self.file)], stderr=log,
                                       env=self.environment)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        self.wait_for("hangs.entered", process)
        return process

    def events(self) -> list[str]:
        text = self.log.read_text("utf-8")
        return [json.loads(line)["event"] for line in text[:text.rfind("\n") + 1].splitlines() if line[0] == "{"]

    def wait_for(self, event: str, process: subprocess.Popen) -> None:
        end, pause = time.monotonic() + PATIENCE, threading.Event()
        while event not in self.events():
            self.assertIsNone(process.poll(), self.log.read_text("utf-8"))
            self.assertLess(time.monotonic(), end, self.log.read_text("utf-8"))
            pause.wait(0.02)

    def listed(self) -> str:
        return subprocess.run([PROGRAM, "messages", "list", "--config", str(self.file)], env=self.environment,
                              capture_output=True, text=True, check=True, timeout=PATIENCE).stdout

    def test_a_call_that_never_comes_back_is_left_behind_at_the_deadline(self) -> None:
        process = self.start("sleeper", "300ms")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(6, process.wait(PATIENCE))
        self.assertEqual(["host.draining", "host.drain_deadline"], self.events()[-2:])
        # Nothing is lost: the message waits for the next start.
        self.assertRegex(self.listed(), r"zoo\.food +accepted")

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
