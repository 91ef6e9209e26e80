"""Keys in the host's process are refused in production, unless somebody wrote down why they are allowed."""

import unittest

from world import World, main

REFUSED = ("`seal_service` `sealer` is not safe in production; use another kind, or write the reason into the option "
           "`production-exception`")
REASON = "Test centre without a seal service, decided by the director on 2026-11-02"


class Production(unittest.TestCase):
    def world(self, **options: str) -> World:
        world = World(self, changes={'environment="sandbox"': 'environment="production"'}, **options)
        issuers = world.folder / "config" / "issuers.xml"
        issuers.write_text(issuers.read_text("utf-8").replace('environment="sandbox"', 'environment="production"'),
                           "utf-8")
        return world

    def test_check_and_run_refuse_and_name_the_place(self) -> None:
        world = self.world()
        said = world.certbridge("check", allowed=(1,))
        self.assertIn(REFUSED, said)
        self.assertRegex(said, r"certbridge\.xml:\d+:\d+: <endpoint>:")
        self.assertIn("1 error", said, "nothing else is wrong")
        world.host.launch()
        self.assertEqual(3, world.host.wait_until_dead())
        self.assertIn("is not safe in production", world.host.tail())

    def test_blanks_are_no_reason(self) -> None:
        world = self.world()
        world.options["seal.production-exception"] = "  "
        self.assertIn(REFUSED, world.certbridge("check", allowed=(1,)))

    def test_a_written_exception_is_a_warning_that_is_told_and_logged(self) -> None:
        world = self.world()
        world.options["seal.production-exception"] = REASON
        said = world.certbridge("check")
        self.assertIn("warning: endpoint `seal`", said)
        self.assertIn(REASON, said)
        world.host.start()
        self.assertIn(REASON, world.host.log.read_text())
        self.assertEqual(0, world.host.terminate())

    def test_a_seal_service_needs_no_exception(self) -> None:
        world = self.world(seal="service")
        self.assertNotIn("warning: endpoint `seal`", world.certbridge("check"))


main(__name__)
