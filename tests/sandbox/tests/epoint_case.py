"""A library "epoint" and the calls that tests make."""

import base64
import json
from typing import Any

from certsandbox import sm3

from . import maker
from .library_case import LibraryCase


class EpointCase(LibraryCase):
    """A running library of dialect "epoint", and a token for it."""

    def setUp(self) -> None:
        self.serve("epoint")
        _, body = self.send("/epoint/rest/token", b"grant_type=client_credentials&client_id=id&client_secret=secret",
                            "application/x-www-form-urlencoded")
        self.token = json.loads(body)["custom"]["access_token"]

    def call(self, name: str, params: dict[str, Any], token: str = "") -> dict[str, Any]:
        _, body = self.send(f"/epoint/rest/cert/{name}?access_token={token or self.token}",
                            json.dumps({"params": params}).encode(), "application/json; charset=UTF-8")
        return json.loads(body)["custom"]

    def attach(self, content: bytes) -> str:
        return self.call("attach", {"filename": "a.ofd", "filesize": len(content), "sm3": sm3.hexdigest(content),
                                    "content": base64.b64encode(content).decode()})["attachguid"]

    def save(self, sample: maker.Sample, **changes: Any) -> dict[str, Any]:
        return self.call("save", sample.epoint(self.attach(sample.content)) | changes)

    def collect(self, sample: maker.Sample) -> str:
        saved = self.save(sample)
        self.assertEqual(saved["code"], "0000", saved)
        return self.call("publish", {"certrowguid": saved["certrowguid"]})["code"]

    def state(self, sample: maker.Sample) -> str:
        found = self.call("query", {"certificateidentifier": sample.identifier})["certinfo"]
        return found[0]["status"] if found else ""
