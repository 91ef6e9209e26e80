"""The disk of the access records is full: queries are refused with the code that says so, pushes go on, and once there is
room queries go on by themselves.

The folder is a small volume of its own where one may be mounted; else a preloaded library lets nothing grow in it.
"""

import json
import subprocess
import unittest
from pathlib import Path

from window import CARD, FIND, Window, about, query_world, verified
from world import World, build_folder, main, until

VOLUME = 14 << 20  # three times what a segment takes in advance
MOST_QUERIES = 4000  # until the room that was taken in advance is used up; far more than it takes


class FullVolume:
    """A small file system of its own, mounted over the folder of the records."""

    def __init__(self, test: unittest.TestCase, folder: Path) -> None:
        folder.mkdir()
        self.ballast = folder / "ballast"
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={VOLUME},mode=700", "tmpfs", str(folder)],
                              capture_output=True, check=False)
        self.mounted = done.returncode == 0
        if self.mounted:
            test.addCleanup(subprocess.run, ["umount", "-l", str(folder)], check=True)

    def fill(self) -> None:
        """Not a byte is left."""
        with open(self.ballast, "wb", buffering=0) as file:
            for size in (64 << 10, 4096):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    continue

    def clear(self) -> None:
        self.ballast.unlink()


class FullByPreload:
    """The folder may not grow while a file exists."""

    def __init__(self, world: World, folder: Path) -> None:
        self.sign = world.folder / "disk-is-full"
        world.environment |= {"LD_PRELOAD": str(build_folder() / "tests" / "disk_full_preload.so"),
                              "CERTBRIDGE_DISK_FOLDER": str(folder), "CERTBRIDGE_DISK_FULL": str(self.sign)}

    def fill(self) -> None:
        self.sign.touch()

    def clear(self) -> None:
        self.sign.unlink()


class FullDisk(unittest.TestCase):
    def disk(self, world: World) -> FullVolume | FullByPreload:
        folder = world.run / "access"
        volume = FullVolume(self, folder)
        disk = volume if volume.mounted else FullByPreload(world, folder)
        print(type(disk).__name__, flush=True)
        return disk

    def exhaust(self, window: Window, address: str, members: dict) -> None:
        """Ask until the disk does not take the record any more, not even a short one."""
        # What is refused is recorded too, and as long as it is: these use the room up that was taken in advance.
        long = members | {"types": [f"{CARD}{number:043d}" for number in range(100)]}
        for asked in (long, members):
            for _ in range(MOST_QUERIES):
                answer = window.post(FIND, asked, address)
                if answer.status == 503:
                    break
                self.assertIn(answer.code, ("403 type.no_material", "200 found"))
            self.assertEqual("503 access.full", answer.code)

    def test_a_full_disk_stops_queries_and_no_push(self) -> None:
        world, window = query_world(self)
        disk = self.disk(world)
        person = window.person()
        case = window.open_case(person)
        window.issue(person)
        world.host.start()
        address, members = window.address(), about(case, person)
        self.assertEqual("200 found", window.post(FIND, members, address).code)

        disk.fill()
        self.exhaust(window, address, members)
        refused = window.post(FIND, members, address)
        self.assertEqual("503 access.full", refused.code)
        self.assertNotIn("certificates", refused.members)
        until(lambda: json.loads(world.host.page("/health/ready")[1])["access"]["alarm"], "the alarm is raised")
        world.generate(4)
        world.wait_until_ended()  # pushes go on
        self.assertEqual("503 access.full", window.post(FIND, members, address).code)

        disk.clear()
        found = until(lambda: (answer := window.post(FIND, members, address)).status == 200 and answer, "queries go on")
        self.assertEqual("200 found", found.code)
        until(lambda: not json.loads(world.host.page("/health/ready")[1])["access"]["alarm"], "the alarm is over")
        anchored = "certbridge_access_anchored_number"
        until(lambda: world.host.metrics()[anchored] > found.members["record"], "the second place knows it")
        self.assertIn("nothing was changed", verified(world))
        self.assertEqual(0, world.host.terminate())


main(__name__)
