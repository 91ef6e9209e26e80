"""Electronic seals and their signatures of GB/T 38540-2020 (SES V4), over the original bytes."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from . import der, sm2, x509

SM2_WITH_SM3 = "1.2.156.10197.1.501"
_SM3_NAMES = ("1.2.156.10197.1.401", "SM3")


class SealProblem(Exception):
    """A seal or signature does not hold; `rule` names the check."""

    def __init__(self, rule: str, text: str) -> None:
        super().__init__(f"{rule}: {text}")
        self.rule, self.text = rule, text


@dataclass(frozen=True)
class Seal:
    """SESeal."""

    raw: bytes
    info: bytes
    seal_id: str
    name: str
    list_type: int
    signers: tuple[bytes, ...]
    valid_from: datetime.datetime
    valid_to: datetime.datetime
    maker: bytes
    signature: bytes


@dataclass(frozen=True)
class Signature:
    """SES_Signature."""

    signed: bytes
    seal: Seal
    time: datetime.datetime
    data_hash: bytes
    path: str
    signer: bytes
    signature: bytes


def parse_seal(node: der.Node) -> Seal:
    """A seal of version 4. Raises Malformed."""
    info, maker, algorithm, value = _exactly(node, 4, "SESeal")
    if algorithm.as_oid() != SM2_WITH_SM3:
        raise der.Malformed("seal is not signed with SM2 and SM3")
    parts = info.expect(der.SEQUENCE, "SES_SealInfo").children()
    if len(parts) not in (4, 5):
        raise der.Malformed("SES_SealInfo has 4 or 5 parts")
    identity, version, _ = _exactly(parts[0], 3, "SES_Header")
    if identity.as_text() != "ES" or version.as_integer() != 4:
        raise der.Malformed("seal is not of version 4")
    kind, name, list_type, signers, _, start, end = _exactly(parts[2], 7, "SES_ESPropertyInfo")
    kind.as_integer()
    _exactly(parts[3], 4, "SES_ESPictrueInfo")
    if len(parts) == 5:
        _check_extensions(parts[4])
    return Seal(node.raw, info.raw, parts[1].expect(der.IA5, "esID").as_text(),
                name.expect(der.UTF8, "name").as_text(), list_type.as_integer(),
                _signers(list_type.as_integer(), signers), start.as_time(), end.as_time(),
                maker.expect(der.OCTET_STRING, "maker").content, value.as_bits())


def _signers(list_type: int, node: der.Node) -> tuple[bytes, ...]:
    """Certificates (type 1) or digests (type 2) of those who may sign."""
    if list_type == 1:
        return tuple(n.expect(der.OCTET_STRING, "certificate").content for n in node.children())
    if list_type != 2:
        raise der.Malformed("certListType is not 1 or 2")
    digests = []
    for item in node.children():
        name, value = _exactly(item, 2, "CertDigestObj")
        if name.as_text() not in _SM3_NAMES:
            raise der.Malformed("a digest of the list is not SM3")
        digests.append(value.content)
    return tuple(digests)


def parse_signature(raw: bytes) -> Signature:
    """SignedValue.dat. Raises Malformed."""
    parts = der.parse(raw).expect(der.SEQUENCE, "SES_Signature").children()
    if len(parts) == 5 and parts[4].tag == 0xA0:
        raise SealProblem("seal.time_stamp", "a time stamp is there, and none can be verified here")
    if len(parts) != 4:
        raise der.Malformed("SES_Signature has 4 parts")
    if parts[2].as_oid() != SM2_WITH_SM3:
        raise der.Malformed("signature is not SM2 with SM3")
    fields = parts[0].expect(der.SEQUENCE, "TBS_Sign").children()
    if len(fields) not in (5, 6) or fields[0].as_integer() != 4:
        raise der.Malformed("TBS_Sign is not of version 4")
    if len(fields) == 6:
        tagged = fields[5].expect(0xA0, "extDatas").children()
        if len(tagged) != 1:
            raise der.Malformed("extDatas is not one list")
        _check_extensions(tagged[0])
    return Signature(parts[0].raw, parse_seal(fields[1]), fields[2].expect(der.GENERALIZED_TIME, "timeInfo").as_time(),
                     fields[3].as_bits(), fields[4].expect(der.IA5, "propertyInfo").as_text(),
                     parts[1].expect(der.OCTET_STRING, "cert").content, parts[3].as_bits())


def _check_extensions(node: der.Node) -> None:
    """ExtensionDatas: none is understood here, so none may be critical."""
    for extension in node.expect(der.SEQUENCE, "ExtensionDatas").children():
        parts = extension.expect(der.SEQUENCE, "ExtData").children()
        if len(parts) not in (2, 3) or parts[-1].tag != der.OCTET_STRING:
            raise der.Malformed("ExtData has other parts")
        if len(parts) == 3 and parts[1].content != b"\x00":
            raise der.Malformed("a critical extension that is not understood")
        parts[0].as_oid()


def _exactly(node: der.Node, count: int, name: str) -> list[der.Node]:
    parts = node.expect(der.SEQUENCE, name).children()
    if len(parts) != count:
        raise der.Malformed(f"{name} has {len(parts)} parts instead of {count}")
    return parts


class SealVerifier:
    """Checks signatures against trusted certificates; verdicts on seals and chains are remembered."""

    def __init__(self, trust: list[bytes], revocations: list[bytes] | None = None) -> None:
        self._trust = [x509.parse_certificate(raw) for raw in trust]
        self._revoked = dict(x509.revoked_serials(raw, self._trust) for raw in revocations or [])
        self._certificates: dict[bytes, x509.Certificate] = {}
        self._chains: dict[tuple[bytes, datetime.date], str] = {}
        self._seals: dict[bytes, bool] = {}

    def check(self, raw: bytes, data_hash: bytes, path: str) -> Signature:
        """The signature if everything holds; the order is that of the standard. Raises SealProblem."""
        try:
            signature = parse_signature(raw)
            signer = self._certificate(signature.signer)
            maker = self._certificate(signature.seal.maker)
        except der.Malformed as error:
            raise SealProblem("seal.shape", str(error)) from error
        if not sm2.verify(signer.key, signature.signed, signature.signature):
            raise SealProblem("seal.signature", "signature over TBS_Sign does not verify")
        seal = signature.seal
        wanted = signer.raw if seal.list_type == 1 else signer.digest
        if wanted not in seal.signers:
            raise SealProblem("seal.signer", "signer is not in the list of the seal")
        if not self._seal_holds(seal, maker):
            raise SealProblem("seal.maker", "signature of the maker over the seal does not verify")
        for name, certificate in (("maker", maker), ("signer", signer)):
            self._check_certificate(name, certificate, signature.time)
        if not seal.valid_from <= signature.time <= seal.valid_to:
            raise SealProblem("seal.validity", "sealed outside the validity of the seal")
        if signature.time > datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=10):
            raise SealProblem("seal.time", "sealed in the future")
        if signature.data_hash != data_hash:
            raise SealProblem("seal.data_hash", "dataHash differs from the digest of Signature.xml")
        if signature.path != path:
            raise SealProblem("seal.path", "propertyInfo is not the path of Signature.xml")
        return signature

    def _certificate(self, raw: bytes) -> x509.Certificate:
        if raw not in self._certificates:
            if len(self._certificates) > 1000:
                self._certificates.clear()
            self._certificates[raw] = x509.parse_certificate(raw)
        return self._certificates[raw]

    def _seal_holds(self, seal: Seal, maker: x509.Certificate) -> bool:
        if seal.raw not in self._seals:
            if len(self._seals) > 1000:
                self._seals.clear()
            self._seals[seal.raw] = sm2.verify(maker.key, seal.info, seal.signature)
        return self._seals[seal.raw]

    def _check_certificate(self, name: str, certificate: x509.Certificate, moment: datetime.datetime) -> None:
        if not certificate.may_sign():
            raise SealProblem(f"seal.{name}_usage", f"certificate of the {name} may not sign")
        if not certificate.valid_at(moment):
            raise SealProblem(f"seal.{name}_validity", f"certificate of the {name} was not valid at the time of sealing")
        revocation = self._revoked.get(certificate.issuer, {}).get(certificate.serial)
        if revocation and revocation.forbids(moment):
            raise SealProblem(f"seal.{name}_revoked", f"certificate of the {name} is revoked")
        key = (certificate.raw, moment.date())
        if key not in self._chains:
            if len(self._chains) > 1000:
                self._chains.clear()
            self._chains[key] = x509.chain_problem(certificate, self._trust, moment)
        if self._chains[key]:
            raise SealProblem(f"seal.{name}_chain", f"{name}: {self._chains[key]}")
