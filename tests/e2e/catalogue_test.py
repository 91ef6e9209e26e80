"""Certificate types: told to the library as they change, waiting while it does not take them, going on by themselves."""

import json
import re
import unittest
from datetime import datetime, timezone

import checks
from host import fetch
from world import NIGHT, World, main, until

TITLE, PROOF = "11100000MB03271699001", "11100000MB03271699022"
QUICK = {'<catalogue types': '<catalogue look="200ms" first-probe="300ms" longest-probe="600ms" types'}
VERSION_2 = ('  <version number="2" state="{}" effective="2016-01-01T00:00:00">')


class Catalogue(unittest.TestCase):
    def told(self, world: World) -> list[tuple[str, int, str]]:
        """What the library was told of types, oldest first."""
        types = json.loads(fetch(world.library + "/sandbox/types")[1])["types"]
        return [(one["code"], one["version"], one["state"]) for one in types]

    def wish(self, world: World, **wish: object) -> None:
        status, text = fetch(world.library + "/sandbox/types", "POST", json.dumps(wish).encode())
        self.assertEqual(200, status, text)

    def lanes(self, world: World) -> list[dict]:
        return json.loads(world.host.page("/health/ready")[1])["types"]

    def events(self, world: World, name: str) -> int:
        return world.host.tail(10_000_000).count(f'"event":"{name}"')

    def held(self, world: World, code: str) -> int:
        return sum(one["typeCode"] == code and one["status"] == "valid" for one in world.held())

    def certificates(self, world: World, code: str) -> int:
        return sum(one["typeCode"] == code for case in world.truth()["cases"] for one in case["certificates"])

    def waiting(self, world: World) -> int:
        return sum(lane["waiting"] for lane in self.lanes(world))

    def test_a_type_that_is_not_registered_waits_alone_and_goes_on_by_itself(self) -> None:
        world = World(self, catalogue=True, changes=QUICK)
        self.wish(world, type=TITLE, registered=False)
        world.host.start()
        until(lambda: len(self.told(world)) == 2, "both types are told")
        world.generate(10, seed=77)
        until(lambda: self.waiting(world) >= 4, "titles wait")
        until(lambda: self.held(world, PROOF) >= 1, "proofs go on")
        self.assertEqual(0, self.held(world, TITLE))
        self.assertEqual([("library", TITLE, "counterpart")],
                         [(lane["endpoint"], lane["type"], lane["cause"]) for lane in self.lanes(world)])
        self.assertEqual(1, self.events(world, "type_lane.held"))
        self.assertIn("not published there", world.certbridge("catalogue", "lanes"))
        world.host.kill()
        world.host.start()
        until(lambda: self.waiting(world) >= 4, "they wait after a restart")
        self.assertEqual(1, self.events(world, "type_lane.held"), "one alarm in both lives")
        self.wish(world, type=TITLE, registered=True)
        world.wait_until_ended()
        self.assertEqual([], checks.wrong(world))
        self.assertEqual([], self.lanes(world))
        self.assertEqual(1, self.events(world, "type_lane.released"))
        self.assertEqual(2, len(self.told(world)), "a restart tells nothing again")

    def test_a_new_version_is_told_and_waits_until_it_is_approved(self) -> None:
        world = World(self, catalogue=True, changes=QUICK)
        file = world.folder / "config" / "catalogue" / "own" / "title.xml"
        first = file.read_text("utf-8")
        body = re.search(r'  <version number="1"[^>]*>\n(.*?  </version>\n)', first, re.DOTALL)[1]

        def write(state: str) -> None:
            text = first.replace("</certificate-type>", VERSION_2.format(state) + "\n" + body + "</certificate-type>")
            file.write_text(text.replace('name="title"/>', 'name="title-2"/>').replace('name="title-2"/>', 'name="title"/>', 1), "utf-8")

        templates = world.folder / "config" / "templates"
        (templates / "title-2.xml").write_text((templates / "title.xml").read_text("utf-8"), "utf-8")
        write("submitted")
        world.host.start()
        until(lambda: (TITLE, 2, "submitted") in self.told(world), "the new version is told")
        world.generate(6, seed=78)
        until(lambda: self.waiting(world) >= 2, "what is booked by it waits")
        self.assertEqual([("catalogue", 2)], [(lane["cause"], lane["version"]) for lane in self.lanes(world)])
        self.assertIn("submitted", world.certbridge("catalogue", "list"))
        self.assertEqual(0, self.held(world, TITLE))
        write("approved")
        world.wait_until_ended()
        until(lambda: (TITLE, 2, "approved") in self.told(world), "the approval is told")
        self.assertEqual([], checks.wrong(world))
        self.assertEqual([], self.lanes(world))
        self.assertEqual(1, self.events(world, "type_lane.held"))
        shown = world.certbridge("catalogue", "show", TITLE)
        self.assertIn("title-2", shown)
        # What the library publishes by now differs in one field.
        self.wish(world, type=PROOF, fields=[{"fieldname": "KZ_ZL", "fieldlabel": "位置", "isrequired": "1"}])
        found = world.certbridge("catalogue", "faces", "--now", "yes")
        self.assertRegex(found, r"KZ_ZL +label +坐落 +位置")
        self.assertIn("missing-there", found)
        self.assertIn("KZ_ZL", world.certbridge("catalogue", "faces"), "the last report is kept")
        self.assertGreater(world.host.metrics()["certbridge_face_differences"], 0)

    def test_published_faces_are_fetched_once_a_day_by_the_clock(self) -> None:
        faces = 'zone="+08:00">\n    <registered at="library" faces="library-books"/>\n    <registered at="province-index"/>\n    <hours>'
        world = World(self, catalogue=True, changes={faces + NIGHT: faces + "<!-- now -->" + NIGHT})
        self.wish(world, type=PROOF, fields=[{"fieldname": "KZ_ZL", "fieldlabel": "位置", "isrequired": "1"}])
        world.host.start()
        until(lambda: len(self.told(world)) >= 2, "the library is told of both types")
        world.host.kill()
        noon = 12 - datetime.now(timezone.utc).hour  # a zone in which no day ends now
        text = world.configuration.read_text("utf-8").replace(faces, faces.replace("+08", f"{noon:+03d}"))
        world.configuration.write_text(re.sub('<!-- now --><open [^>]*>', '<open from="00:00" to="24:00"/>', text), "utf-8")
        world.host.start()
        until(lambda: world.host.metrics().get("certbridge_face_differences", 0) > 0, "they are fetched without a person")
        self.assertIn("KZ_ZL", world.certbridge("catalogue", "faces"))
        found = self.events(world, "faces.differ")
        self.assertEqual(0, world.host.metrics()["certbridge_faces_not_asked"])
        world.host.kill()
        world.host.start()
        world.generate(2, seed=79)
        world.wait_until_ended()
        self.assertEqual(found, self.events(world, "faces.differ"), "not again on the same day")
        self.assertGreater(world.host.metrics()["certbridge_face_differences"], 0, "what was found is known after a restart")


main(__name__)
