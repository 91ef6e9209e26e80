"""Who may issue: the issuers of config/issuers.xml, read by this side's own code."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

_SPACE = "{urn:certbridge:issuers:1}"


@dataclass(frozen=True)
class Issuer:
    """An authority: names, codes and its registered seals by certificate type."""

    name: str
    code: str
    area: str
    number_word: str
    province_word: str
    seals: dict[str, str] = field(default_factory=dict)
    signer: str = ""


def load_issuers(path: Path) -> list[Issuer]:
    """All issuers of the file, in its order."""
    result = []
    for node in ElementTree.parse(path).getroot().iter(f"{_SPACE}issuer"):
        seals, signer = {}, ""
        for seal in node.iter(f"{_SPACE}seal"):
            signer = signer or seal.get("signer", "")
            for kind in seal.iter(f"{_SPACE}type"):
                seals[kind.attrib["code"]] = seal.attrib["id"]
        result.append(Issuer(node.attrib["name"], node.attrib["code"], node.attrib["area"],
                             node.attrib["number-word"], node.get("province-word", "豫"), seals, signer))
    return result


def default_issuers_file() -> Path:
    """config/issuers.xml of the checkout that this program belongs to."""
    return Path(__file__).resolve().parents[3] / "config" / "issuers.xml"
