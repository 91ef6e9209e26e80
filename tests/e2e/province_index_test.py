"""The index of the provincial platform: told of each certificate once and in order, in each way, or only compared where the city forwards."""

import json
import re
import sys
import tempfile
import unittest
from collections import defaultdict
from datetime import datetime, timedelta, timezone
from pathlib import Path

import checks
from life_world import FREE, SEIZE, LifeWorld
from world import ROOT, World, main, make_authority, until

sys.path.insert(0, str(ROOT / "tests" / "sandbox"))
from certsandbox import regdb  # noqa: E402
from certsandbox.books import Books  # noqa: E402
from certsandbox.front_end import FrontEnd  # noqa: E402
from certsandbox.http_server import Server  # noqa: E402
from certsandbox.province_index import ProvinceIndex  # noqa: E402

ZONE = timezone(timedelta(hours=8))
WE_TELL = {'<line name="e-certificate" on="no"': '<line name="e-certificate" on="yes"'}
CITY_FORWARDS = {'<line name="city-forwards" on="no"': '<line name="city-forwards" on="yes"'}
CHAOS = "seed=7,drop-after=0.1,drop-before=0.08,fail=0.05,garble=0.06,busy=0.05,ms=150"
TITLE = "11100000MB03271699001"
CANCEL = ("ZHUXIAO", "400", None)


class Platform:
    """The platform on a port of its own."""

    def __init__(self, test: unittest.TestCase) -> None:
        self.index = ProvinceIndex(Books(":memory:"))
        self.server = Server(self.index).start()
        test.addCleanup(self.server.stop)
        self.options = {"province-index-http.base-url": self.server.url}

    def wrong(self) -> list:
        """Rules that were broken."""
        return self.index.page("/sandbox/violations")["violations"]


def with_front_end(configuration: str) -> str:
    """The shipped configuration with the tables that it describes in a comment, and their line switched on."""
    text = re.sub(r'    <endpoint name="province-index" plugin="municipal_library" kind="index" .*?</endpoint>\n', "", configuration,
                  flags=re.DOTALL)
    text = re.sub(r"    <!-- Where the province takes rows [^<]*?(    <endpoint.*?)    -->\n", r"\1", text, flags=re.DOTALL)
    text = text.replace('<catalogue types="catalogue/own"', '<catalogue types="catalogue/own" first-probe="1s" longest-probe="1s"')
    return text.replace('on="no" endpoint="province-index" books="province-index-books"', 'on="yes" endpoint="province-index"')


def front_end_files() -> dict[str, str]:
    """The configuration for tables, and the shipped dialect, whose verdict is asked for at once."""
    dialect = (ROOT / "plugins" / "municipal_library" / "dialects" / "front-end-tables.xml").read_text("utf-8")
    return {"certbridge.xml": with_front_end((ROOT / "config" / "certbridge.xml").read_text("utf-8")),
            "province/tables.xml": dialect.replace('expected="24h"', 'expected="1s"')}


class ProvinceIndexed(unittest.TestCase):
    maxDiff = None
    authority: Path

    @classmethod
    def setUpClass(cls) -> None:
        holder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(holder.cleanup)
        cls.authority = Path(holder.name) / "testca"
        make_authority(cls.authority)

    def test_every_certificate_is_told_once_whatever_gets_lost(self) -> None:
        platform = Platform(self)
        platform.index.faults.set_chaos(CHAOS)
        life = LifeWorld(self, "epoint", catalogue=True, changes=WE_TELL, options=platform.options, authority=self.authority)
        titles = life.collect(10, seed=61)
        # One that nothing has happened to: its events were not before what the generator let happen.
        untouched = {row["infoCode"] for row in platform.index.entries() if row["operateType"] == "I"}
        it = next(title for title in titles if title["number"] in untouched)
        for kind, case_no, of in ((SEIZE, "CF-1", None), (FREE, "JF-1", "CF-1"), (CANCEL, "ZX-1", None)):
            life.book(kind, case_no, it["number"], it["case"]["caseNo"], of)
        self.assertGreater(sum(row["fault"] != "" for row in platform.index.books.rows("SELECT fault FROM requests")), 3,
                           "the platform did not misbehave: this run proves nothing")
        rows = defaultdict(list)
        for row in platform.index.reports():
            rows[row["certificateCode"]].append((row["operateType"], row["version"], row["certState"]))
        held = {row["identifier"]: row for row in life.world.held() if row["status"] in ("valid", "cancelled")}
        self.assertEqual(set(held), set(rows))
        changed = next(identifier for identifier, row in held.items() if row["number"] == it["number"])
        self.assertEqual([("I", "0001", "01"), ("U", "0002", "02"), ("U", "0003", "01"), ("D", "0004", "04")], rows.pop(changed))
        # A mortgage is told with its reason; nothing else happened to the others.
        self.assertEqual({(("I", "0001", "01"),), (("I", "0001", "01"), ("U", "0002", "01"))}, {tuple(told) for told in rows.values()})
        self.assertEqual([], platform.wrong())
        self.assertEqual([], checks.leaks(life.world))
        platform.index.faults.clear()
        self.assertEqual([], self.differences(life.world, platform))
        platform.index.command("/sandbox/forget", {"entryCode": platform.index.entries()[0]["entryCode"]})
        self.assertEqual(["missing"], self.differences(life.world, platform))
        until(lambda: len(platform.index.types.page()["types"]) == 2, "both certificate types are told")
        self.assertEqual([], platform.wrong())
        life.nothing_is_wrong()

    def differences(self, world: World, platform: Platform) -> list[str]:
        """What is said of the province when the books of the day are compared."""
        day = platform.index.entries()[0]["makeTime"]
        answer = json.loads(world.certbridge("reconcile", "--day", day, "--json"))
        asked = next(row for row in answer["books"] if row["books"] == "province-index")
        self.assertEqual((True, "list"), (asked["asked"], asked["can"]), asked)
        return [row["difference"] for row in answer["differences"] if row["books"] == "province-index"]

    def test_rows_of_tables_are_open_until_they_are_worked_off(self) -> None:
        world = World(self, files=front_end_files(), authority=self.authority)
        front = FrontEnd(regdb.connect(f"sqlite:{world.folder / 'front-end.db'}"))
        world.options |= {f"province-index-{name}.connection": f"db={world.folder / 'front-end.db'}" for name in ("rows", "verdicts")}
        world.options["province-index.dialect"] = "province/tables.xml"
        world.generate(6, seed=63, returned=1)
        world.host.start()
        until(lambda: len(front.rows()) >= 4, "rows are written")
        self.assertGreater(world.busy_deliveries(), 0, "nothing is settled before it is worked off")
        world.host.kill()
        # Until the type is registered, each row of it comes back.
        front.unregistered.add(TITLE)
        world.host.start()
        until(lambda: front.step() == 0 and self.waits_for_the_province(world), "the type waits there")
        self.assertNotIn("delivery.parked", world.host.log.read_text())
        front.unregistered.clear()
        until(lambda: front.step() + world.open_events() + len(world.open_cases()) + world.busy_deliveries() == 0, "all went on by itself")
        self.assertEqual(1, world.host.log.read_text().count('"type_lane.held"'))
        self.assertEqual([], json.loads(world.certbridge("catalogue", "lanes", "--json"))["lanes"])
        valid = sorted(row["number"] for row in world.held() if row["status"] == "valid")
        self.assertEqual(valid, sorted(row["certificate_number"] for row in front.shown()))
        # One row for each, whatever was killed; another one only of what was refused.
        counted = [row["certificate_number"] for row in front.rows() if row["cd_operation"] == "I"]
        refused = front.rows("up_lic_data_error")
        self.assertEqual({row["certificate_number"] for row in refused}, {number for number in counted if counted.count(number) > 1})
        self.assertEqual({"证照类型未注册"}, {row["error_remark"] for row in refused})
        self.assertEqual([], checks.leaks(world))
        self.assertEqual(0, world.host.terminate())

    def waits_for_the_province(self, world: World) -> bool:
        """Whether the type of titles is held at the tables, and at no other endpoint."""
        lanes = json.loads(world.certbridge("catalogue", "lanes", "--json"))["lanes"]
        return [("province-index", TITLE, "counterpart")] == [(row["endpoint"], row["type"], row["cause"]) for row in lanes]

    def test_the_tables_are_of_postgresql(self) -> None:
        world = World(self, postgresql=True, files=front_end_files(), authority=self.authority)
        front = FrontEnd(regdb.connect(world.database.address))
        for name in ("rows", "verdicts"):
            world.options |= {f"province-index-{name}.backend": "postgresql", f"province-index-{name}.connection": world.database.connection}
        world.options["province-index.dialect"] = "province/tables.xml"
        world.generate(2, seed=64)
        world.host.start()
        until(lambda: front.step() + world.open_events() + len(world.open_cases()) + world.busy_deliveries() == 0, "every row has its verdict")
        self.assertEqual(sorted(row["number"] for row in world.held() if row["status"] == "valid"),
                         sorted(row["certificate_number"] for row in front.shown()))
        self.assertEqual([], front.rows("up_lic_data_error"))
        self.assertEqual(0, world.host.terminate())

    def test_where_the_city_forwards_ours_only_compares(self) -> None:
        platform = Platform(self)
        world = World(self, options=platform.options, authority=self.authority)
        self.lines_are_checked(world)
        day = (datetime.now(ZONE) - timedelta(days=1)).strftime("%Y-%m-%d")
        world.generate(3, seed=62)
        moment = day + " 10:00:00"
        world.execute(("UPDATE mw_case_right SET djsj = ?", moment), ("UPDATE mw_case_cert SET szsj = ?", moment))
        world.host.start()
        world.wait_until_ended()
        held = sorted(row["identifier"] for row in world.held())
        answer = json.loads(world.certbridge("reconcile", "--day", day, "--json"))
        self.assertEqual([("city-forwards", "missing", identifier) for identifier in held],
                         sorted((row["books"], row["difference"], row["identifier"]) for row in answer["differences"]))
        self.assertEqual({"ask the city's library what it forwarded: nothing is sent to the province from here"},
                         {row["proposal"] for row in answer["differences"]})
        # Asking is all that reached the province.
        self.assertEqual({"/ecert/api/index/list"},
                         {row["path"] for row in platform.index.books.rows("SELECT path FROM requests")})
        self.assertEqual([], platform.index.reports() + platform.wrong())
        self.assertEqual(0, world.host.terminate())

    def lines_are_checked(self, world: World) -> None:
        """A line that is off needs no secret, one that is on does, and a dialect that its plugin takes; two that tell the same are
        refused; in the end the city forwards."""
        good = world.configuration.read_text("utf-8")
        missing = good.replace("secret:province-index-token", "secret:not-there")
        no_dialect = good.replace("plugin:province-index.xml", "plugin:plugin.xml")
        for text, changes, said in ((missing, {}, "upward line e-certificate: off"), (missing, WE_TELL, "not-there"),
                                    (no_dialect, WE_TELL, "endpoint province-index: "),
                                    (good, {**WE_TELL, **CITY_FORWARDS}, "told of each certificate twice"),
                                    (good, CITY_FORWARDS, "upward line city-forwards: on")):
            for old, new in changes.items():
                text = text.replace(old, new)
            world.configuration.write_text(text, "utf-8")
            self.assertIn(said, world.certbridge("check", allowed=(0, 1, 2)))


main(__name__)
