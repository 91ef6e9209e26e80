"""G10: nothing personal of a query in logs, metrics, errors and files, and no core dump of a process that held it.

Every member of a query that can hold something of a person, a case or a certificate holds a canary, in its place and,
as a wrong value, in every other; what the registration system and the library answer holds canaries as well.
"""

import json
import os
import re
import resource
import signal
import subprocess
import unittest
from pathlib import Path

import checks
from host import die_with_parent
from window import AVAILABLE, CARD, COMPARE, FILE, FIND, PAPER, VERIFY, Answer, about, query_world, recorded
from world import main, until


def canary(name: str) -> str:
    """A text that occurs nowhere else, of characters that need no escape in any format."""
    return f"Qx7{name}7Qx"


NAMES = ("holder", "code", "kind", "number", "identifier", "case", "person", "authorisation", "printed", "field", "purpose",
         "ground", "role", "type", "file", "member", "nonce", "system", "spouse", "word")
WORDS = ("purpose", "ground", "role", "type", "kind", "word")  # of no person: a record says under which of them was asked
PLANTED = {name: canary(name) for name in NAMES}


def dumps(command: list[str], folder: Path) -> bool:
    """Whether this machine writes a core of a process that may, when it breaks."""
    process = subprocess.Popen(command, cwd=folder, preexec_fn=allow_cores)
    process.send_signal(signal.SIGSEGV)
    how = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    process.wait()
    return how.si_code == os.CLD_DUMPED


def allow_cores() -> None:
    """As `ulimit -c unlimited`."""
    die_with_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


class QueryCanaries(unittest.TestCase):
    def setUp(self) -> None:
        self.world, self.window = query_world(self)
        self.errors: dict[str, bytes] = {}

    def ask(self, path: str, members: object, **more: str) -> Answer:
        """Ask, and keep what is said when it is no answer."""
        answer = self.window.post(path, members, self.address, **more)
        if answer.status != 200 or answer.code == "200 none-found":
            self.errors[f"error {len(self.errors)} {answer.code}"] = answer.body + json.dumps(answer.headers).encode()
        return answer

    def spoilt(self, members: dict) -> list[dict]:
        """The members with a canary as a value where none belongs, each in turn, and with members of its name."""
        kinds: list[dict] = []
        for name, value in members.items():
            text = canary("word" if name in (*WORDS, "types") else "member")
            for wrong in (text, [text], {text: text}, 7):
                kinds.append(members | {name: wrong})
            if isinstance(value, dict):
                kinds += [members | {name: value | {inner: {"x": canary("member")}}} for inner in value]
                kinds.append(members | {name: value | {canary("member"): "x"}})
        return [*kinds, members | {canary("member"): canary("member")}]

    def ask_everything(self, case: str) -> None:
        """Every kind of query, right and wrong, about whom the registration system knows and about others."""
        person = (PLANTED["holder"], PLANTED["code"])
        one = {"number": PLANTED["number"]}
        asked = [(FIND, about(case, person)), (FIND, about(case, **one)), (FIND, about(case, identifier=PLANTED["identifier"])),
                 (FIND, about(PLANTED["case"], person)), (AVAILABLE, about(case, person)), (FILE, about(case, **one)),
                 (FILE, about(case, person, original=True, **one)),
                 (COMPARE, about(case, printed={"KZ_ZL": PLANTED["printed"], PLANTED["field"]: "x"}, **one)),
                 (VERIFY, about(case, file="UEsDBA==")), (VERIFY, about(case, file=PLANTED["file"])),
                 (FIND, about(case, person) | {"purpose": PLANTED["purpose"]}),
                 (FIND, about(case, person, role=PLANTED["role"])), (FIND, about(case, person, types=[PLANTED["type"]])),
                 (FIND, about(case, person) | {"ground": {"kind": PLANTED["ground"], "number": case}}),
                 (FIND, about(case, person) | {"ground": {"kind": "court", "number": PLANTED["case"],
                                                          "authorisation": PLANTED["authorisation"]}}),
                 (PAPER, {"record": 1, "type": PLANTED["type"]})]
        for path, members in asked:
            self.ask(path, members)
            for wrong in self.spoilt(members)[:: 1 if path == FIND else 4]:
                self.ask(path, wrong)
        for body in (b"{" + PLANTED["holder"].encode(), json.dumps([PLANTED["code"]]).encode(), b"\xff" + PLANTED["code"].encode()):
            self.ask(FIND, body)
        whole = about(case, person)
        for assertion in (PLANTED["person"], f"{PLANTED['person']}.{PLANTED['person']}"):
            self.ask(FIND, whole, assertion=assertion)
        self.ask(FIND, whole, assertion=self.window.assertion(PLANTED["person"], (PLANTED["role"],), PLANTED["kind"]))
        self.ask(FIND, whole, assertion=self.window.assertion(PLANTED["person"]))
        for header in ({"X_CB_System": PLANTED["system"]}, {"X_CB_Nonce": PLANTED["nonce"]}, {"X_CB_Time": PLANTED["nonce"]},
                       {"X_CB_Signature": PLANTED["nonce"]}):
            self.ask(FIND, whole, **header)

    def test_nothing_personal_is_told(self) -> None:
        world, window = self.world, self.window
        PLANTED["code"] = window.person()[1]  # the library takes no other
        person = (PLANTED["holder"], PLANTED["code"])
        case = window.open_case(person, (PLANTED["spouse"], "110101199003071233"), handler=PLANTED["person"])
        own = window.open_case(person)
        window.issue(person)
        world.host.start()
        self.address = window.address()
        for number in (case, own):
            self.ask_everything(number)
        with self.subTest("some of it was answered, and said what was planted"):
            found = self.ask(FIND, about(own, person, types=[CARD]))
            self.assertEqual("200 found", found.code)
            self.assertIn(person[0].encode(), found.body)
        until(lambda: recorded(world) and int(recorded(world)[-1]["number"]) >= found.record, "the records are in the index")
        places = {str(file.relative_to(world.folder)): file.read_bytes() for file in world.run.rglob("*") if file.is_file()}
        places |= {"log": world.host.log.read_bytes(), "metrics": world.host.page("/metrics")[1].encode(),
                   "health": world.host.page("/health/ready")[1].encode(),
                   "found": "".join(one["line"] for one in recorded(world)).encode(), **self.errors}
        planted = {name: text.encode() for name, text in PLANTED.items()}
        self.assertGreater(len(self.errors), 150)
        words = re.compile(rf"(^found|\.records): ({'|'.join(WORDS)})$")
        self.assertEqual([], [one for one in checks.occurrences(places, planted) if not words.search(one)])

    def test_a_crash_writes_no_memory_out(self) -> None:
        """Although cores are allowed where it was started."""
        world, window = self.world, self.window
        person = window.person()
        case = window.open_case(person)
        window.issue(person)
        soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
        if hard != resource.RLIM_INFINITY and os.geteuid() != 0:
            self.skipTest("cores cannot be allowed here")
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        self.addCleanup(resource.setrlimit, resource.RLIMIT_CORE, (soft, hard))
        print("this machine", "writes" if dumps(["sleep", "60"], world.folder) else "does not write", "cores of others", flush=True)
        world.host.start()
        self.assertEqual("200 found", window.post(FIND, about(case, person)).code)
        before = {file for file in world.folder.rglob("*") if "core" in file.name}
        world.host.process.send_signal(signal.SIGSEGV)
        how = os.waitid(os.P_PID, world.host.process.pid, os.WEXITED | os.WNOWAIT)
        self.assertEqual((os.CLD_KILLED, signal.SIGSEGV), (how.si_code, how.si_status), "killed, and nothing dumped")
        self.assertEqual(before, {file for file in world.folder.rglob("*") if "core" in file.name})
        self.assertEqual(-signal.SIGSEGV, world.host.wait_until_dead())


main(__name__)
