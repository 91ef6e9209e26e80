"""A library "linewell" and the calls that tests make."""

import json
from typing import Any

from . import maker
from .library_case import ACCESS, CALLER_KEY, SM4_KEY, LibraryCase


class LinewellCase(LibraryCase):
    """A running library of dialect "linewell"."""

    def setUp(self) -> None:
        self.serve("linewell")

    def raw(self, name: str, body: bytes, content_type: str = "application/json; charset=GB18030") -> dict[str, Any]:
        return json.loads(self.send(f"/linewell/api/{name}", body, content_type)[1].decode("gb18030"))

    def call(self, name: str, data: dict[str, Any], **changes: Any) -> dict[str, Any]:
        return self.raw(name, maker.linewell_body(data, changes.pop("key", CALLER_KEY), SM4_KEY, ACCESS, **changes))

    def status(self, name: str, data: dict[str, Any], **changes: Any) -> str:
        return self.call(name, data, **changes)["head"]["status"]
