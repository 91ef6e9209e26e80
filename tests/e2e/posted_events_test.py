"""Events that are posted over HTTP: the whole main job from them, and every way to post something wrong."""

import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "crash"))

import checks  # noqa: E402
from fronts import COLUMNS, address, post, post_event, take_from_outbox, with_units  # noqa: E402
from life_world import FREE, SEIZE, LifeWorld  # noqa: E402
from office import Office  # noqa: E402
from world import World, main, until  # noqa: E402

CLASSIFIED = {"code": "intake.classified", "message": "declared classified: only the fact is kept"}
GOOD = {"event_id": "SHANZHENG:C-1:1", "event_type": "SHANZHENG", "case_no": "C-1", "djlx": "200", "qllx": "4"}


def without_id(answer: dict) -> dict:
    return {name: value for name, value in answer.items() if name != "id"}


class PostedEvents(unittest.TestCase):
    maxDiff = None

    def test_posted_events_become_collected_certificates(self) -> None:
        world = World(self, options={"registration-reader.party-grace": "2s"})
        world.generate(24, seed=71, refused=8, returned=2)
        events = take_from_outbox(world)
        world.host.start()
        for event in events:
            status, answer = post_event(world, event)
            expected = (422, CLASSIFIED) if event["classified"] else (202, {})
            self.assertEqual(expected, (status, without_id(answer)))
        world.wait_until_ended()
        self.assertEqual([], checks.wrong(world))
        self.assertEqual([], checks.verified(world))
        self.assertEqual([], checks.leaks(world))
        self.assertEqual(0, world.host.terminate())

    def test_a_sender_that_repeats_itself_through_kills_is_answered_the_same(self) -> None:
        world = World(self, chaos="seed=3,drop-after=0.1,slow=0.1,ms=100")
        world.generate(16, seed=72)
        events = take_from_outbox(world)
        ids: dict[str, str] = {}
        for count in (5, 11, len(events)):
            world.host.start()
            for event in events[:count]:
                status, answer = post_event(world, event)
                self.assertEqual(200 if event["event_id"] in ids else 202, status)
                self.assertEqual(ids.setdefault(event["event_id"], answer["id"]), answer["id"])
            if count < len(events):
                world.host.kill()
        world.set_chaos("")
        world.wait_until_ended()
        self.assertEqual([], checks.wrong(world))


class PostedLife(unittest.TestCase):
    def test_what_happens_to_a_certificate_reaches_the_library_in_order_and_once(self) -> None:
        """A seizure, its release and a revocation, each posted again after the host was killed."""
        life = LifeWorld(self, "linewell")
        world, it = life.world, life.collect(6, seed=74)[0]
        number, case = it["number"], it["case"]["caseNo"]
        posted = []
        for kind, case_no, of, status in ((SEIZE, "CF-1", None, "suspended"), (FREE, "JF-1", "CF-1", "valid"),
                                          (("DIAOXIAO", "400", None), "DX-1", None, "revoked")):
            event = life.event_to_post(kind, case_no, number, case, of)
            status_code, answer = post_event(world, event)
            self.assertEqual(202, status_code, answer)
            posted.append((event, answer["id"]))
            world.host.kill()
            world.host.start()
            for earlier, known in posted:
                self.assertEqual((200, {"id": known}), post_event(world, earlier))
            life.settle()
            life.is_told(number, status)
            self.assertEqual(["changed"], life.stages(case_no))
        self.assertEqual([("13", "查封"), ("11", "解除查封"), ("-8", "吊销")], life.changes())
        self.assertEqual([], checks.leaks(world))
        life.nothing_is_wrong()

    def test_while_a_case_of_several_units_waits_what_is_posted_of_one_of_them_waits_too(self) -> None:
        """A merge whose certificate is not there yet comes before the seizure of what it makes an end of."""
        life = LifeWorld(self, "linewell")
        world, office = life.world, Office(life)
        titles = [it for it in life.collect(12, seed=74) if len(it["case"]["units"]) == 1]
        first = titles[0]
        second = next(it for it in titles[1:] if it["issuerCode"] == first["issuerCode"]
                      and it["case"]["units"] != first["case"]["units"])
        earlier = {it["number"]: it["case"]["caseNo"] for it in (first, second)}
        office.rearrange("HB-1", "300", ("SHANZHENG",), earlier, 1, taken=True)
        certificate = world.query("SELECT * FROM mw_case_cert WHERE case_no = 'HB-1'")[0]
        world.execute(("DELETE FROM mw_case_cert WHERE case_no = 'HB-1'",))
        row = world.query(f"SELECT {', '.join(COLUMNS)} FROM mw_case_outbox WHERE case_no = 'HB-1'")[0]
        self.assertEqual(202, post_event(world, with_units(world, dict(zip(COLUMNS, row))))[0])
        seized = life.event_to_post(SEIZE, "CF-2", second["number"], second["case"]["caseNo"])
        self.assertEqual(202, post_event(world, seized)[0])
        until(lambda: "journal.earlier_unrouted" in life.listed("incomplete"), "the seizure waits for the merge")
        life.is_told(second["number"], "valid")
        world.execute((f"INSERT INTO mw_case_cert VALUES ({', '.join('?' * len(certificate))})", *certificate))
        life.settle()
        self.assertEqual(["changed"], life.stages("CF-2"))
        life.is_told(second["number"], "cancelled")
        self.assertEqual(["13", "-3", "-3"], sorted((word for word, _ in life.changes()), reverse=True))
        life.nothing_is_wrong()


class WrongPosts(unittest.TestCase):
    maxDiff = None

    def setUp(self) -> None:
        self.world = World(self)
        self.world.generate(4, seed=73)
        self.events = take_from_outbox(self.world)
        self.world.host.start()

    def parked(self) -> str:
        return self.world.certbridge("messages", "list", "--state", "parked", "--limit", "1000")

    def refused_and_kept(self, body: bytes, code: str, message: str, **headers: str) -> None:
        """Answered 422 with these words, and parked under the id that the answer names."""
        status, answer = post_event(self.world, body, **headers)
        self.assertEqual((422, {"code": code, "message": message}), (status, without_id(answer)))
        self.assertTrue(any(answer["id"] in line and code in line for line in self.parked().splitlines()))
        again = post_event(self.world, body, **headers)
        self.assertEqual((422, answer), again, "the same bytes are refused in the same words")

    def refused_at_once(self, status: int, code: str, message: str, body: bytes, **headers: str) -> None:
        """Answered with these words, and nothing of it is kept."""
        before = self.parked()
        self.assertEqual((status, {"code": code, "message": message}), post_event(self.world, body, **headers))
        self.assertEqual(before, self.parked())

    def test_what_cannot_be_read_is_refused_whole_and_kept(self) -> None:
        event = json.dumps(GOOD)
        whole = "body: must be one JSON value; it is wrong at byte "
        self.refused_and_kept(b'{"event_id":', "http.json", whole + "12 of 12")
        self.refused_and_kept(event.encode() + b"}", "http.json", f"{whole}{len(event)} of {len(event) + 1}")
        self.refused_and_kept(b"<event><id>1</id>", "http.json", whole + "0 of 17", Content_Type="application/xml")
        self.refused_and_kept(b"[1]", "http.json", "body: must be a JSON object")
        twice = event[:-1] + ', "case_no": "C-2"}'
        end = twice.rindex('": "C-2"')
        self.refused_and_kept(twice.encode(), "http.json", "body: a member stands twice in one object, at byte "
                              f"{end} of {len(twice)}")
        for name, value in {"event_type": None, "case_no": "", "djlx": None}.items():
            body = json.dumps({**GOOD, "event_id": name, name: value}).encode()
            self.refused_and_kept(body, "http.field", f"{name}: must be given, is missing or empty")
        body = json.dumps({**GOOD, "event_id": "shape", "qllx": ["4"]}).encode()
        self.refused_and_kept(body, "http.field", "qllx: must be a text or a whole number, is a list")
        self.assertEqual([], checks.leaks(self.world, {"the unreadable body": twice.encode()}))

    def test_gb18030_where_utf8_was_promised(self) -> None:
        body = json.dumps({**GOOD, "unit_no": "豫南阳"}, ensure_ascii=False).encode("gb18030")
        status, answer = post_event(self.world, body, Content_Type="application/json; charset=UTF-8")
        self.assertEqual((422, "http.encoding"), (status, answer["code"]))
        self.assertRegex(answer["message"], "^body: must be UTF-8 without control characters; .*byte [0-9]+")
        self.assertIn(answer["id"], self.parked())
        self.refused_at_once(415, "http.charset", "the body must be sent in UTF-8, but Content-Type names another "
                             "charset", body, Content_Type='application/json; charset="GB18030"')

    def test_what_is_refused_before_it_is_read_leaves_nothing(self) -> None:
        self.refused_at_once(413, "http.body_too_large", "the body is above the limit of 1000000 bytes; nothing of it "
                             "is kept", b"{" + b" " * 1_000_000)
        self.refused_at_once(401, "http.unauthorised", "token or key is missing or wrong", json.dumps(GOOD).encode(),
                             Authorization="Bearer guess")
        url = address(self.world, "registration-front")
        self.assertEqual((404, {"code": "http.path", "message": "there is nothing under this path"}),
                         post(url + "/verdicts", b"{}"))

    def test_the_same_event_with_other_content_is_a_conflict(self) -> None:
        status, first = post_event(self.world, GOOD)
        self.assertEqual(202, status)
        self.assertEqual((200, first), post_event(self.world, GOOD))
        self.assertEqual((409, {"id": first["id"], "code": "http.conflict",
                                "message": "this key was sent before with other content"}),
                         post_event(self.world, {**GOOD, "djlx": "100"}))

    def test_of_a_classified_event_nothing_but_number_and_fact_is_kept(self) -> None:
        planted = {"unit_no": "411324001001GB00001F00019999", "note": "nobody may read this", "djxl": "7654321"}
        for number, mark in enumerate((True, 1, "是", 1.5, {"level": "secret"})):
            event = {**GOOD, "event_id": f"secret-{number}", "case_no": f"S-{number}", "classified": mark, **planted}
            status, answer = post_event(self.world, event)
            self.assertEqual((422, CLASSIFIED), (status, without_id(answer)))
            shown = self.world.certbridge("case", f"S-{number}")
            self.assertIn("intake.classified", shown)
            self.assertIn(answer["id"], self.world.certbridge("messages", "list", "--state", "parked"))
            detail = self.world.certbridge("messages", "show", answer["id"])
            for word in planted.values():
                self.assertNotIn(word, shown + detail)
        self.assertEqual([], checks.leaks(self.world, {word: word.encode() for word in planted.values()}))

    def test_good_ones_go_on_between_the_wrong_ones(self) -> None:
        for event in self.events:
            post_event(self.world, b"\xff\xfe")
            self.assertEqual(202, post_event(self.world, event)[0])
        self.world.wait_until_ended()
        self.assertEqual([], checks.compare(self.world) + checks.duplicates(self.world))
        until(lambda: self.parked().count("http.encoding") == 1, "the same wrong bytes are kept once")


main(__name__)
