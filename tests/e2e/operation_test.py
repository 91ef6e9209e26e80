"""Start, stop, health and metrics of a host under load."""

import json
import shutil
import unittest

import checks
from world import World, build_folder, main, until

FAMILIES = ("accepted_total", "messages", "deliveries", "deliveries_total", "delivery_seconds", "step_seconds",
            "endpoint_up", "journal_wal_bytes", "journal_commits", "journal_commit_p99_seconds")


class Operation(unittest.TestCase):
    def test_sigterm_under_load_ends_cleanly_and_a_restart_goes_on(self) -> None:
        world = World(self, chaos="seed=9,slow=0.3,drop-after=0.05,ms=400",
                      options={"registration-outbox.lease": "2s"})
        world.generate(60, seed=61, rate=15, wait=False)
        for number in (3, 15, 30):
            world.host.start()
            until(lambda: len(world.held()) >= number, "the load is on")
            self.assertGreater(world.host.metrics()['certbridge_endpoint_up{endpoint="library"}'], 0)
            # The shipped drain deadline is 10 s; passing it would be exit code 6.
            self.assertEqual(0, world.host.terminate(seconds=15))
        world.host.start()
        world.wait_for_generator()
        world.wait_until_ended()
        self.assertEqual([], checks.wrong(world))
        self.assertEqual(0, world.host.terminate())
        self.assertEqual(4, world.host.log.read_text().count('"event":"host.stopped"'))

    def test_health_lists_endpoints_and_metrics_have_their_families(self) -> None:
        world = World(self)
        world.generate(8, seed=62)
        world.host.start()
        world.wait_until_ended()
        self.assertEqual(200, world.host.page("/health/live")[0])
        status, text = world.host.page("/health/ready")
        ready = json.loads(text)
        self.assertEqual((200, True), (status, ready["ready"]))
        self.assertEqual({"up"}, {endpoint["state"] for endpoint in ready["endpoints"]})
        self.assertIn("library", {endpoint["name"] for endpoint in ready["endpoints"]})
        metrics = world.host.page("/metrics")[1]
        for family in FAMILIES:
            self.assertIn(f"# TYPE certbridge_{family} ", metrics)
        samples = world.host.metrics()
        # A mortgage is told of as well, as a change of status of the flat's certificate, unless that was never here.
        told = world.certbridge("messages", "list", "--type", "certificate.status", "--state",
                                "done").count("certificate.status")
        collected = len(world.held())
        self.assertEqual(collected + told, samples['certbridge_deliveries{endpoint="library",state="delivered"}'])
        self.assertEqual(0, world.host.terminate())

    def test_a_missing_library_takes_down_its_endpoint_only(self) -> None:
        plugins = 'folder="../plugins"'
        world = World(self, changes={"<routes folder=": f"<plugins {plugins}/>\n  <routes folder="})
        shutil.copytree(build_folder() / "lib" / "certbridge", world.folder / "plugins")
        (world.folder / "plugins" / "municipal_library" / "municipal_library.so").unlink()
        world.generate(6, seed=63)
        world.host.start()
        # A mortgage on a flat that is still on its way is reported behind that flat's certificate.
        free = [case for case in world.truth()["cases"] if case["type"] != "mortgage"]
        certificates = sum(len(case["certificates"]) for case in free)
        numbers = {case["caseNo"] for case in free}
        until(lambda: sum(row["stage"] == "sealed" and row["case_no"] in numbers for row in world.results())
              == certificates, "all are sealed")
        status, text = world.host.page("/health/ready")
        down = {e["name"]: e["reason"] for e in json.loads(text)["endpoints"] if e["state"] == "down"}
        self.assertEqual(503, status)
        self.assertEqual(["library", "library-books", "library-files", "library-queries"], sorted(down))
        self.assertIn("municipal_library.so", down["library"])
        self.assertEqual(0, world.open_events())
        self.assertEqual([], world.held())
        self.assertEqual(0, world.host.terminate())
        # With its library the same journal goes on.
        shutil.copy(build_folder() / "lib" / "certbridge" / "municipal_library" / "municipal_library.so",
                    world.folder / "plugins" / "municipal_library")
        world.host.start()
        world.wait_until_ended()
        self.assertEqual([], checks.wrong(world))


main(__name__)
