"""A proof must be able to fail: each seeded fault must be caught within the seeds that are run here."""

import unittest

import checks
from world import World, main

SEEDS = (1, 2, 3, 4)
CHAOS = "seed={seed},drop-after=0.15,drop-before=0.05,act-late=0.1,busy=0.05,slow=0.1,ms=500"


def after_lost_answers(test: unittest.TestCase, fault: str, seed: int, dialect: str) -> list[str]:
    """What the checks find after a run in which answers got lost."""
    world = World(test, dialect=dialect, chaos=CHAOS.format(seed=seed), environment={"CERTBRIDGE_FAULT": fault})
    world.generate(30, seed=seed)
    world.host.start()
    return ended(world)


def after_a_stop(test: unittest.TestCase, fault: str, seed: int, dialect: str, place: str) -> list[str]:
    """What the checks find after the host was ended at a named place and started again."""
    world = World(test, dialect=dialect, environment={"CERTBRIDGE_FAULT": fault},
                  options={"registration-outbox.lease": "1s"})
    world.generate(8, seed=seed)
    world.host.launch(CERTBRIDGE_STOP_AT=f"{place}:{seed}")
    world.host.wait_until_dead()
    world.host.start()
    return ended(world)


def ended(world: World) -> list[str]:
    """What is wrong at the end; never to come to an end is wrong as well."""
    try:
        world.wait_until_ended(60)
        return checks.wrong(world)
    except AssertionError as error:
        return [str(error).splitlines()[0]]
    finally:
        world.close()


class SeededFaults(unittest.TestCase):
    def caught(self, fault: str, run, *details: str) -> None:
        for seed in SEEDS:
            found = run(self, fault, seed, *details)
            if found:
                print(f"\n{fault} {' '.join(details)}: seed {seed}: {found[0]}", flush=True)
                return
        self.fail(f"{fault} was not caught within {len(SEEDS)} seeds")

    def test_without_a_fault_nothing_is_found(self) -> None:
        self.assertEqual([], after_lost_answers(self, "", 1, "epoint"))
        self.assertEqual([], after_a_stop(self, "", 2, "linewell", "engine.sent"))
        self.assertEqual([], after_a_stop(self, "", 1, "epoint", "journal.after_commit"))

    def test_no_confirm_before_resend(self) -> None:
        for dialect in ("epoint", "linewell"):
            with self.subTest(dialect=dialect):
                self.caught("no-confirm-before-resend", after_lost_answers, dialect)

    def test_no_sending_mark(self) -> None:
        for dialect in ("epoint", "linewell"):
            with self.subTest(dialect=dialect):
                self.caught("no-sending-mark", after_a_stop, dialect, "engine.sent")

    def test_ledger_outside_transaction(self) -> None:
        self.caught("ledger_outside_transaction", after_a_stop, "epoint", "journal.after_commit")


main(__name__)
