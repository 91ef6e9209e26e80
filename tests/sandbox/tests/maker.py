"""Makes what tests need: a test authority, seals, sealed packages, records in both dialects."""

from __future__ import annotations

import base64
import datetime
import io
import json
import zipfile
from typing import Any

from certsandbox import clock, der, issuers, numbers, sm2, sm3, sm4

START, END = "20250101000000Z", "20350101000000Z"
SM2_WITH_SM3 = "1.2.156.10197.1.501"
ISSUER = issuers.load_issuers(issuers.default_issuers_file())[1]
OFD = 'xmlns:ofd="http://www.ofdspec.org/2016"'
MAKER_KEY, SIGNER_KEY, ROOT_KEY = 0x1111, 0x2222, 0x3333


def _name(text: str) -> bytes:
    attribute = der.sequence(der.oid("2.5.4.3"), der.value(der.UTF8, text.encode()))
    return der.sequence(der.value(der.SET, attribute))


def _key_info(key: int) -> bytes:
    x, y = sm2.public_key(key)
    algorithm = der.sequence(der.oid("1.2.840.10045.2.1"), der.oid("1.2.156.10197.1.301"))
    return der.sequence(algorithm, der.bits(b"\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big")))


def certificate(subject: str, key: int, issuer: str, issuer_key: int, usage: int = 0xC0,
                authority: bool = False) -> bytes:
    """A certificate of version 3."""
    critical = der.value(0x01, b"\xff")
    extensions = [der.sequence(der.oid("2.5.29.15"), critical, der.value(
        der.OCTET_STRING, der.value(der.BIT_STRING, bytes([1, usage]))))]
    if authority:
        extensions.append(der.sequence(der.oid("2.5.29.19"), critical, der.value(
            der.OCTET_STRING, der.sequence(critical))))
    algorithm = der.sequence(der.oid(SM2_WITH_SM3))
    validity = der.sequence(der.value(der.GENERALIZED_TIME, START.encode()), der.value(der.GENERALIZED_TIME, END.encode()))
    body = der.sequence(der.value(0xA0, der.integer(2)), der.integer(key), algorithm, _name(issuer), validity,
                        _name(subject), _key_info(key), der.value(0xA3, der.sequence(*extensions)))
    return der.sequence(body, algorithm, der.bits(sm2.sign(issuer_key, body)))


ROOT = certificate("root", ROOT_KEY, "root", ROOT_KEY, 0x06, True)
MAKER = certificate("maker", MAKER_KEY, "root", ROOT_KEY)
SIGNER = certificate("signer", SIGNER_KEY, "root", ROOT_KEY)


def seal(seal_id: str = "", listed: bytes = SIGNER, maker_key: int = MAKER_KEY, version: int = 4,
         end: str = END) -> bytes:
    """An electronic seal."""
    header = der.sequence(der.value(der.IA5, b"ES"), der.integer(version), der.value(der.IA5, b"TEST"))
    times = [der.value(der.GENERALIZED_TIME, t.encode()) for t in (START, START, end)]
    property_ = der.sequence(der.integer(1), der.value(der.UTF8, "测试章".encode()), der.integer(1),
                             der.sequence(der.value(der.OCTET_STRING, listed)), *times)
    picture = der.sequence(der.value(der.IA5, b"PNG"), der.value(der.OCTET_STRING, b"x"), der.integer(40), der.integer(40))
    seal_id = seal_id or ISSUER.seals[numbers.TITLE_TYPE]
    info = der.sequence(header, der.value(der.IA5, seal_id.encode()), property_, picture)
    return der.sequence(info, der.value(der.OCTET_STRING, MAKER), der.oid(SM2_WITH_SM3),
                        der.bits(sm2.sign(maker_key, info)))


def signed_value(data_hash: bytes, the_seal: bytes, key: int = SIGNER_KEY, signer: bytes = SIGNER,
                 path: str = "/Doc_0/Signs/Sign_0/Signature.xml", time: str = "20260101000000Z",
                 signer_id: bytes = sm2.DEFAULT_ID) -> bytes:
    """SignedValue.dat."""
    body = der.sequence(der.integer(4), the_seal, der.value(der.GENERALIZED_TIME, time.encode()), der.bits(data_hash),
                        der.value(der.IA5, path.encode()))
    return der.sequence(body, der.value(der.OCTET_STRING, signer), der.oid(SM2_WITH_SM3),
                        der.bits(sm2.sign(key, body, signer_id)))


def documents(metadata: dict[str, str]) -> dict[str, bytes]:
    """The files of a one-page document."""
    custom = "".join(f'<ofd:CustomData Name="{k}">{v}</ofd:CustomData>' for k, v in metadata.items())
    texts = {
        "OFD.xml": f'<ofd:OFD {OFD} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:CustomDatas>{custom}'
                   "</ofd:CustomDatas></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
                   "<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f'<ofd:Document {OFD}><ofd:CommonData><ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>'
                              '</ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>'
                              "</ofd:Pages></ofd:Document>",
        "Doc_0/DocumentRes.xml": f'<ofd:Res {OFD} BaseLoc="Res"><ofd:MultiMedias><ofd:MultiMedia ID="3">'
                                 "<ofd:MediaFile>a.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias></ofd:Res>",
        "Doc_0/Res/a.png": "picture",
        "Doc_0/Pages/Page_0/Content.xml": f"<ofd:Page {OFD}/>"}
    return {name: text.encode() for name, text in texts.items()}


def sealed_files(metadata: dict[str, str] | None = None, the_seal: bytes = b"", **changes: Any) -> dict[str, bytes]:
    """The entries of a sealed package; `changes` go to signed_value."""
    the_seal = the_seal or seal()
    files = documents(metadata or {})
    files["Doc_0/Signs/Sign_0/Seal.esl"] = the_seal
    references = "".join(f'<ofd:Reference FileRef="/{name}"><ofd:CheckValue>'
                         f"{base64.b64encode(sm3.digest(content)).decode()}</ofd:CheckValue></ofd:Reference>"
                         for name, content in files.items())
    signature = (f'<ofd:Signature {OFD}><ofd:SignedInfo><ofd:SignatureMethod>{SM2_WITH_SM3}</ofd:SignatureMethod>'
                 f'<ofd:References CheckMethod="1.2.156.10197.1.401">{references}</ofd:References>'
                 '<ofd:StampAnnot ID="s2" PageRef="1" Boundary="10 10 40 40"/><ofd:Seal><ofd:BaseLoc>'
                 "/Doc_0/Signs/Sign_0/Seal.esl</ofd:BaseLoc></ofd:Seal></ofd:SignedInfo><ofd:SignedValue>"
                 "/Doc_0/Signs/Sign_0/SignedValue.dat</ofd:SignedValue></ofd:Signature>").encode()
    files["Doc_0/Signs/Signatures.xml"] = (
        f'<ofd:Signatures {OFD}><ofd:MaxSignId>s2</ofd:MaxSignId><ofd:Signature ID="s001" Type="Seal" '
        'BaseLoc="/Doc_0/Signs/Sign_0/Signature.xml"/></ofd:Signatures>').encode()
    files["Doc_0/Signs/Sign_0/Signature.xml"] = signature
    changes.setdefault("data_hash", sm3.digest(signature))
    files["Doc_0/Signs/Sign_0/SignedValue.dat"] = signed_value(the_seal=the_seal, **changes)
    return files


def pack(files: dict[str, bytes]) -> bytes:
    """A ZIP of the entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


class Sample:
    """A certificate that both libraries take, and what its file says."""

    def __init__(self, serial: int = 1, version: int = 1) -> None:
        self.identifier = numbers.compose_identifier(numbers.TITLE_TYPE, ISSUER.code, f"{serial:011d}", version)
        self.number = f"豫（2026）{ISSUER.number_word}不动产权第{serial:07d}号"
        self.version = version
        self.day = clock.now() - datetime.timedelta(days=1)
        metadata = {"ZZBS": self.identifier, "ZZLXDM": numbers.TITLE_TYPE, "ZZBFJGDM": ISSUER.code, "ZZBH": self.number}
        self.content = pack(sealed_files(metadata))
        self.extension = {"KZ_ZL": "镇平县建设路1号", "KZ_FJ": "第一行\n第二行 \U0002cc56"}

    def epoint(self, guid: str) -> dict[str, Any]:
        """The fields of `save`."""
        return {"certificateidentifier": self.identifier, "tycertcatcode": numbers.TITLE_TYPE,
                "certname": "不动产权证书", "certno": self.number, "certownername": "张\U0002cc56^示例公司",
                "certownerno": "11010519491231002X^11411300MB1T000091", "certownertype": "1^2",
                "certawarddept": ISSUER.name, "certawarddeptcode": ISSUER.code,
                "awarddate": f"{self.day:%Y-%m-%d} 00:00:00", "expiredateto": "9999-12-30 00:00:00",
                "areacode": f"{ISSUER.area}000000", "version": self.version,
                "certinfoextension": json.dumps(self.extension), "attachguid": guid, "bizno": "A1"}

    def linewell(self) -> dict[str, Any]:
        """The fields of `collectCert`."""
        return {"certificateIdentifier": self.identifier, "certificateTypeCode": numbers.TITLE_TYPE,
                "certificateTypeName": "不动产权证书", "certificateName": "不动产权证书", "certificateNumber": self.number,
                "certificateIssuingAuthorityName": ISSUER.name, "certificateIssuingAuthorityCode": ISSUER.code,
                "certificateIssuedDate": f"{self.day:%Y%m%d}", "certificateExpiringDate": "长期",
                "certificateHolderName": "张\U0002cc56", "certificateHolderCode": "11010519491231002X",
                "certificateHolderTypeCode": "111", "certificateHolderTypeName": "公民身份号码",
                "certificateAreaCode": ISSUER.area, "certificateVersion": f"{self.version:03d}", "operateType": "01",
                "extendInfo": self.extension, "fileType": "OFD", "fileDigest": sm3.hexdigest(self.content),
                "fileContent": base64.b64encode(self.content).decode(), "bizNum": "A1"}


def linewell_body(data: dict[str, Any], key: int, sm4_key: bytes, access: tuple[str, str],
                  timestamp: str = "", signer_id: bytes = b"") -> bytes:
    """A request of the second dialect: encrypted, signed, in GB18030."""
    iv = bytes(range(16))
    secret = (iv + sm4.encrypt(json.dumps(data, ensure_ascii=False).encode("gb18030"), sm4_key, iv)).hex()
    timestamp = timestamp or f"{clock.now():%Y%m%d%H%M%S}"
    r, s = sm2.sign_raw(key, (timestamp + secret).encode(), signer_id or access[0].encode())
    sign = base64.b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).decode()
    head = {"accessId": access[0], "accessToken": access[1], "timestamp": timestamp, "sign": sign}
    return json.dumps({"head": head, "data": secret}).encode("gb18030")
