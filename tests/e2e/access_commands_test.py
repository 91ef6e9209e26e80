"""What people at the host see of access records: masked unless they say why, and then recorded; each decision explained."""

import datetime
import getpass
import json
import re
import unittest
import urllib.request

from window import CARD, FIND, PAPER, about, query_world, recorded, verified
from world import main, until

from certsandbox import clock  # noqa: E402, found by window

LOG = '<log format="json"/>'
TWO_ADMINISTRATORS = (
    '<operate address="127.0.0.1:0"><person name="chen" roles="security-administrator" '
    f'user="{getpass.getuser()}"/><person name="yang" roles="security-administrator" key="reviewer-key"/></operate>\n  ')
REASON = ("--reason", "complaint 7")


class AccessCommands(unittest.TestCase):
    def explained(self, world: object, record: int, *words: str, code: int = 0) -> str:
        """What `access explain` says of a record."""
        return world.certbridge("access", "explain", str(record), *words, allowed=(code,))

    def test_each_decision_is_made_again(self) -> None:
        world, window = query_world(self)
        world.host.start()
        person, nobody = window.person(), window.person()
        case, late = window.open_case(person), window.open_case(nobody)
        window.issue(person)
        found = window.post(FIND, about(case, person))
        denied = window.post(FIND, about(case, nobody))
        none = window.post(FIND, about(late, nobody))
        paper = window.post(PAPER, {"record": none.record, "type": CARD})
        self.assertEqual(("200 found", "403 holder.no_party", "200 none-found", "200 paper-accepted"),
                         (found.code, denied.code, none.code, paper.code))
        recorded(world, paper.record)

        with self.subTest("while the host runs, masked"):
            for answer in (found, denied, none, paper):
                said = self.explained(world, answer.record)
                self.assertIn("the same as the record says", said)
                self.assertNotIn(person[1], said)
                self.assertNotIn(case, said)
            self.assertIn("decided again: denied, holder.no_party", self.explained(world, denied.record))
            self.assertIn("case.parties.applicant.code: ", self.explained(world, found.record))

        with self.subTest("unmasked: a record of its own, by the running host"):
            said = self.explained(world, found.record, "--unmask", *REASON)
            self.assertIn(f"holder.code: {person[1]}", said)
            seen = int(re.search(r"shown to you by access record (\d+)", said)[1])
            shown = world.certbridge("access", "show", str(seen), "--unmask", *REASON)
            for line in ("kind: display", "role: operator", "ground: operation", "ground-number: complaint 7",
                         f"holder: {person[1]}", f"refers-to: {found.record}", "decision: allowed"):
                self.assertIn(line, shown)
            self.assertIn("the same as the record says", self.explained(world, seen))

        policy = world.folder / "config" / "access" / "access.xml"
        old = world.folder / "old.xml"
        old.write_bytes(policy.read_bytes())
        policy.write_text(policy.read_text("utf-8").replace('version="2026-1"', 'version="2026-2"'), "utf-8")
        with self.subTest("another policy since"):
            said = self.explained(world, found.record, code=5)
            self.assertIn("access.xml is 2026-2 sm3:", said)
            self.assertIn("no file with that digest was given", said)
            self.assertIn("the same as the record says",
                          self.explained(world, found.record, "--policy", str(policy), "--policy", str(old)))

        with self.subTest("a running host, and then none"):
            self.assertIn(f"result: record {found.record}", world.certbridge("access", "show", str(seen)))
            output = world.folder / "case.jsonl"
            world.certbridge("access", "export", "-o", str(output), "--case", case, *REASON)
            lines = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
            self.assertEqual([found.record, denied.record], [int(one["number"]) for one in lines][:2])
            self.assertNotIn(person[1], output.read_text("utf-8"))
        self.assertEqual(0, world.host.terminate())
        said = world.certbridge("access", "show", str(found.record), "--unmask", *REASON)
        self.assertIn(f"holder: {person[1]}", said)
        self.assertIn("nothing was changed", verified(world))

    def test_what_the_journal_holds_is_unmasked_and_drawn_by_a_record(self) -> None:
        world, _ = query_world(self)
        world.generate(1, seed=5)
        world.host.start()
        world.wait_until_ended()
        message = next(line.split()[0] for line in world.certbridge("messages", "list").splitlines()
                       if "certificate.issue" in line)
        names = [row[0] for row in world.query("SELECT xm FROM mw_case_party")]
        masked = world.certbridge("messages", "show", message)
        unmasked = world.certbridge("messages", "show", message, "--unmask", *REASON)
        self.assertFalse(any(name in masked for name in names))
        self.assertTrue(any(name in unmasked for name in names), unmasked)
        picture = world.folder / "certificate.svg"
        drawn = world.certbridge("render", "--message", message, "-o", str(picture), *REASON)
        self.assertIn("<svg", picture.read_text("utf-8"))
        until(lambda: len(recorded(world)) == 2, "both are recorded")
        self.assertEqual(["display", "render"], [one["kind"] for one in recorded(world)])
        record = re.search(r"drawn for you by access record (\d+)", drawn)[1]
        self.assertIn(f"result: message {message}", world.certbridge("access", "show", record))
        self.assertIn("the same as the record says", self.explained(world, int(record)))
        with self.subTest("default deny"):
            policy = world.folder / "config" / "access" / "access.xml"
            policy.write_text(policy.read_text("utf-8").replace('"display render export"', '"export"'), "utf-8")
            self.assertEqual(0, world.host.terminate())
            picture.unlink()
            for words in (("messages", "show", message, "--unmask"), ("render", "--message", message, "-o", str(picture))):
                refused = world.certbridge(*words, *REASON, allowed=(8,))
                self.assertIn("access.not_allowed", refused)
                self.assertFalse(any(name in refused for name in names))
            self.assertFalse(picture.exists())
            self.assertEqual(4, len(recorded(world)))
        world.certbridge("render", "-o", str(picture), allowed=(2,))

    def test_a_provisional_number_has_to_become_a_case(self) -> None:
        """Half an hour is nearly over when two numbers are used; one of them becomes a case, over a restart."""
        world, window = query_world(self)
        world.host.start()
        person = window.person()
        window.issue(person)
        started = clock.stamp(clock.now() - datetime.timedelta(minutes=29, seconds=50))
        numbers = [window.begin_case(person, started) for _ in range(2)]
        uses = [window.post(FIND, about(number, person) | {"ground": {"kind": "case", "number": number, "provisional": True}})
                for number in numbers]
        self.assertEqual(["200 found", "200 found"], [use.code for use in uses])
        window.accept_case(numbers[1])
        self.assertEqual(0, world.host.terminate())
        world.host.start()
        until(lambda: [one["kind"] for one in recorded(world)] == ["query", "query", "flag"], "the use is flagged")
        flag = world.certbridge("access", "show", recorded(world)[-1]["number"])
        self.assertIn("code: provisional.no_case", flag)
        self.assertIn(f"refers-to: {uses[0].record}", flag)
        with self.subTest("the other is found by the number of the case that it became"):
            became = ("access", "find", "--case", numbers[1].replace("YSL", "2026"), *REASON)
            until(lambda: f"{uses[1].record} " in world.certbridge(*became, allowed=(0, 5)), "it is found")
        self.assertEqual(0, world.host.terminate())

    def test_keys_are_destroyed_by_two_while_the_host_runs(self) -> None:
        world, window = query_world(self, changes={LOG: TWO_ADMINISTRATORS + LOG})
        world.host.start()
        person = window.person()
        case = window.open_case(person)
        window.issue(person)
        found = window.post(FIND, about(case, person))
        asked = json.loads(world.certbridge("access", "destroy-keys", "--holder", person[1], *REASON, "--json"))["request"]
        confirmed = ("access", "confirm-destruction", str(asked), *REASON)
        self.assertIn("it takes a second person", world.certbridge(*confirmed, allowed=(8,)))
        self.assertIn("inputs: (hidden)", world.certbridge("access", "show", str(found.record)))
        line = next(line for line in world.host.log.read_text().splitlines() if "operate.listening" in line)
        request = urllib.request.Request(
            f"http://127.0.0.1:{json.loads(line)['port']}/api/1/access/confirm-destruction", method="POST",
            data=json.dumps({"request": asked, "reason": "seen"}).encode(),
            headers={"Authorization": "Bearer " + world.secrets["reviewer-key"]})
        with urllib.request.urlopen(request, timeout=60) as answer:
            self.assertEqual({"records": 2}, json.loads(answer.read()))
        self.assertIn("holder: (its key was destroyed)", world.certbridge("access", "show", str(found.record)))
        self.assertIn("were destroyed: it cannot be decided again", self.explained(world, found.record, code=5))
        until(lambda: len(recorded(world)) == 3, "the destruction is found")
        records = recorded(world)
        self.assertEqual(["query", "keys-destroyed", "keys-destroyed"], [one["kind"] for one in records])
        self.assertIn(f"refers-to: {asked}", world.certbridge("access", "show", records[-1]["number"]))
        self.assertEqual("200 found", window.post(FIND, about(case, person)).code, "uses are counted again")
        self.assertEqual(0, world.host.terminate())
        self.assertIn("nothing was changed", verified(world))

    def test_a_limit_is_the_exception(self) -> None:
        world, window = query_world(self, changes={"<flags ": '<limits person-requests-per-minute="1"/>\n  <flags '})
        world.host.start()
        person = window.person()
        case = window.open_case(person)
        answers = [window.post(FIND, about(case, person)) for _ in range(2)]
        self.assertEqual("403 limit.person_requests", answers[1].code)
        until(lambda: "limit.person" in world.certbridge("access", "list"), "the record is found")
        self.assertIn("counters lie in memory", self.explained(world, answers[1].record))
        self.assertEqual(0, world.host.terminate())


main(__name__)
