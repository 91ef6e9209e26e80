"""Archives: what a case used leaves the house as a sealed package, and of a certificate everything that is known of it."""

import io
import json
import sys
import tarfile
import unittest
from pathlib import Path

from window import CARD, FILE, FIND, about, query_world, recorded, verified
from world import ROOT, build_folder, main, until

sys.path.insert(0, str(ROOT / "tests" / "second"))
import archives  # noqa: E402
from access_records import Key, sm3  # noqa: E402
from certsandbox import clock  # noqa: E402
from certsandbox.archive_system import ArchiveSystem  # noqa: E402
from certsandbox.http_server import Server  # noqa: E402

PACKAGE = "/api/v1/archive/case"
WHY = ("--reason", "archive order 7")
CHANGES = {"<queries listen": '<archive folder="../run/archive" key="archive-sealing-key"/>\n  <queries listen',
           'original-file="no"': 'original-file="yes"'}


PUSHED = {"</endpoints>": """<endpoint name="archive-http" plugin="http" kind="client"><option name="base-url" value="http://127.0.0.1:1"/></endpoint>
    <endpoint name="case-archive" plugin="archive_system" kind="receiver" settle-time="200ms">
      <option name="token" value="secret:archive-token"/>
      <lend role="archive" endpoint="archive-http"/>
    </endpoint>
  </endpoints>"""}
ROUTE = """<?xml version="1.0" encoding="UTF-8"?>
<route xmlns="urn:certbridge:route:1" name="archive">
  <from endpoint="archive"/>
  <deliver endpoint="case-archive" name="archive">
    <retry first="200ms" factor="2" most="1s" jitter="0.2" attempts="50"/>
  </deliver>
</route>
"""


def order(case: str, **more: object) -> dict[str, object]:
    """The archive's order for the package of a case."""
    return {"purpose": "archive", "case": case,
            "ground": {"kind": "archive-package", "number": "归档〔2026〕7号", "authorisation": "SQ-2026-014"}} | more


def files_of(package: bytes) -> dict[str, bytes]:
    """What any tar gives of it."""
    with tarfile.open(fileobj=io.BytesIO(package)) as tar:
        return {one.name: tar.extractfile(one).read() for one in tar}


class Archives(unittest.TestCase):
    def check(self, world: object, package: bytes) -> dict[str, bytes]:
        """Both verifiers say that it is whole, and the program finds a changed byte; its files."""
        pem = world.folder / "archive.pem"
        pem.write_text(world.certbridge("archive", "public-key"))
        self.assertEqual([], archives.Verifier(package, [Key(pem.read_text())]).verify())
        self.assertIn("nothing was changed", self.judge(world, pem, package))
        middle = len(package) // 2
        changed = package[:middle] + bytes((package[middle] ^ 1,)) + package[middle + 1:]
        self.assertIn("NOT as it was sealed", self.judge(world, pem, changed))
        return files_of(package)

    def judge(self, world: object, pem: Path, package: bytes) -> str:
        file = world.folder / "judged.tar"
        file.write_bytes(package)
        return world.command([str(build_folder() / "bin" / "certbridge"), "archive", "verify", str(file), "--public-key", str(pem)],
                             allowed=(0, 1))

    def test_what_a_case_used(self) -> None:
        world, window = query_world(self, changes=CHANGES)
        world.host.start()
        person, other = window.person(), window.person()
        case, card = window.open_case(person), window.issue(person, size=300_000)[0]
        empty = window.open_case(other)
        found = window.post(FIND, about(case, person))
        self.assertEqual("200 found", found.code, found.body)
        file = window.post(FILE, about(case, number=card["number"], original=True))
        self.assertEqual(200, file.status, file.body)
        window.close_case(case)

        with self.subTest("denied: only with an order, and recorded"):
            denied = window.post(PACKAGE, order(case, ground={"kind": "case", "number": case}, purpose="registration"))
            self.assertEqual("403 access.not_allowed", denied.code)
            self.assertGreater(denied.record, file.record)

        with self.subTest("over the front"):
            answer = window.post(PACKAGE, order(case))
            self.assertEqual((200, "application/x-tar"), (answer.status, answer.headers["content-type"]), answer.body[:200])
            self.assertEqual("sm3:" + sm3.hexdigest(answer.body), answer.headers["x-cb-digest"])
            files = self.check(world, answer.body)
            self.assertIn(f"record {answer.record} ", files[archives.MANIFEST].decode())
            self.check_uses(files, person, card, found, file)
            self.assertEqual("404 archive.none_kept", window.post(PACKAGE, order(empty)).code)

        with self.subTest("by command, beside the running host"):
            out = world.folder / "case.tar"
            world.certbridge("archive", "case", case, "--out", str(out), *WHY)
            by_command = self.check(world, out.read_bytes())
            self.assertEqual({name: data for name, data in files.items() if name.startswith("uses/")},
                             {name: data for name, data in by_command.items() if name.startswith("uses/")})
            world.certbridge("archive", "case", case, "--out", str(out), *WHY, allowed=(5,))
            world.certbridge("archive", "case", empty, "--out", str(world.folder / "none.tar"), *WHY, allowed=(5,))
            self.assertEqual(0, world.host.terminate())
            self.assertEqual(["export"] * 4, [one["kind"] for one in recorded(world)][-4:])
        self.assertIn("nothing was changed", verified(world))
        with self.subTest("nothing of it lies open"):
            kept = [path for path in (Path(world.run) / "archive").rglob("*") if path.is_file()]
            self.assertEqual(2, len(kept))
            for words in (case, *person, card["number"]):
                self.assertFalse([path for path in kept if words.encode() in str(path).encode() + path.read_bytes()])

    def check_uses(self, files: dict[str, bytes], person: tuple[str, str], card: dict, found: object, file: object) -> None:
        """Two uses: what was received, what was answered, and the records."""
        uses = json.loads(files["case.json"])["uses"]
        self.assertEqual([found.record, file.record], [one["record"]["number"] for one in uses])
        self.assertRegex(uses[0]["record"]["hash"], "^[0-9a-f]{64}$")
        certificate = uses[0]["certificates"][0]
        self.assertEqual((CARD, "library-queries", "valid"), (certificate["type"], certificate["source"], certificate["status"]))
        received = files[certificate["received"]].decode()
        for words in (person[0], person[1], card["number"]):
            self.assertIn(words, received)
        self.assertIn(files[uses[0]["answer"]], found.body)
        self.assertEqual(file.body, files[uses[1]["file"]["path"]])
        self.assertEqual(sm3.hexdigest(file.body), uses[1]["file"]["sm3"])
        page = files["print.html"].decode()
        self.assertIn(card["number"], page)
        self.assertNotRegex(page, r"(?i)<script|src=|href=|url\(")

    def test_what_cannot_be_kept_is_not_answered(self) -> None:
        world, window = query_world(self, changes=CHANGES)
        person = window.person()
        case = window.open_case(person)
        window.issue(person)
        (world.run / "archive").write_text("not a folder")
        world.host.start()
        answer = window.post(FIND, about(case, person))
        self.assertEqual("503 archive.failed", answer.code)
        self.assertNotIn(person[0].encode(), answer.body)
        (world.run / "archive").unlink()
        self.assertEqual("200 found", window.post(FIND, about(case, person)).code)

    def test_what_a_crash_kept_from_being_kept_is_listed(self) -> None:
        """Killed between the record of a use and its keeping: nothing left, and the package of the case says that it is missing."""
        world, window = query_world(self, changes=CHANGES)
        person = window.person()
        case = window.open_case(person)
        window.issue(person)
        world.host.start(CERTBRIDGE_STOP_AT="query.after_record:2")
        kept = window.post(FIND, about(case, person))
        self.assertEqual("200 found", kept.code, kept.body)
        with self.assertRaises(OSError):
            window.post(FIND, about(case, person))
        self.assertEqual(-9, world.host.wait_until_dead())
        lost = recorded(world)[-1]
        world.host.start()
        until(lambda: "archive.missing" in world.host.log.read_text("utf-8"), "the start notes what is missing")
        uses = json.loads(files_of(window.post(PACKAGE, order(case)).body)["case.json"])["uses"]
        self.assertEqual([(kept.record, False), (int(lost["number"]), True)],
                         [(use["record"]["number"], use.get("missing", False)) for use in uses])
        world.host.kill()
        world.host.start()
        again = json.loads(files_of(window.post(PACKAGE, order(case)).body)["case.json"])["uses"]
        self.assertEqual(uses, again, "noted once")

    def test_what_was_used_before_the_case_had_its_number(self) -> None:
        """On a provisional number first: the package and the records are found under the number of the case."""
        world, window = query_world(self, changes=CHANGES)
        world.host.start()
        person = window.person()
        window.issue(person)
        provisional = window.begin_case(person, clock.stamp())
        early = window.post(FIND, about("", person, ground={"kind": "case", "number": provisional, "provisional": True}))
        self.assertEqual("200 found", early.code, early.body)
        window.accept_case(provisional)
        case = provisional.replace("YSL", "2026")
        late = window.post(FIND, about(case, person))
        self.assertEqual("200 found", late.code, late.body)
        uses = json.loads(files_of(window.post(PACKAGE, order(case)).body)["case.json"])["uses"]
        self.assertEqual([(early.record, provisional), (late.record, case)],
                         [(use["record"]["number"], use["record"]["ground"]) for use in uses])

    def test_a_closed_case_is_pushed_once(self) -> None:
        """An answer of the archive is lost, and the host is killed; the archive holds one whole package."""
        world, window = query_world(self, changes=CHANGES | PUSHED, files={"routes/60-archive.xml": ROUTE})
        pem = world.folder / "archive.pem"
        pem.write_text(world.certbridge("archive", "public-key"))
        archive = ArchiveSystem(lambda package: archives.Verifier(package, [Key(pem.read_text())]).verify(),
                                world.secrets["archive-token"])
        server = Server(archive).start()
        self.addCleanup(server.stop)
        world.options["archive-http.base-url"] = server.url
        archive.faults.add({"path": "/packages/", "kind": "drop-after", "times": 1})
        world.host.start()
        person = window.person()
        case, _ = window.open_case(person), window.issue(person)
        idle = window.open_case(person)
        self.assertEqual("200 found", window.post(FIND, about(case, person)).code)
        window.close_case(case)
        self.assertEqual({}, archive.held(), "nothing says yet that it is closed")
        for one in (case, idle):
            world.execute(("INSERT INTO mw_case_outbox (seq, event_id, event_type, case_no, case_id, area_code, djlx, djxl, qllx,"
                           " unit_no, occurred_at) SELECT coalesce(max(seq), 0) + 1, ?, 'BANJIE', ?, ?, '411324', '100', '', '4', '',"
                           " '2026-11-28T08:00:00Z' FROM mw_case_outbox", f"closed:{one}", one, one))
        package = until(lambda: next(iter(archive.held().values()), b""), "the package is in the archive")
        account = json.loads(files_of(package)["case.json"])
        self.assertEqual((case, 1), (account["case"], len(account["uses"])))
        until(lambda: "delivered" in world.certbridge("messages", "list", "--type", "archive.case") or
              "done" in world.certbridge("messages", "list", "--type", "archive.case"), "the journal knows it too")
        world.host.kill()
        world.host.start()
        until(lambda: world.host.metrics().get("certbridge_query_listening_port"), "it is up again")
        self.assertEqual(1, len(archive.held()))
        self.assertEqual([], archive.books.rows("SELECT * FROM violations"))
        self.assertEqual(1, world.certbridge("messages", "list", "--type", "archive.case").count("archive.case"))
        self.assertEqual(0, world.host.terminate())

    def test_the_dossier_of_a_certificate(self) -> None:
        world, window = query_world(self, changes=CHANGES)
        world.host.start()
        world.generate(2)
        world.wait_until_ended()
        made = next(one for one in world.held() if one["number"])
        number = made["number"]
        world.host.terminate()
        out = world.folder / "certificate.tar"
        world.certbridge("archive", "certificate", number, "--out", str(out), *WHY)
        files = self.check(world, out.read_bytes())
        account = json.loads(files["certificate.json"])
        self.assertEqual([number], [one["number"] for one in account["register"]])
        history = account["statusHistory"]
        self.assertEqual([("issue", "issued")], [(one["event"], one["effect"]) for one in history])
        self.assertIn("library", [told["endpoint"] for told in history[0]["told"]])
        issue = next(one for one in account["messages"] if one["type"] == "certificate.issue")
        self.assertTrue(issue["sealVerdicts"])
        self.assertIn("registration.event", [one["type"] for one in account["messages"]], "what it came from")
        self.assertLessEqual({"read", "seal"}, {step["step"] for one in account["messages"] for step in one["steps"]})
        receipts = {one["name"]: one.get("receipt", {}) for one in issue["deliveries"]}
        self.assertTrue(receipts["library"]["remoteId"])
        certificate = next(one for one in issue["attachments"] if one["name"] == "certificate.ofd")
        self.assertEqual(certificate["sm3"], sm3.hexdigest(files[certificate["path"]]))

        world.certbridge("archive", "certificate", number, "--out", str(world.folder / "again.tar"), *WHY)
        again = json.loads(files_of((world.folder / "again.tar").read_bytes())["certificate.json"])
        self.assertEqual(["export"], [one["kind"] for one in again["accesses"]], "the first dossier was an access")
        world.certbridge("archive", "certificate", "nobody's", "--out", str(world.folder / "none.tar"), *WHY, allowed=(5,))


main(__name__)
