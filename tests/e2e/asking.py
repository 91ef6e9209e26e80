"""Signs requests and makes assertions as a calling system does, from docs/access-policy.md alone, and reads answers.

    key = asking.new_key()
    assertion = asking.make_assertion(key, "staff", "clerk-7", "ukey", ["clerk"], UNIT, "window")
    headers = asking.sign_request("window", secret, "POST", "/api/v1/queries/find", body, assertion=assertion)
"""

from __future__ import annotations

import base64
import json
import secrets
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sandbox"))
from certsandbox import der, sm2, sm3  # noqa: E402

BLOCK = 64  # bytes that SM3 takes at once
EC_KEY, SM2_CURVE = "1.2.840.10045.2.1", "1.2.156.10197.1.301"


@dataclass
class Answer:
    """What came back: status, headers with names in lower case, and the bytes."""

    status: int
    headers: dict[str, str]
    body: bytes
    members: dict[str, Any] = field(default_factory=dict)

    @property
    def code(self) -> str:
        """Status and code, as "200 found"; of a file the status only."""
        return f"{self.status} {self.members.get('code', '')}".strip()

    @property
    def record(self) -> int:
        """Number of its access record; 0 when it has none."""
        return int(self.headers.get("x-cb-record", "0"))


def read(answer: Any) -> Answer:
    """An answer with its members, where it is JSON."""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    body = answer.read()
    is_json = headers.get("content-type", "").startswith("application/json")
    return Answer(answer.status, headers, body, json.loads(body) if is_json else {})


def hmac_sm3(key: bytes, text: bytes) -> bytes:
    """HMAC (RFC 2104) with SM3; the key is no longer than a block."""
    padded = key.ljust(BLOCK, b"\0")
    inner = sm3.digest(bytes(byte ^ 0x36 for byte in padded) + text)
    return sm3.digest(bytes(byte ^ 0x5C for byte in padded) + inner)


def sign_request(system: str, secret: str, method: str, target: str, body: bytes = b"", *, assertion: str = "",
                 when: int | None = None, nonce: str | None = None) -> dict[str, str]:
    """The headers of one request. `secret` is the value of the system's secret (64 hexadecimal digits), `when` is in
    milliseconds since 1970."""
    stamp = str(int(time.time() * 1000) if when is None else when)
    nonce = secrets.token_hex(16) if nonce is None else nonce
    text = "\n".join((method, target, stamp, nonce, sm3.hexdigest(body)))
    headers = {"X-CB-System": system, "X-CB-Time": stamp, "X-CB-Nonce": nonce,
               "X-CB-Signature": hmac_sm3(bytes.fromhex(secret), text.encode()).hex()}
    return headers | ({"X-CB-Assertion": assertion} if assertion else {})


def encoded(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def new_key() -> int:
    """A private key of an assertion issuer."""
    return secrets.randbelow(sm2.N - 2) + 1


def public_hex(private: int) -> str:
    """What callers.xml has as `public-key` of the issuer: x and y, 128 hexadecimal digits."""
    x, y = sm2.public_key(private)
    return f"{x:064x}{y:064x}"


def public_pem(private: int) -> str:
    """What callers.xml has as a file named by `public-key-file`."""
    point = b"\x04" + bytes.fromhex(public_hex(private))
    names = der.sequence(der.oid(EC_KEY), der.oid(SM2_CURVE))
    text = base64.b64encode(der.sequence(names, der.bits(point))).decode()
    lines = "\n".join(text[at:at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN PUBLIC KEY-----\n{lines}\n-----END PUBLIC KEY-----\n"


def claims_of(issuer: str, person: str, level: str, roles: list[str], unit: str, system: str, *,
              himself: dict[str, str] | None = None, lifetime: int = 300, when: int | None = None) -> dict[str, Any]:
    """The claims of an assertion; `when` (seconds since 1970) is when it was issued, `lifetime` is in seconds, and
    `himself` has name, code_type and code."""
    issued = int(time.time()) if when is None else when
    claims = {"iss": issuer, "sub": person, "level": level, "roles": roles, "unit": unit, "system": system,
              "iat": issued, "exp": issued + lifetime}
    return claims | ({"himself": himself} if himself is not None else {})


def sign_claims(private: int, claims: dict[str, Any]) -> str:
    """The assertion of these claims, whether they make sense or not."""
    first = encoded(json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode())
    r, s = sm2.sign_raw(private, first.encode())
    return first + "." + encoded(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def make_assertion(private: int, issuer: str, person: str, level: str, roles: list[str], unit: str, system: str,
                   **more: Any) -> str:
    """Who is behind a request, signed by the issuer's key; `more` as of claims_of()."""
    return sign_claims(private, claims_of(issuer, person, level, roles, unit, system, **more))
