"""As much of X.509 as seals need: key, issuer, validity, key usage, signature by an issuer."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from . import der, keys, sm2, sm3

_SM2_WITH_SM3 = "1.2.156.10197.1.501"
_KEY_USAGE, _BASIC_CONSTRAINTS, _REASON = "2.5.29.15", "2.5.29.19", "2.5.29.21"
_KEY_LOST = (b"\x01", b"\x02")  # keyCompromise, cACompromise: what was signed before counts for nothing


@dataclass(frozen=True)
class Revocation:
    """Since when, and whether the key was lost."""

    when: datetime.datetime
    key_lost: bool

    def forbids(self, moment: datetime.datetime) -> bool:
        """Whether a signature of that moment is void."""
        return self.key_lost or self.when <= moment


@dataclass(frozen=True)
class Certificate:
    """A certificate, read once; `signed` are the bytes under its signature."""

    raw: bytes
    serial: int
    signed: bytes
    signature: bytes
    issuer: bytes
    subject: bytes
    not_before: datetime.datetime
    not_after: datetime.datetime
    key: sm2.Affine
    usage: int | None
    authority: bool

    @property
    def digest(self) -> bytes:
        """SM3 of the certificate."""
        return sm3.digest(self.raw)

    def may_sign(self) -> bool:
        """digitalSignature or nonRepudiation."""
        return self.usage is not None and bool(self.usage & 0xC0)

    def valid_at(self, moment: datetime.datetime) -> bool:
        """Whether the moment lies in the validity."""
        return self.not_before <= moment <= self.not_after


def parse_certificate(raw: bytes) -> Certificate:
    """A certificate with an SM2 key and an SM2 signature. Raises Malformed."""
    try:
        body, algorithm, signature = der.parse(raw).expect(der.SEQUENCE, "certificate").children()
        fields = body.children()
        if fields[0].tag != 0xA0:
            raise der.Malformed("certificate is not of version 3")
        oid = algorithm.children()[0].as_oid()
        if oid != _SM2_WITH_SM3 or fields[2].children()[0].as_oid() != oid:
            raise der.Malformed("certificate is not signed with SM2 and SM3")
        start, end = fields[4].children()
        usage, authority = _extensions(fields[7:])
        return Certificate(raw, fields[1].as_integer(), body.raw, signature.as_bits(), fields[3].raw, fields[5].raw, start.as_time(),
                           end.as_time(), keys.public_point(fields[6]), usage, authority)
    except (IndexError, ValueError) as error:
        raise der.Malformed(f"certificate: {error}") from error


def _extensions(rest: list[der.Node]) -> tuple[int | None, bool]:
    """Key usage (first byte) and whether it is an authority."""
    usage, authority = None, False
    for block in (node for node in rest if node.tag == 0xA3):
        for extension in block.children()[0].children():
            parts = extension.children()
            name, value = parts[0].as_oid(), der.parse(parts[-1].content)
            if name == _KEY_USAGE:
                usage = value.content[1] if len(value.content) > 1 else 0
            elif name == _BASIC_CONSTRAINTS:
                inner = value.children()
                authority = bool(inner) and inner[0].tag == 0x01 and inner[0].content == b"\xff"
    return usage, authority


def signed_by(certificate: Certificate, issuer: Certificate) -> bool:
    """Whether the issuer's key signed the certificate."""
    return certificate.issuer == issuer.subject and sm2.verify(issuer.key, certificate.signed, certificate.signature)


def chain_problem(certificate: Certificate, trust: list[Certificate], moment: datetime.datetime) -> str:
    """Why there is no chain from the certificate to a trusted one at the moment, or nothing.

    The trusted file may hold intermediate authorities too; every one on the way must be an authority.
    """
    current = certificate
    for _ in range(6):
        if not current.valid_at(moment):
            return "a certificate of the chain is not valid at the time of sealing"
        if current.digest in {t.digest for t in trust} and current is not certificate:
            if current.subject == current.issuer:
                return ""
        elif current.digest in {t.digest for t in trust}:
            return ""
        for candidate in trust:
            if candidate.authority and signed_by(current, candidate):
                current = candidate
                break
        else:
            return "no trusted certificate signed a certificate of the chain"
    return "chain is too long"


def revoked_serials(raw: bytes, authorities: list[Certificate]) -> tuple[bytes, dict[int, Revocation]]:
    """Issuer and revoked serial numbers of a list that one of the authorities signed. Raises Malformed."""
    body, _, signature = der.parse(raw).expect(der.SEQUENCE, "revocation list").children()
    fields = body.children()
    if fields[0].tag == der.INTEGER:
        fields = fields[1:]
    issuer = fields[1].raw
    if not any(a.subject == issuer and sm2.verify(a.key, body.raw, signature.as_bits()) for a in authorities):
        raise der.Malformed("revocation list is not signed by a trusted authority")
    found: dict[int, Revocation] = {}
    for block in fields[3:]:
        if block.tag == der.SEQUENCE:
            found = dict(_revocation(entry) for entry in block.children())
    return issuer, found


def _revocation(entry: der.Node) -> tuple[int, Revocation]:
    """Serial number, time and reason of one entry."""
    serial, when, *rest = entry.children()
    reasons = [der.parse(parts[-1].content).content for block in rest for extension in block.children()
               if (parts := extension.children()) and parts[0].as_oid() == _REASON]
    return serial.as_integer(), Revocation(when.as_time(), any(reason in _KEY_LOST for reason in reasons))
