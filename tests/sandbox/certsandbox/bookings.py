"""What the provincial platform asks of the bookings of generated cases, beside their rights, parties and certificates."""

from __future__ import annotations

from typing import Any

from . import regdb
from .cases import Case


def statements_of(case: Case) -> list[str]:
    """The rows of mw_booked_right and mw_booked_course."""
    moment = case.rights[0]["djsj"]
    course = {"case_no": case.case_no, "sqzsbs": 0, "sqfbcz": int("held separately" in case.features), "slry": "受理员乙",
              "slsj": moment}
    return [*(regdb.insert("mw_booked_right", _right(case, right)) for right in case.rights),
            regdb.insert("mw_booked_course", course)]


def _right(case: Case, right: dict[str, Any]) -> dict[str, Any]:
    """One right: a mortgage, or the ownership of a flat."""
    shown = {item["cert_id"] for item in case.items if item["case_id"] == right["case_id"]}
    row = {"case_id": right["case_id"],
           "bdcqzh": ",".join(c["cert_no"] for c in case.certificates if c["cert_id"] in shown)}
    if case.kind == "mortgage":
        return row | {"dybdclx": "2", "dyjelx": "1", "ywr": _names(case, "2")}
    unit = right["unit_no"]
    return row | {"tdsyqr": _names(case, "1"), "ghyt": "11", "fwbm": unit[:26], "shbw": unit[20:28]}


def _names(case: Case, role: str) -> str:
    return ",".join(party["xm"] for party in case.parties if party["role"] == role)
