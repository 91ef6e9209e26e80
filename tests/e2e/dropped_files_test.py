"""Files through the whole host: dropped, journalled once, delivered, through SIGKILLs; and what `check` says of them."""

import hashlib
import os
import pathlib
import sqlite3
import subprocess
import sys
import unittest
from unittest.mock import patch

for beside in ("load", "sandbox"):
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / beside))

from certsandbox.sftp_front import SftpFront, options_of  # noqa: E402
from flooded import BUILD, CONFIGURATION, FloodedHost, until  # noqa: E402

FILES = int(os.environ.get("CERTBRIDGE_DROPPED_FILES", "300"))
KILLS = 3
WRONG = "canary-password-5Kd"
PUT = '<option name="folder" value="out"/>'
ENDPOINTS = """
    <endpoint name="dropped" plugin="file" kind="incoming">
      <option name="folder" value="in"/><option name="type" value="report.file"/><option name="suffix" value=".xml"/>
      <option name="charset" value="utf-8"/><option name="poll" value="20ms"/><option name="batch" value="16"/>
    </endpoint>
    <endpoint name="parcels" plugin="file" kind="incoming">
      <option name="folder" value="parcels"/><option name="type" value="report.parcel"/><option name="complete" value="manifest"/>
      <option name="manifest-files" value="4"/><option name="order-name" value="{key}-*"/><option name="order-kind" value="case"/>
      <option name="poll" value="20ms"/>
    </endpoint>
    <endpoint name="put" plugin="file" kind="outgoing" settle-time="200ms">""" + PUT + "</endpoint>"
ROUTE = """<route xmlns="urn:certbridge:route:1" name="pass-on">
  <from endpoint="dropped parcels"/><deliver endpoint="put"><retry first="100ms" factor="2" most="1s"/></deliver>
</route>
"""


class FileHost(FloodedHost):
    """A host that passes files on from one folder to another."""

    def __init__(self, test: unittest.TestCase) -> None:
        super().__init__(test, [])
        (self.folder / "routes" / "files.xml").write_text(ROUTE, "utf-8")
        (self.folder / "certbridge.xml").write_text(CONFIGURATION.format(
            plugins=BUILD / "lib" / "certbridge", journal="", endpoints=ENDPOINTS), "utf-8")
        for name in ("in", "parcels", "out"):
            (self.folder / name).mkdir()

    def drop(self, name: str, content: bytes) -> None:
        """As a counterpart does: written under another name and renamed."""
        part = self.folder / "in" / f"{name}.tmp"
        part.write_bytes(content)
        part.rename(self.folder / "in" / name)

    def drop_parcel(self, name: str, files: dict[str, bytes]) -> None:
        """Its files, then the manifest that names them."""
        for file, content in files.items():
            (self.folder / "parcels" / file).write_bytes(content)
        part = self.folder / "parcels" / f"{name}.sha256.tmp"
        part.write_text("".join(f"{hashlib.sha256(content).hexdigest()}  {file}\n" for file, content in files.items()))
        part.rename(part.with_suffix(""))

    def command(self, *words: str) -> subprocess.CompletedProcess:
        return subprocess.run([BUILD / "bin" / "certbridge", *words, "--config", self.folder / "certbridge.xml"], cwd=self.folder,
                              env={**os.environ, "CERTBRIDGE_SECRET_MASTER": "ab" * 32}, text=True, capture_output=True, check=False)

    def names(self, folder: str) -> list[str]:
        return sorted(file.name for file in (self.folder / folder).rglob("*") if file.is_file())

    def journalled(self) -> int:
        """How many messages the journal ever took."""
        with sqlite3.connect(f"file:{self.folder}/journal/journal.db?mode=ro", uri=True) as journal:
            return journal.execute("SELECT count(*) FROM messages").fetchone()[0]


class DroppedFiles(unittest.TestCase):
    def test_each_file_is_taken_and_put_once_through_kills(self) -> None:
        host = FileHost(self)
        wanted = [f"Biz{number:06}.xml" for number in range(FILES)]
        parcels = [f"C{number:06}" for number in range(FILES // 8)]
        put = sorted([*wanted, *(f"{name}.xml" for name in parcels)])
        for turn in range(KILLS + 1):
            host.start()
            for name in wanted[turn::KILLS + 1]:
                host.drop(name, f"<a>{name}</a>\r\n".encode())
            for name in parcels[turn::KILLS + 1]:
                host.drop_parcel(f"{name}-1", {f"{name}.xml": f"<a>{name}.xml</a>\r\n".encode(), f"{name}.pdf": name.encode()})
            if turn < KILLS:
                until(lambda: len(host.names("out")) > turn * FILES // (KILLS + 1), "some files are through", 0.002, 60)
                host.kill()
        until(lambda: host.names("out") == put, "every file is put, and nothing else", 0.05, 120)
        until(lambda: host.names("in/archive") == wanted, "every file is archived", 0.05, 60)
        until(lambda: len(host.names("parcels/archive")) == 3 * len(parcels), "every parcel is archived", 0.05, 60)
        for name in put:
            self.assertEqual(f"<a>{name}</a>\r\n".encode(), (host.folder / "out" / name).read_bytes())
        self.assertEqual([], [name for place in ("in", "parcels") for folder in ("claimed", "error") for name in host.names(f"{place}/{folder}")])
        self.assertEqual(0, host.stop())
        self.assertEqual(len(put), host.journalled())

    def test_what_is_refused_is_parked_and_set_aside(self) -> None:
        host = FileHost(self)
        host.start()
        host.drop("gbk.xml", b"<a>\xb7\xbf</a>")
        host.drop("good.xml", b"<a/>")
        until(lambda: host.names("out") == ["good.xml"], "the good one is put", 0.02, 60)
        until(lambda: host.names("in/error") == ["gbk.xml", "gbk.xml.reason.txt"], "the other is set aside", 0.02, 60)
        reason = (host.folder / "in" / "error" / "gbk.xml.reason.txt").read_text("utf-8")
        self.assertTrue(reason.startswith("file.charset: "), reason)
        self.assertEqual(0, host.stop())
        self.assertEqual(2, host.journalled())

    def test_a_parcel_is_one_message_with_attachments(self) -> None:
        host = FileHost(self)
        host.start()
        files = {"case.xml": b"<a/>", "plan.pdf": b"plan", "photo.jpg": b"photo"}
        host.drop_parcel("C7-1", files)
        until(lambda: host.names("parcels/archive") == ["C7-1.sha256", *sorted(files)], "the parcel is archived", 0.02, 60)
        until(lambda: host.names("out") == ["case.xml"], "its first file is put", 0.02, 60)
        self.assertIn("m-0000000001", host.command("case", "C7").stdout)
        shown = host.command("messages", "show", "m-0000000001").stdout
        for name in ("plan.pdf", "photo.jpg"):
            self.assertIn(f"attachment {name}: {len(files[name])} bytes", shown)
        self.assertEqual(0, host.stop())
        self.assertEqual(1, host.journalled())

    def test_a_wrong_password_is_tried_once_and_never_told(self) -> None:
        host = FileHost(self)
        front = SftpFront(host.folder / "out", host.folder / "sftp", 0)
        self.addCleanup(front.stop)
        reached = {**options_of(front.addresses()), "password": "secret:counterpart"}
        del reached["private-key"]
        file = host.folder / "certbridge.xml"
        options = "".join(f'<option name="{name}" value="{value}"/>' for name, value in reached.items())
        file.write_text(file.read_text("utf-8").replace(PUT, options), "utf-8")
        with patch.dict(os.environ, CERTBRIDGE_SECRET_COUNTERPART=WRONG):
            host.start()
            for number in range(8):
                host.drop(f"{number}.xml", b"<a/>")
            paused = 'certbridge_endpoint_pauses_total{endpoint="put",cause="retry-after"}'
            until(lambda: host.metrics().get(paused), "the endpoint rests", 0.02, 60)
            refused = host.folder / "sftp" / "server.log"
            until(lambda: "Failed password" in refused.read_text("utf-8"), "the server writes what it refused", 0.02, 60)
            self.assertEqual(0, host.stop())
        log = (host.folder / "log").read_text("utf-8")
        self.assertIn("refuses the user or the password; so that the account is not locked, the next login is tried in", log)
        self.assertEqual(1, refused.read_text("utf-8").count("Failed password"), "whatever waits to be delivered")
        self.assertNotIn(WRONG, log)

    def test_check_knows_the_options(self) -> None:
        host = FileHost(self)
        file = host.folder / "certbridge.xml"
        for change, code, says in (("", 0, ""), ('complete" value="guessed', 1, "complete"), ('manifest" value="x', 1, "manifest")):
            text = file.read_text("utf-8")
            if change:
                file.write_text(text.replace('charset" value="utf-8', change), "utf-8")
            done = host.command("check")
            self.assertEqual(code, done.returncode, done.stdout + done.stderr)
            self.assertIn(says, done.stdout + done.stderr)
            file.write_text(text, "utf-8")


if __name__ == "__main__":
    unittest.main()
