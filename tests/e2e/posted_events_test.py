"""Events that are posted over HTTP: the whole main job from them, and every way to post something wrong."""

import json
import unittest

import checks
from fronts import address, post, post_event, take_from_outbox
from world import World, main, until

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
