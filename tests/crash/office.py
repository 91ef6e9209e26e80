"""What a registration office books, as rows of the intermediate tables: cases that make certificates of earlier ones,
new versions, returns, events that nobody can read, and events that are handed over again."""

from __future__ import annotations

import re

from life_world import LifeWorld

RIGHT = ("unit_no, right_type, djyy, zl, qlxz, yt, mj, syqx_qs, syqx_js, jzmj, zyjzmj, ftjzmj, fwjg, szc, zcs, jgsj,"
         " qlqtzk, djjg, dbr, djsj, qszt, fj")
FIRST_SERIAL = 9_000_000  # far above what the sandbox gives to its cases


class Office:
    """Books into the registration database of a world."""

    def __init__(self, life: LifeWorld) -> None:
        self.life, self.world, self._serial = life, life.world, FIRST_SERIAL

    def event(self, case_no: str, name: str, like: str, revision: int = 1, registration: str = "", right: str = "",
              unit: str | None = None) -> tuple:
        """The statement that hands an event of a case over; `like`: a case of the same place."""
        self.life.clock += 1
        return ("INSERT INTO mw_case_outbox (seq, event_id, event_type, case_no, case_id, revision, area_code, djlx, djxl,"
                " qllx, unit_no, occurred_at) SELECT (SELECT max(seq) + 1 FROM mw_case_outbox), ?, ?, ?, ?, ?, area_code,"
                " coalesce(?, djlx), djxl, coalesce(?, qllx), ?, ? FROM mw_case_outbox WHERE case_no = ? LIMIT 1",
                f"{name}:{case_no}:{revision}", name, case_no, f"{case_no}-1", revision, registration or None,
                right or None, unit, self.life.moment(), like)

    def rearrange(self, case_no: str, registration: str, events: tuple[str, ...], earlier: dict[str, str], count: int,
                  names: bool = True, taken: bool = False) -> list[str]:
        """One case that makes `count` certificates of the earlier ones (number to case); the new numbers.

        Without `names` the case only has the earlier ones' place and holders. `taken`: its events were taken over
        already, in some other way."""
        like = next(iter(earlier.values()))
        units = self._units(list(earlier.values()))
        rights = units if len(units) >= count else (units * count)[:count]
        statements = [self._right(case_no, index, registration, unit, of, ",".join(earlier) if names else None)
                      for index, (unit, of) in enumerate(rights, 1)]
        statements.append(("INSERT INTO mw_case_party (case_no, role, sxh, xm, zjzl, zjh, lx, gyfs) SELECT ?, role, 1, xm,"
                           " zjzl, zjh, lx, '0' FROM mw_case_party WHERE case_no = ? AND role = '1' ORDER BY sxh LIMIT 1",
                           case_no, like))
        numbers = [self._number(next(iter(earlier))) for _ in range(count)]
        for index, number in enumerate(numbers, 1):
            statements += self._certificate(case_no, index, number, like, range(index, len(rights) + 1, count))
        unit = units[0][0] if len(units) == 1 else None
        statements += [self.event(case_no, name, like, registration=registration, right="4", unit=unit) for name in events]
        if taken:
            statements.append(("UPDATE mw_case_outbox SET status = 2 WHERE case_no = ?", case_no))
        self.world.execute(*statements)
        return numbers

    def _units(self, cases: list[str]) -> list[tuple[str, str]]:
        """Each unit of the cases once, with a case that names it."""
        found: dict[str, str] = {}
        for case in cases:
            for (unit,) in self.world.query("SELECT unit_no FROM mw_case_right WHERE case_no = ? ORDER BY case_id", case):
                found.setdefault(unit, case)
        return list(found.items())

    def _right(self, case_no: str, index: int, registration: str, unit: str, of: str, earlier: str | None) -> tuple:
        return (f"INSERT INTO mw_case_right (case_id, case_no, djlx, prev_certs, {RIGHT}) SELECT ?, ?, ?, ?, {RIGHT}"
                " FROM mw_case_right WHERE case_no = ? AND unit_no = ? ORDER BY case_id LIMIT 1",
                f"{case_no}-{index}", case_no, registration, earlier, of, unit)

    def _number(self, like: str) -> str:
        self._serial += 1
        return re.sub(r"第\d+号", f"第{self._serial:07d}号", like)

    def _certificate(self, case_no: str, index: int, number: str, like: str, shown: range) -> list[tuple]:
        """A certificate that shows these rights."""
        return [("INSERT INTO mw_case_cert (cert_id, case_no, cert_kind, cert_no, yzh, szsj) SELECT ?, ?, '1', ?, ?, szsj"
                 " FROM mw_case_cert WHERE case_no = ? LIMIT 1", f"{case_no}-Z{index}", case_no, number,
                 f"41{self._serial:07d}{index:02d}", like),
                *(("INSERT INTO mw_cert_item (cert_id, case_id) VALUES (?, ?)", f"{case_no}-Z{index}",
                   f"{case_no}-{right}") for right in shown)]

    def new_version(self, case_no: str, revision: int) -> None:
        """The same certificates with content that none had before, also none that they were made of."""
        self.world.execute(("UPDATE mw_case_right SET zl = ? WHERE case_no = ?", f"改址{case_no}路{revision}号", case_no),
                           self._again(case_no, "SHANZHENG", revision))

    def take_back(self, case_no: str) -> None:
        """The case is returned: its certificates were issued in error."""
        self.world.execute(("UPDATE mw_case_cert SET status = 0 WHERE case_no = ?", case_no),
                           self._again(case_no, "TUIHUI", 1))

    def _again(self, case_no: str, name: str, revision: int) -> tuple:
        units = self._units([case_no])
        return self.event(case_no, name, case_no, revision, unit=units[0][0] if len(units) == 1 else None)

    def unreadable(self, case_no: str, like: str) -> None:
        """An event with a control character in it: nobody can take it for true, and it must not be lost."""
        self.world.execute(self.event(case_no, "YISHI", like),
                           ("UPDATE mw_case_outbox SET prev_case_id = ? WHERE case_no = ?", "a\x01b", case_no))

    def hand_over_again(self, count: int) -> int:
        """The newest rows that were taken over are there once more, as after a restore; how many."""
        rows = self.world.query("SELECT seq FROM mw_case_outbox WHERE status = 2 AND classified = 0 ORDER BY seq DESC"
                                f" LIMIT {count}")
        self.world.execute(*(("UPDATE mw_case_outbox SET status = 0 WHERE seq = ?", seq) for (seq,) in rows))
        return len(rows)
