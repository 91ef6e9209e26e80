"""Which certificates each item asks for: config/guide/items.xml, read by this side's own code."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from pathlib import Path

_SPACE = "{urn:certbridge:items:1}"


def material_rows() -> list[dict[str, str]]:
    """Rows of mw_item_material."""
    path = Path(__file__).resolve().parents[3] / "config" / "guide" / "items.xml"
    return [{"item_code": item.attrib["code"], "type_code": material.attrib["type"]}
            for item in ElementTree.parse(path).getroot().iter(f"{_SPACE}item")
            for material in item.iter(f"{_SPACE}material") if "type" in material.attrib]
