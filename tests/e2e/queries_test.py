"""Queries, from the window to the record: only with a right to ask, never without a record."""

import base64
import concurrent.futures
import datetime
import hashlib
import json
import os
import random
import re
import threading
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

import checks
from tls_files import TlsFiles
from window import (AVAILABLE, CARD, COMPARE, FILE, FIND, GUIDE, ITEM, PAPER, UNIT, VERIFY, Answer, about, query_world, recorded, verified)
from world import ROOT, fetch, main, until
from certsandbox import ofd, sm3

TITLE = "11100000MB03271699001"
READERS, FILE_BYTES = 32, 20_000_000
KILLS = int(os.environ.get("CERTBRIDGE_QUERY_KILLS", "50"))
DOCUMENT = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))


def check_members(value: object, schema: dict, at: str = "answer") -> list[str]:
    """What of a value the document does not say; the parts of JSON Schema that it uses."""
    if "$ref" in schema:
        return check_members(value, DOCUMENT["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]], at)
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
    if not isinstance(value, kinds[schema["type"]]):
        return [f"{at}: {type(value).__name__} instead of {schema['type']}"]
    found = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{at}: {value} is none of {schema['enum']}")
    if isinstance(value, list):
        for number, one in enumerate(value):
            found += check_members(one, schema["items"], f"{at}[{number}]")
    if isinstance(value, dict):
        found += [f"{at}: {name} is missing" for name in schema.get("required", []) if name not in value]
        for name, one in value.items():
            if name in schema.get("properties", {}):
                found += check_members(one, schema["properties"][name], f"{at}.{name}")
            else:
                found.append(f"{at}: {name} is not in the document")
    return found


class Queries(unittest.TestCase):
    last = 0  # number of the last record

    def ask(self, path: str, members: object, **more: object) -> Answer:
        """Ask, and hold the answer against the document."""
        answer = self.window.post(path, members, **more)
        self.last = answer.record or self.last
        said = DOCUMENT["paths"][path]["post"]["responses"]
        self.assertIn(str(answer.status), said, answer.body)
        media_type = answer.headers["content-type"].split(";")[0]
        content = said[str(answer.status)]["content"]
        self.assertIn(media_type, content)
        if media_type == "application/json":
            self.assertEqual([], check_members(answer.members, content[media_type]["schema"]), answer.body)
        return answer

    def test_from_the_window_to_the_record(self) -> None:
        world, self.window = query_world(self)
        world.host.start()
        window, clerk_person, other = self.window, self.window.person(), self.window.person()
        case, card = window.open_case(clerk_person), window.issue(clerk_person)[0]
        window.issue(other)

        found = self.ask(FIND, about(case, clerk_person))
        self.assertEqual("200 found", found.code, found.body)
        certificate = found.members["certificates"][0]
        self.assertEqual((CARD, "library-queries", False), (certificate["type"], certificate["source"], certificate["cached"]))
        self.assertNotIn("ZZ", [one["name"] for one in certificate.get("fields", [])], "not on the list of the purpose")

        with self.subTest("denied: nobody is asked"):
            asked = window.asked()
            for members, assertion in ((about(case, other), ""), (about("20269900009999", clerk_person), ""),
                                       (about(case, clerk_person), window.assertion("clerk-8")),
                                       (about(case, clerk_person), window.assertion(level="password")),
                                       (about(case, clerk_person, purpose="archive"), "")):
                self.assertEqual(403, self.ask(FIND, members, assertion=assertion).status)
            self.assertEqual(asked, window.asked())

        with self.subTest("by number: what belongs to somebody else is as if it were not there"):
            number = next(one["number"] for one in world_foreign(world) if one["number"] != card["number"])
            self.assertEqual("200 none-found", self.ask(FIND, about(case, number=number)).code)
            self.assertEqual("200 found", self.ask(FIND, about(case, number=card["number"])).code)

        with self.subTest("compared, never told"):
            answer = self.ask(COMPARE, about(case, number=card["number"], printed={
                "holder.name": clerk_person[0], "number": "1", "ZZ": "x"}))
            results = {one["name"]: one["result"] for one in answer.members["comparison"]["fields"]}
            self.assertEqual({"holder.name": "same", "number": "different", "ZZ": "not-on-certificate"}, results)
            self.assertNotIn(card["number"].encode(), answer.body)

        with self.subTest("before paper is asked for"):
            types = self.ask(AVAILABLE, about(case, clerk_person, types=[CARD])).members["types"]
            self.assertEqual([{"type": CARD, "available": "yes"}], types)

        with self.subTest("a PDF file leaves as a copy that says what for"):
            answer = self.ask(FILE, about(case, number=card["number"]))
            self.assertEqual((200, "annotated", "application/pdf"),
                             (answer.status, answer.headers.get("x-cb-copy"), answer.headers["content-type"]), answer.body[:300])
            (world.folder / "copy.pdf").write_bytes(answer.body)
            text = world.command(["pdftotext", "-raw", str(world.folder / "copy.pdf"), "-"])
            for words in ("加注件（副本）", "某市不动产登记中心", case, card["identifier"]):
                self.assertIn(words, text)

        with self.subTest("whether a file is genuine"):
            answer = self.ask(VERIFY, about(case, file=base64.b64encode(b"PK\x03\x04 nobody's").decode()))
            self.assertIn(answer.members["verification"]["verdict"], ("not-genuine", "cannot-tell"))

        with self.subTest("nothing found: paper"):
            nobody = window.person()
            late = window.open_case(nobody)
            none = self.ask(FIND, about(late, nobody))
            self.assertEqual(("200 none-found", True), (none.code, none.members["paperAllowed"]))
            self.assertEqual("200 paper-accepted", self.ask(PAPER, {"record": none.record, "type": CARD}).code)
            self.assertEqual(404, self.ask(PAPER, {"record": found.record}).status)

        with self.subTest("a closed case"):
            window.close_case(case)
            self.assertEqual("403 case.closed", self.ask(FIND, about(case, clerk_person)).code)

        with self.subTest("wrong in form"):
            self.assertEqual("400 query.member", self.ask(FIND, about(case, clerk_person, colour="red")).code)
            self.assertEqual("400 query.body", self.ask(FIND, b"[]").code)
            self.assertEqual(413, self.ask(FIND, b" " * 70_000).status)
            self.assertEqual(401, self.ask(FIND, about(case, clerk_person), X_CB_Signature="0" * 64).status)
            self.assertEqual(404, window.post("/api/v1/queries/other", {}).status)

        with self.subTest("recorded and verified"):
            records = recorded(world, self.last)
            last = int(records[-1]["number"])
            until(lambda: world.host.metrics()["certbridge_access_anchored_number"] > last, "the second place knows it")
            self.assertIn(str(found.record), [one["number"] for one in records])
            kinds = {one["kind"] for one in records}
            self.assertEqual({"query", "comparison", "availability", "file", "verification", "paper-accepted"}, kinds)
            self.assertIn("nothing was changed", verified(world))
            health = json.loads(world.host.page("/health/ready")[1])["access"]
            self.assertFalse(health["alarm"])
            self.assertGreaterEqual(health["records"], len(records))
            for words in (("--case", case), ("--holder", clerk_person[1]), ("--certificate", card["number"])):
                shown = world.certbridge("access", "find", *words, "--limit", "1000", "--reason", "a test")
                self.assertIn(str(found.record), [line.split()[0] for line in shown.splitlines() if line.strip()], words)
        with self.subTest("nothing personal is seen"):
            words = (*clerk_person, *other, card["number"], case)
            places = {str(file): file.read_bytes() for file in world.run.rglob("*") if file.is_file()}
            places |= {"log": world.host.log.read_bytes(), "metrics": world.host.page("/metrics")[1].encode()}
            self.assertTrue(any(".records" in name for name in places))
            self.assertEqual([], checks.occurrences(places, {word: word.encode() for word in words}))
        self.assertEqual(0, world.host.terminate())

    def test_a_sealed_certificate_leaves_as_a_copy(self) -> None:
        """An annotated copy of what we issued, as others read it; and answers that are kept until something is delivered."""
        kept = (ROOT / "config" / "queries" / "10-certificates.xml").read_text("utf-8")
        kept = kept.replace('budget="5s"', 'budget="5s" cache="99s"')
        world, self.window = query_world(self, files={"queries/10-certificates.xml": kept})
        world.host.start()
        world.generate(3)
        world.wait_until_ended()
        own, person = of_one_person(world)
        case = self.window.open_case(person)

        answer = self.ask(FILE, about(case, identifier=own["identifier"]))
        self.assertEqual((200, "annotated", "application/ofd"),
                         (answer.status, answer.headers["x-cb-copy"], answer.headers["content-type"]))
        self.assertEqual("sm3:" + sm3.hexdigest(answer.body), answer.headers["x-cb-digest"])
        copy = ofd.read_document(answer.body)
        self.assertEqual(own["identifier"], copy.metadata["ZZBS"])
        self.assertEqual(("某市不动产登记中心", f"不动产登记 {case}"), (copy.metadata["JZJZZZ"], copy.metadata["JZJZZSY"]))
        made, expires = (datetime.datetime.strptime(copy.metadata[name], "%Y%m%d%H%M%S") for name in ("JZJZZSJ", "JZJYXQJZSJ"))
        self.assertEqual(datetime.timedelta(days=30), expires - made)
        for text in copy.pages:
            for words in ("加注件（副本）", "某市不动产登记中心", case, str(expires)):
                self.assertIn(words, text)
        file, picture = world.folder / "copy.ofd", world.folder / "copy.svg"
        file.write_bytes(answer.body)
        self.assertIn("not valid: ", world.certbridge("verify", str(file), allowed=(1,)))
        world.certbridge("render", str(file), "-o", str(picture))
        self.assertIn("加注件", picture.read_text("utf-8"))
        with self.subTest("the original, for a purpose that allows it"):
            members = about(case, identifier=own["identifier"], purpose="archive", original=True)
            self.assertEqual(403, self.ask(FILE, members).status)  # not on this ground

        with self.subTest("kept until something is delivered"):
            def cached() -> bool:
                certificate = self.ask(FIND, about(case, person)).members["certificates"][0]
                self.assertTrue(certificate["asOf"].endswith("T16:00:00.000Z"), "the library's data are of midnight")
                return certificate["cached"]
            self.assertEqual([False, True, True], [cached() for _ in range(3)])
            world.generate(1, seed=2)
            world.wait_until_ended()
            self.assertEqual([False, True], [cached() for _ in range(2)])
        self.assertEqual(0, world.host.terminate())

    def test_the_guide_says_what_need_not_be_brought(self) -> None:
        world, self.window = query_world(self)
        world.host.start()

        def guide() -> dict:
            answer = self.window.get(GUIDE)
            self.assertEqual(200, answer.status, answer.body)
            schema = DOCUMENT["paths"][GUIDE]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
            self.assertEqual([], check_members(answer.members, schema), answer.body)
            self.assertEqual(0, answer.record, "it says nothing of anybody")
            return answer.members

        def bring() -> dict[str, str]:
            item = next(one for one in guide()["items"] if one["code"] == ITEM)
            return {one["name"]: one["bring"] for one in item["materials"]}

        self.assertEqual(("not-needed", "not-needed", "paper", "paper"),
                         tuple(bring()[name] for name in ("居民身份证", "不动产权证书", "结婚证", "商品房买卖合同")))
        self.assertEqual([], guide()["notNow"])
        self.assertEqual(401, self.window.get(GUIDE, X_CB_Signature="0" * 64).status)
        self.assertEqual(405, self.window.post(GUIDE, {}).status)
        with self.subTest("the library does not answer"):
            person = self.window.person()
            case = self.window.open_case(person)
            world.fault("/epoint/rest/cert/search", "fail", times=1000)
            until(lambda: self.ask(FIND, about(case, person)).status == 503 and bring()["居民身份证"] == "not-now",
                  "three questions failed")
            self.assertIn(CARD, guide()["notNow"])
        self.assertEqual(0, world.host.terminate())

    def test_no_answer_without_a_record(self) -> None:
        """The host ends right before and right behind the record: no answer either time, and a record the second time."""
        for place, records in (("query.before_record", 0), ("query.after_record", 1)):
            with self.subTest(place):
                world, window = query_world(self)
                person = window.person()
                case = window.open_case(person)
                window.issue(person)
                world.host.start(CERTBRIDGE_STOP_AT=place)
                with self.assertRaises((ConnectionError, urllib.error.URLError, OSError)):
                    window.post(FIND, about(case, person))
                self.assertEqual(-9, world.host.wait_until_dead())
                self.assertEqual(records, len(recorded(world)))
                self.assertIn("nothing was changed", verified(world))

    def test_the_proof_can_fail(self) -> None:
        """A host that answers before its record is told apart from one that does not."""
        world, window = query_world(self, environment={"CERTBRIDGE_FAULT": "answer_before_record"})
        person = window.person()
        case = window.open_case(person)
        window.issue(person)
        world.host.start(CERTBRIDGE_STOP_AT="query.before_record")
        self.assertEqual("200 found", window.post(FIND, about(case, person)).code)
        self.assertEqual(-9, world.host.wait_until_dead())
        self.assertEqual([], recorded(world))

    def test_kills_between_record_and_answer(self) -> None:
        """Whoever was answered before the kill has a record of that number afterwards. Four kills of five fall between
        a record and its answer, while others ask; the rest at random moments."""
        world, window = query_world(self)
        person = window.person()
        case = window.open_case(person)
        window.issue(person)
        chance, answered, between = random.Random(2026), [], 0
        moment = threading.Event()
        for number in range(KILLS * 5 // 4):
            at = {} if number % 5 == 4 else {"CERTBRIDGE_STOP_AT": f"query.after_record:{chance.randint(1, 9)}"}
            world.host.start(**at)
            address = window.address()
            with concurrent.futures.ThreadPoolExecutor(3) as clients:
                asking = [clients.submit(ask_until_dead, window, address, about(case, person)) for _ in range(3)]
                if at:
                    self.assertEqual(-9, world.host.wait_until_dead())
                    between += 1
                else:
                    moment.wait(chance.uniform(0.02, 0.4))  # the moment is what is tried out here
                    world.host.kill()
                answered += [number for one in asking for number in one.result()]
        known = {int(one["number"]) for one in recorded(world)}
        print(f"{between} kills between record and answer, {KILLS * 5 // 4 - between} at random moments: "
              f"{len(answered)} answers, {len(known)} records", flush=True)
        self.assertGreaterEqual(between, KILLS)
        self.assertGreater(len(answered), KILLS)
        self.assertEqual(len(answered), len(set(answered)), "a number was answered twice")
        self.assertEqual(set(), set(answered) - known, "an answer without a record")
        self.assertGreaterEqual(len(known - set(answered)), between, "each such kill leaves a record without its answer")
        self.assertIn("nothing was changed", verified(world))

    def test_a_slow_source_holds_up_no_other(self) -> None:
        """Certificates are asked from one library, which is two seconds slow, and availability from another."""
        find = route("find", "library-queries")
        available = route("availability", "other-queries")
        other = """<endpoint name="other-http" plugin="http" kind="client"><option name="base-url" value="http://127.0.0.1:1"/></endpoint>
    <endpoint name="other-queries" plugin="municipal_library" kind="queries" workers="4">
      <option name="dialect" value="plugin:linewell.xml"/>
      <option name="client-id" value="certbridge"/>
      <option name="client-secret" value="secret:municipal-access-token"/>
      <option name="signing-key" value="secret:municipal-signing-key"/>
      <option name="cipher-key" value="secret:municipal-cipher-key"/>
      <lend role="library" endpoint="other-http"/>
    </endpoint>
  </endpoints>"""
        world, window = query_world(self, changes={"</endpoints>": other}, files={
            "queries/10-certificates.xml": find, "queries/20-files.xml": available})
        world.options["other-http.base-url"] = world.addresses["linewell"]
        world.host.start()
        person = window.person()
        case = window.open_case(person)
        window.issue(person, library=world.addresses["linewell"])
        world.fault("/epoint/rest/cert/search", "slow", times=1000, milliseconds=3000)
        address = window.address()
        with concurrent.futures.ThreadPoolExecutor(60) as clients:
            slow = [clients.submit(window.post, FIND, about(case, person), address) for _ in range(40)]
            times = []
            while len(times) < 20 and not all(one.done() for one in slow):
                began = time.monotonic()
                self.assertEqual("200 found", window.post(AVAILABLE, about(case, person), address).code)
                times.append(time.monotonic() - began)
            self.assertGreater(len(times), 2, "hardly anything was slow: this says nothing")
            self.assertLess(sorted(times)[len(times) // 2], 1.0, times)
            self.assertLessEqual({one.result().status for one in slow}, {200, 503})

    def test_a_client_certificate_is_a_system(self) -> None:
        """Mutual TLS instead of a signature: a system that asks by itself whether paper is needed."""
        files = TlsFiles(self, "registration")
        folder = files.folder
        system = f'<system name="registration" unit="{UNIT}" assertion="no" certificate="{files.digest}"/>\n</callers>'
        tls = f' certificate="{folder}/host.pem" key="{folder}/host.key" client-ca="{files.callers}" listen="127.0.0.1:0"'
        world, window = query_world(self, changes={'<queries listen="127.0.0.1:0"': f"<queries{tls}"})
        callers = world.folder / "config" / "access" / "callers.xml"
        callers.write_text(callers.read_text().replace("</callers>", system))
        world.host.start()
        person = window.person()
        case = window.open_case(person)
        window.issue(person)
        members = about(case, person, types=[CARD]) | {"ground": {"kind": "case-check", "number": case}}
        address = window.address().replace("http:", "https:")

        def code(name: str) -> str:
            request = urllib.request.Request(address + AVAILABLE, json.dumps(members).encode(),
                                             {"Content-Type": "application/json"}, method="POST")
            try:
                with urllib.request.urlopen(request, timeout=60, context=files.context(name)) as answer:
                    return json.loads(answer.read())["code"]
            except urllib.error.HTTPError as error:
                return json.loads(error.read())["code"]

        self.assertEqual(["found", "caller.unknown", "caller.unknown"],
                         [code(name) for name in ("registration", "stranger", "")])
        self.assertEqual(0, world.host.terminate())

    def test_stops_with_queries_under_way(self) -> None:
        """The drain waits for no slow source: who asked is told so or sees the connection end, and the log is whole."""
        world, window = query_world(self)
        person = window.person()
        case = window.open_case(person)
        window.issue(person)
        world.host.start()
        address = window.address()
        self.assertEqual("200 found", window.post(FIND, about(case, person), address).code)
        world.fault("/epoint/rest/cert/search", "slow", times=1000, milliseconds=4000)
        with concurrent.futures.ThreadPoolExecutor(8) as clients:
            asking = [clients.submit(ask_until_dead, window, address, about(case, person)) for _ in range(8)]
            until(lambda: world.faults()[0]["times"] < 1000, "the library is asked")
            self.assertEqual(0, world.host.terminate())
            for one in asking:
                self.assertEqual([], one.result())
        self.assertIn("nothing was changed", verified(world))

    def test_files_leave_in_pieces(self) -> None:
        """Many slow readers of large files cost the host no memory for each."""
        world, window = query_world(self, changes={'original-file="no"': 'original-file="yes"'})
        person = window.person()
        case, card = window.open_case(person), window.issue(person, size=FILE_BYTES)[0]
        world.host.start()
        address = window.address()
        members = about(case, number=card["number"], original=True)
        with concurrent.futures.ThreadPoolExecutor(READERS) as clients:
            reading = [clients.submit(read_slowly, window, address, members) for _ in range(READERS)]
            most = 0
            while not all(one.done() for one in reading):
                most = max(most, memory_of(world.host.process.pid))
                threading.Event().wait(0.05)
            files = [one.result() for one in reading]
        self.assertEqual({(200, FILE_BYTES)}, {(status, size) for status, size, *_ in files})
        self.assertEqual(1, len({digest for _, _, digest, _ in files}))
        self.assertLess(most, 256 << 20, "memory for each reader")
        records = recorded(world, max(record for *_, record in files))
        self.assertEqual(READERS, len([one for one in records if one["kind"] == "file"]))

    def test_a_broken_log_stops_queries_and_no_push(self) -> None:
        world, window = query_world(self)
        person = window.person()
        case = window.open_case(person)
        window.issue(person)
        world.host.start()
        self.assertEqual("200 found", window.post(FIND, about(case, person)).code)
        self.assertEqual(0, world.host.terminate())
        segment = sorted((world.run / "access").rglob("*.records"))[-1]
        bytes_ = bytearray(segment.read_bytes())
        bytes_[120] ^= 1
        segment.write_bytes(bytes_)
        world.host.start()
        answer = window.post(FIND, about(case, person))
        self.assertEqual(503, answer.status)
        self.assertTrue(answer.members["code"].startswith("access."), answer.body)
        self.assertTrue(json.loads(world.host.page("/health/ready")[1])["access"]["alarm"])
        world.generate(2)
        world.wait_until_ended()
        self.assertEqual(0, world.host.terminate())


def read_slowly(window: object, address: str, members: dict) -> tuple[int, int, str, int]:
    """Status, size, digest and record of a file that is taken a piece at a time."""
    digest, size, pause = hashlib.sha256(), 0, threading.Event()
    with window.open(FILE, members, address) as answer:
        while piece := answer.read(512 * 1024):
            digest.update(piece)
            size += len(piece)
            pause.wait(0.02)
        return answer.status, size, digest.hexdigest(), int(answer.headers["X-CB-Record"])


def memory_of(process: int) -> int:
    """Bytes that the process has for itself, what it shares counted in parts (PSS)."""
    text = Path(f"/proc/{process}/smaps_rollup").read_text()
    return int(re.search(r"^Pss: *(\d+) kB", text, re.MULTILINE)[1]) * 1024


def of_one_person(world: object) -> tuple[dict, tuple[str, str]]:
    """A certificate that the library has from us and that is one person's: its record, and that person."""
    records = [json.loads(row["record"]) for row in world.books("SELECT record FROM offered") if row["record"]]
    for one in records:
        holders = one["holders"]
        if len(holders) == 1 and holders[0]["kind"] == "111" and one["type_code"] == TITLE:
            return one, (holders[0]["name"], holders[0]["code"])
    raise AssertionError(f"none of {len(records)} certificates is one person's")


def world_foreign(world: object) -> list[dict]:
    """What the library holds of other authorities."""
    return json.loads(fetch(world.library + "/sandbox/foreign")[1])["foreign"]


def route(kind: str, endpoint: str) -> str:
    """A query route of one source."""
    return (f'<query-route xmlns="urn:certbridge:query-route:1" name="{kind}" answers="{kind}" budget="10s">'
            f'<case endpoint="registration-cases" timeout="5s"/><ask endpoint="{endpoint}" types="{CARD}" timeout="9s"/></query-route>')


def ask_until_dead(window: object, address: str, members: dict) -> list[int]:
    """Numbers of the records of whole answers, until the host is gone."""
    numbers = []
    while True:
        try:
            answer = window.post(FIND, members, address)
        except (OSError, urllib.error.URLError, ValueError):
            return numbers
        if answer.code == "200 found":
            numbers.append(answer.members["record"])


main(__name__)
