"""How a province wants written what is not in its tables: head, stand-ins, lists, decimals, times, numbers, and the codes it answers with."""

from __future__ import annotations

from dataclasses import dataclass, field

# What is met in the field in place of a text that nobody knows, and between the values of one field of the head.
STAND_INS = frozenset({"/", "无"})
SIGNS = frozenset({",", ";", "|"})
LISTS = ("PreEstateNum", "PreCertID")


@dataclass(frozen=True)
class Field:
    """A field of the head: the form of its text, and whether it must be there."""

    form: str
    required: bool = True


@dataclass(frozen=True)
class Numbers:
    """The number of a message that is not the first of its booking, or too late: a suffix, "same" or "new"."""

    late: str = "BBXZ"  # first told after the log of its day
    again_before_log: str = "same"  # after a rejection
    again: str = "CBXZ"  # after a rejection, once the log of its day was there
    update: str = "BL"  # after an acceptance

    def suffixes(self) -> list[str]:
        """Those that a number may end with."""
        rules = (self.late, self.again_before_log, self.again, self.update)
        return [rule for rule in dict.fromkeys(rules) if rule not in ("same", "new")]

    def form(self) -> str:
        """Of a number."""
        return "[0-9]{18}" + (f"({'|'.join(self.suffixes())})?" if self.suffixes() else "")


@dataclass(frozen=True)
class Says:
    """Codes of responses, and of what a message that is posted is answered with at once."""

    accepted: str = "0000"
    wrong: str = "1000"
    signature: str = "2040"
    at_once_received: str = "1"
    at_once_accepted: str = "2"
    at_once_rejected: str = "3"
    at_once_busy: str = "5"


HEAD = {"BizMsgID": Field(Numbers().form()), "DigitalSign": Field(r"[0-9a-f]{256,}"), "ASID": Field(r"AS100"), "AreaCode": Field(r"[0-9]{6}"),
        "RecType": Field(r"[0-9]{7}"), "RightType": Field(r"[0-9]{1,2}"), "RegType": Field(r"[1-9]00"),
        "CreateDate": Field(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"), "RecFlowID": Field(r".{1,50}"), "RegOrgID": Field(r".{1,200}"),
        "ParcelID": Field(r"[0-9]{12}[GJZ][A-Z][0-9]{5}"),
        "EstateNum": Field(r"[0-9]{12}[GJZ][A-Z][0-9]{5}(W0{8}|[FLQ][0-9A-Z]{8})"),
        "PreEstateNum": Field(r".*", False), "PreCertID": Field(r".*", False),
        "CertCount": Field(r"[0-9]+", False), "ProofCount": Field(r"[0-9]+", False)}


@dataclass(frozen=True)
class Ways:
    """All of it; as both generations have it unless a province has peculiarities."""

    head: dict[str, Field] = field(default_factory=lambda: dict(HEAD))
    head_of: dict[tuple[str, str], Field] = field(default_factory=dict)  # name and RecType: otherwise there
    stand_in: str = "/"
    between: str = ","
    places: int | None = None  # of decimals; None: any number
    zone: str | None = None  # behind times of attributes; None: one or none
    numbers: Numbers = Numbers()
    says: Says = Says()

    def fields(self, rec_type: str) -> dict[str, Field]:
        """The fields of a message of this RecType."""
        return {name: self.head_of.get((name, rec_type), usual) for name, usual in self.head.items()}

    def has_own_area(self) -> bool:
        """Whether AreaCode is another than that of the unit."""
        return self.head["AreaCode"] is not HEAD["AreaCode"]

    def wrong_in_list(self, name: str, text: str) -> bool:
        """Whether one of the lists of the head, in the form of the generation, has the sign or the stand-in of somebody else."""
        if name not in LISTS or self.head[name] is not HEAD[name]:
            return False
        return text in STAND_INS - {self.stand_in} or any(sign in text for sign in SIGNS - {self.between})
