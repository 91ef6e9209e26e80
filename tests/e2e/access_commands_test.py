"""What people at the host see of access records: masked unless they say why, and then recorded; each decision explained."""

import json
import re
import unittest

from window import CARD, FIND, PAPER, about, query_world, recorded, verified
from world import main, until

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
