"""People operate a running host: the same operations by command and over HTTP, each change with a person and a reason."""

import getpass
import json
import re
import ssl
import unittest
import urllib.error
import urllib.request
from typing import Any

import checks
from tls_files import TlsFiles
from world import ROOT, World, build_folder, main, until

OPERATE = (f'<operate address="127.0.0.1:0"><person name="wang" roles="operator" user="{getpass.getuser()}" '
           'key="operator-key"/><person name="liu" roles="reviewer" key="reviewer-key"/></operate>\n  ')
LOG = '<log format="json"/>'
ONE_ATTEMPT = {'attempts="50"': 'attempts="1"'}
RECHECK = '<process endpoint="registration-recheck" name="recheck"/>'


def table() -> list[tuple[str, str, str]]:
    """Noun, verb and effect of every operation, from the sources."""
    text = "\n".join(path.read_text("utf-8") for path in sorted((ROOT / "host/operate").glob("*.cpp")))
    return re.findall(r'\{"([a-z-]+)",\s*"([a-z-]*)",\s*Effect::k(\w+)', text)


class Operations(unittest.TestCase):
    maxDiff = None

    def world(self, changes: dict[str, str] | None = None) -> World:
        return World(self, catalogue=True, changes={LOG: OPERATE + LOG, **(changes or {})})

    def http(self, world: World, key: str, method: str, path: str, body: Any = None, scheme: str = "http",
             context: ssl.SSLContext | None = None) -> tuple[int, dict]:
        """Status and answer of the API, asked by whoever has this key."""
        lines = [json.loads(line) for line in world.host.log.read_text().splitlines() if "operate.listening" in line]
        request = urllib.request.Request(
            f"{scheme}://127.0.0.1:{lines[-1]['port']}/api/1/{path}", method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": "Bearer " + world.secrets[key]} if key else {})
        try:
            with urllib.request.urlopen(request, timeout=60, context=context) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def ask(self, world: World, *words: str) -> dict:
        """The answer of a command as the API gives it."""
        return json.loads(world.certbridge(*words, "--json"))

    def collected(self, world: World, case: dict) -> bool:
        done = [row for row in world.results() if row["case_no"] == case["caseNo"] and row["stage"] == "collected"]
        return len(done) == len(case["certificates"])

    def all_parked(self, world: World, least: int = 3) -> list[dict]:
        """What is parked for the library, once nothing moves any more but what waits behind it."""
        moving = re.compile(r'certbridge_(messages\{state="accepted"|deliveries\{.*state="(ready|sending|retry-at|unknown)")')
        busy = world.open_events() or sum(n for name, n in world.host.metrics().items() if moving.match(name))
        rows = [] if busy else self.ask(world, "parked", "list", "--endpoint", "library")["parked"]
        return rows if len(rows) >= least else []

    def test_every_operation_is_a_command_and_an_address_of_the_api(self) -> None:
        world = self.world()
        world.host.start()
        self.assertGreater(len(table()), 15)
        for noun, verb, effect in table():
            with self.subTest(operation=f"{noun} {verb}"):
                world.command([str(build_folder() / "bin" / "certbridge"), *f"{noun} {verb}".split(), "--help"])
                # A holder's number stands in no address: a search is posted.
                method = "GET" if effect == "Reads" and (noun, verb) != ("messages", "search") else "POST"
                body = None if method == "GET" else {}
                # Nobody acts without a name, not even on this machine.
                self.assertEqual(401, self.http(world, "", method, f"{noun}/{verb}".rstrip("/"), body)[0])
        self.assertEqual(404, self.http(world, "operator-key", "GET", "parked/edit")[0])
        self.assertEqual(403, self.http(world, "reviewer-key", "POST", "parked/discard", {})[0])
        self.assertEqual(0, world.host.terminate())

    def test_a_client_certificate_is_a_name(self) -> None:
        files = TlsFiles(self, "liu")
        folder = files.folder
        operate = (f'<operate address="127.0.0.1:0" certificate="{folder}/host.pem" private-key="{folder}/host.key" '
                   f'client-ca="{files.callers}"><person name="liu" roles="inspector" certificate="{files.digest}"/>'
                   '</operate>\n  ')
        world = World(self, changes={LOG: operate + LOG})
        world.host.start()

        def status(name: str) -> int:
            return self.http(world, "", "GET", "parked/list", scheme="https", context=files.context(name))[0]

        self.assertEqual([200, 401, 401], [status(name) for name in ("liu", "stranger", "")])
        self.assertEqual(0, world.host.terminate())

    def test_a_record_that_was_corrected_is_read_again(self) -> None:
        world = self.world()
        world.generate(6, seed=71)
        case = next(c for c in world.truth()["cases"] if c["type"] != "mortgage")
        place = world.query("SELECT zl FROM mw_case_right WHERE case_no = ?", case["caseNo"])[0][0]
        world.execute(("UPDATE mw_case_right SET zl = '' WHERE case_no = ?", case["caseNo"]))
        world.host.start()
        parked = until(lambda: [row for row in self.ask(world, "parked", "list")["parked"]
                                if row["code"] == "validation.face.required"], "the case is parked")[0]
        self.assertEqual(case["caseNo"], parked["case"])
        shown = world.certbridge("parked", "show", parked["message"])
        self.assertIn("refetch, remap, repair, discard, replay", shown)
        self.assertIn("event-type", shown)
        world.execute(("UPDATE mw_case_right SET zl = ? WHERE case_no = ?", place, case["caseNo"]))
        answer = self.ask(world, "parked", "refetch", parked["message"], "--reason", "the place was filled in")
        self.assertEqual("changed", answer["read-again"])
        self.assertRegex(answer["difference"], r"face\[\w+\]: \(nothing\) -> [字9X]")
        self.assertNotIn(place, json.dumps(answer, ensure_ascii=False))
        until(lambda: self.collected(world, case), "the certificate is collected")
        acts = self.ask(world, "actions", "list", "--target", parked["message"])["actions"]
        self.assertEqual([("wang", "operator", "parked refetch", "the place was filled in")],
                         [(a["person"], a["role"], a["operation"], a["reason"]) for a in acts])
        # What was concluded meanwhile is replayed by its reason.
        code = "registration.case_not_collected"
        until(lambda: not world.busy_deliveries(), "nothing is on its way")
        count = self.ask(world, "replay", "preview", "--code", code)["count"]
        if count:
            world.certbridge("replay", "start", "--code", code, "--rate", "50", "--expect", str(count), "--reason",
                             "the certificate is collected")
            until(lambda: not self.ask(world, "parked", "list", "--code", code)["parked"], "nothing is parked for it")
        self.assertEqual([], checks.duplicates(world))

    def replayed_again(self, world: World) -> bool:
        """Whether nothing is left for the library; what is parked for it by now is replayed."""
        left = len(self.all_parked(world, least=1))
        if left:
            again = self.ask(world, "replay", "start", "--endpoint", "library", "--rate", "50", "--expect", str(left),
                             "--reason", "again")
            until(lambda: self.ask(world, "replay", "show", str(again["job"]))["state"] == "finished", "it was replayed")
        return not left and not world.busy_deliveries()

    def test_deliveries_are_replayed_over_a_restart_and_nothing_arrives_twice(self) -> None:
        world = self.world(ONE_ATTEMPT)
        world.generate(12, seed=72)
        # The library acts and its answers are lost, so one attempt is used up and its outcome unknown.
        world.set_chaos("seed=3,drop-after=0.5,fail=0.4")
        world.host.start()
        rows = until(lambda: self.all_parked(world), "deliveries are parked")
        world.set_chaos("")
        preview = self.ask(world, "replay", "preview", "--endpoint", "library")
        self.assertEqual(len(rows), preview["count"])
        self.assertEqual(0, preview["may-arrive-twice"])
        started = self.ask(world, "replay", "start", "--endpoint", "library", "--rate", "2", "--expect",
                           str(preview["count"]), "--reason", "the library answers again")
        job = str(started["job"])
        until(lambda: self.ask(world, "replay", "show", job)["replayed"] >= 1, "the replay has begun")
        world.host.kill()
        # Without a host the journal still tells; what changes something says who would do it.
        self.assertEqual("running", self.ask(world, "replay", "show", job)["state"])
        self.assertIn("certbridge run", world.certbridge("replay", "stop", job, "--reason", "x", allowed=(8,)))
        world.host.start()
        until(lambda: self.ask(world, "replay", "show", job)["state"] == "finished", "the replay goes on to its end")
        # What was being sent when the host was killed has used up its one attempt, and so has what waited behind.
        until(lambda: self.replayed_again(world), "all are delivered")
        self.assertEqual([], checks.duplicates(world))
        items = self.ask(world, "replay", "show", job)["items"]
        self.assertEqual({row["message"] for row in rows}, {item["original"] for item in items})
        stages = {stage: {row["cert_id"] for row in world.results() if row["stage"] == stage} for stage in ("prepared", "collected")}
        self.assertEqual(stages["prepared"], stages["collected"], "clerks are told what the replay came to")

    def test_a_reviewer_releases_and_returns_over_http(self) -> None:
        world = self.world({RECHECK: '<review name="review"/>\n  ' + RECHECK})
        world.generate(5, seed=73)
        count = sum(len(case["certificates"]) for case in world.truth()["cases"])
        world.host.start()

        def waiting() -> list[dict]:
            return self.http(world, "reviewer-key", "GET", "review/list?limit=1000")[1]["reviews"]

        # Mortgages are prepared behind the certificate of their flat: all of a case come one after the other.
        until(waiting, "certificates wait")
        self.assertEqual([], world.held())
        seen: set[int] = set()
        returned = waiting()[0]["message"]

        def decide() -> bool:
            for review in waiting():
                status, shown = self.http(world, "reviewer-key", "POST", "review/show", {"review": review["review"]})
                self.assertEqual(200, status, shown)
                self.assertIn("certificate.ofd", [file["file"] for file in shown["files"]])
                what = "return" if review["message"] == returned else "release"
                body = {"review": review["review"], "digest": shown["digest"], "reason": "looked at it"}
                self.assertEqual(403, self.http(world, "operator-key", "POST", f"review/{what}", body)[0])
                status, decided = self.http(world, "reviewer-key", "POST", f"review/{what}", body)
                self.assertIn(status, (200, 409), decided)
                seen.add(review["review"])
            return not waiting() and not world.busy_deliveries() and not world.open_events()

        until(decide, "everything is decided and delivered")
        self.assertGreaterEqual(len(seen), 4)
        parked = self.ask(world, "parked", "list", "--code", "review.returned")["parked"]
        self.assertEqual([returned], [row["message"] for row in parked])
        refused = [row for row in world.results() if row["stage"] == "refused" and row["code"] == "review.returned"]
        self.assertEqual([parked[0]["case"]], [row["case_no"] for row in refused])
        self.assertLess(len(world.held()), count)
        self.assertEqual([], checks.duplicates(world))
        acts = self.ask(world, "actions", "list", "--person", "liu", "--limit", "1000")["actions"]
        self.assertEqual({"review show", "review release", "review return"}, {act["operation"] for act in acts})


main(__name__)
