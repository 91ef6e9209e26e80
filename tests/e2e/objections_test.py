"""Objections, complaints and a holder's own uses: raised over HTTP, answered by a reviewer, visible meanwhile, all on record."""

import getpass
import json
import re
import unittest
import urllib.error
import urllib.request
from typing import Any

import asking
import checks
from queries_test import DOCUMENT, check_members
from window import CARD, FIND, UNIT, Answer, about, query_world, read, recorded, verified
from world import World, main, until

OBJECTIONS, COMPLAINTS, USES = "/api/v1/objections", "/api/v1/complaints", "/api/v1/own-uses"
LOG = '<log format="json"/>'
TEXT = "有效期限写错了，应为长期"


def own(**more: Any) -> dict[str, Any]:
    """The members of what a holder asks for himself."""
    return {"purpose": "own", "ground": {"kind": "holder", "number": "hall-1"}} | more


def document_path(path: str) -> str:
    """The path as the document has it."""
    return re.sub(r"/objections/\d+", "/objections/{number}", path)


class Objections(unittest.TestCase):
    def start(self) -> None:
        """A hall with a window and an online hall, and a reviewer; an identity card that a clerk has looked up."""
        self.key = asking.new_key()
        people = f'<operate><person name="liu" roles="reviewer" user="{getpass.getuser()}"/></operate>'
        self.world, self.window = query_world(self, changes={LOG: people + LOG})
        callers = self.world.folder / "config" / "access" / "callers.xml"
        more = (f'<issuer name="citizens" longest-validity="600" public-key="{asking.public_hex(self.key)}"/>',
                f'<system name="hall" unit="{UNIT}" key="window-key" issuers="citizens"/>\n</callers>')
        callers.write_text(callers.read_text().replace("  <system", f"  {more[0]}\n  <system", 1).replace("</callers>", more[1]))
        self.world.host.start()
        self.person = self.window.person()
        self.case, self.card = self.window.open_case(self.person), self.window.issue(self.person)[0]

    def clerk(self, path: str, members: dict[str, Any]) -> Answer:
        """The clerk at the window."""
        return self.window.post(path, members)

    def holder(self, path: str, members: dict[str, Any] | None, person: tuple[str, str] | None = None) -> Answer:
        """A citizen in the online hall; without members he only looks."""
        name, code = person or self.person
        assertion = asking.make_assertion(self.key, "citizens", f"c-{code[-4:]}", "face", [], "", "hall",
                                          himself={"name": name, "code_type": "111", "code": code})
        method, body = ("GET", b"") if members is None else ("POST", json.dumps(members).encode())
        signed = asking.sign_request("hall", self.world.secrets["window-key"], method, path, body, assertion=assertion)
        request = urllib.request.Request(self.window.address() + path, body or None,
                                         {"Content-Type": "application/json", **signed}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as came:
                answer = read(came)
        except urllib.error.HTTPError as error:
            answer = read(error)
        said = DOCUMENT["paths"][document_path(path)][method.lower()]["responses"][str(answer.status)]
        self.assertEqual([], check_members(answer.members, said["content"]["application/json"]["schema"]), answer.body)
        return answer

    def operate(self, *words: str) -> dict[str, Any]:
        """What a reviewer's command answers."""
        return json.loads(self.world.certbridge(*words, "--json"))

    def mark(self) -> dict[str, Any] | None:
        """What a query says of an objection meanwhile."""
        found = self.clerk(FIND, about(self.case, self.person))
        self.assertEqual("200 found", found.code, found.body)
        self.assertEqual([], check_members(found.members, {"$ref": "#/components/schemas/FindAnswer"}), found.body)
        return found.members["certificates"][0].get("objection")

    def test_from_the_objection_to_the_outcome(self) -> None:
        self.start()
        found = self.clerk(FIND, about(self.case, self.person))
        self.assertNotIn("objection", found.members["certificates"][0])

        mine = self.holder(FIND, own(number=self.card["number"], types=[CARD]))
        self.assertEqual("200 found", mine.code, mine.body)
        self.assertEqual("404 query.no_such_record",
                         self.holder(OBJECTIONS, {"record": found.record, "text": TEXT}).code, "the clerk's access")
        raised = self.holder(OBJECTIONS, {"record": mine.record, "fields": ["expires-on", "number"], "text": TEXT})
        self.assertEqual("200 raised", raised.code, raised.body)
        number = raised.record
        mark = self.mark()
        self.assertEqual((number, "raised"), (mark["number"], mark["state"]))

        with self.subTest("only who raised it sees it"):
            shown = self.holder(f"{OBJECTIONS}/{number}", None)
            self.assertEqual(("200 found", TEXT), (shown.code, shown.members["objection"]["text"]))
            self.assertEqual(404, self.holder(f"{OBJECTIONS}/{number}", None, self.window.person()).status)

        with self.subTest("it outlives the process"):
            self.world.host.kill()
            self.world.host.start()
            until(lambda: (self.mark() or {}).get("number") == number, "it is known again")

        with self.subTest("a process that ends right behind the record: nobody was told, and it stands"):
            self.world.host.kill()
            self.world.host.start(CERTBRIDGE_STOP_AT="query.after_record")
            with self.assertRaises((ConnectionError, urllib.error.URLError, OSError)):
                self.holder(OBJECTIONS, {"record": mine.record, "text": "second"})
            self.assertEqual(-9, self.world.host.wait_until_dead())
            self.world.host.start()
            second = max(one["objection"] for one in self.operate("objections", "list")["objections"])
            self.assertGreater(second, number)
            self.assertEqual("200 withdrawn", self.holder(f"{OBJECTIONS}/{second}/withdraw", {"reason": "twice"}).code)

        with self.subTest("a reviewer answers"):
            listed = self.operate("objections", "list")["objections"]
            self.assertEqual([(number, "raised", False)],
                             [(one["objection"], one["state"], one["overdue"]) for one in listed])
            self.assertNotIn(self.card["number"], json.dumps(listed))
            detail = self.operate("objections", "show", str(number))
            self.assertIn(TEXT, json.dumps(detail, ensure_ascii=False))
            self.world.certbridge("objections", "confirm", str(number), "--reason", "not taken yet", allowed=(8,))
            self.assertEqual("taken", self.operate("objections", "take", str(number), "--reason", "mine")["state"])
            self.assertEqual("taken", self.mark()["state"])
            done = self.operate("objections", "correct", str(number), "--version", "2", "--reason", "更正")
            self.assertEqual("corrected", done["state"])
        self.assertIsNone(self.mark())
        outcome = self.holder(f"{OBJECTIONS}/{number}", None).members["objection"]
        self.assertEqual(("corrected", "更正", "2"), tuple(outcome[name] for name in ("state", "reason", "newVersion")))
        self.assertEqual("409 objection.ended",
                         self.holder(f"{OBJECTIONS}/{number}/withdraw", {"reason": "late"}).code)
        self.finish()

    def test_complaints_and_who_used_my_certificates(self) -> None:
        self.start()
        found = self.clerk(FIND, about(self.case, self.person))
        complaint = self.holder(COMPLAINTS, own(record=found.record, type=CARD, text=TEXT))
        self.assertEqual("200 raised", complaint.code, complaint.body)
        self.assertIsNone(self.mark(), "a complaint says nothing of the certificate")
        listed = self.operate("complaints", "list", "--unit", UNIT)["complaints"]
        self.assertEqual([complaint.record], [one["complaint"] for one in listed])
        self.operate("complaints", "take", str(complaint.record), "--reason", "x")
        self.assertEqual("upheld", self.operate("complaints", "uphold", str(complaint.record), "--reason", "so")["state"])

        until(lambda: any(one["record"] == found.record for one in self.holder(USES, own()).members.get("uses", [])),
              "the use is known")
        uses = self.holder(USES, own())
        use = next(one for one in uses.members["uses"] if one["record"] == found.record)
        self.assertEqual((UNIT, "registration", "case", CARD), tuple(use[name] for name in ("unit", "purpose", "ground", "type")))
        self.assertNotIn(b"clerk-7", uses.body)
        self.assertNotIn(self.case.encode(), uses.body)
        self.assertEqual("200 none-found", self.holder(USES, own(), self.window.person()).code)
        self.assertEqual(403, self.clerk(USES, about(self.case)).status)
        with self.subTest("each holder of a joint one"):
            one, other = self.window.person(), self.window.person()
            case, _ = self.window.open_case(one), self.window.issue(one, other)
            joint = self.clerk(FIND, about(case, one))
            self.assertEqual("200 found", joint.code, joint.body)
            for person in (one, other):
                until(lambda who=person: [use["record"] for use in self.holder(USES, own(), who).members.get("uses", [])] == [joint.record],
                      "he knows who used it")
        self.finish()

    def finish(self) -> None:
        """Everything is on record, the log is whole, and nothing personal is seen anywhere."""
        world: World = self.world
        kinds = {one["kind"] for one in recorded(world)}
        self.assertLessEqual({"objection-step"}, kinds)
        words = (*self.person, self.card["number"], self.case, TEXT)
        places = {str(file): file.read_bytes() for file in world.run.rglob("*") if file.is_file()}
        places |= {"log": world.host.log.read_bytes(), "metrics": world.host.page("/metrics")[1].encode()}
        self.assertEqual([], checks.occurrences(places, {word: word.encode() for word in words}))
        health = json.loads(world.host.page("/health/ready")[1])["objections"]
        self.assertEqual((False, 0), (health["alarm"], health["overdue"]))
        self.assertEqual(0, world.host.terminate())
        self.assertIn("nothing was changed", verified(world))


main(__name__)
