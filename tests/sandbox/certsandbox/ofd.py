"""OFD packages (GB/T 33190): strict rules for the ZIP, the references and what they protect."""

from __future__ import annotations

import base64
import binascii
import posixpath
import re
import struct
import xml.etree.ElementTree as ElementTree
import zlib
from dataclasses import dataclass

from . import ses, sm3

SPACE = "{http://www.ofdspec.org/2016}"
_LARGEST_ENTRY, _LARGEST_PACKAGE, _MOST_ENTRIES = 32 << 20, 128 << 20, 2000
_LOCATIONS = ("DocRoot", "PublicRes", "DocumentRes", "PageRes", "CustomTags", "Attachments", "Annotations",
              "FileLoc", "MediaFile", "FontFile", "SchemaLoc", "Signatures", "Extensions")


class PackageProblem(Exception):
    """A package breaks a rule."""

    def __init__(self, rule: str, text: str) -> None:
        super().__init__(f"{rule}: {text}")
        self.rule, self.text = rule, text


@dataclass(frozen=True)
class Sealed:
    """What a checked package says."""

    seal: ses.Signature
    metadata: dict[str, str]


def read_package(data: bytes) -> dict[str, bytes]:
    """All entries of a package whose ZIP keeps every rule."""
    end = data.rfind(b"PK\x05\x06")
    if end < 0 or end + 22 != len(data):
        raise PackageProblem("ofd.zip", "end record is missing, or bytes follow it")
    disk, first, here, total, size, offset, _ = struct.unpack("<4H2LH", data[end + 4:end + 22])
    if (disk, first) != (0, 0) or here != total or offset + size != end or total > _MOST_ENTRIES:
        raise PackageProblem("ofd.zip", "directory is not in front of the end record")
    entries: dict[str, bytes] = {}
    spans, position = [], offset
    for _ in range(total):
        name, content, span, position = _entry(data, position, end)
        if name.lower() in {n.lower() for n in entries}:
            raise PackageProblem("ofd.zip", "an entry is there twice")
        entries[name] = content
        spans.append(span)
    cursor = 0
    for start, stop in sorted(spans):
        if start != cursor:
            raise PackageProblem("ofd.zip", "bytes between the entries")
        cursor = stop
    if cursor != offset or position != end or sum(map(len, entries.values())) > _LARGEST_PACKAGE:
        raise PackageProblem("ofd.zip", "bytes before the directory, or package too large")
    return entries


def _entry(data: bytes, position: int, end: int) -> tuple[str, bytes, tuple[int, int], int]:
    """One entry: name, content, where its bytes are, and where the next directory record starts."""
    if position + 46 > end or data[position:position + 4] != b"PK\x01\x02":
        raise PackageProblem("ofd.zip", "directory is cut")
    flags, method = struct.unpack("<HH", data[position + 8:position + 12])
    crc, packed, size, name_size, extra, comment = struct.unpack("<3L3H", data[position + 16:position + 34])
    local, = struct.unpack("<L", data[position + 42:position + 46])
    raw_name = data[position + 46:position + 46 + name_size]
    if flags & ~0x0806 or method not in (0, 8) or size > _LARGEST_ENTRY:
        raise PackageProblem("ofd.zip", "an entry is encrypted, streamed, too large or of another method")
    name = _entry_name(raw_name)
    head = data[local:local + 30]
    if len(head) < 30 or head[:4] != b"PK\x03\x04" or struct.unpack("<3L", head[14:26]) != (crc, packed, size):
        raise PackageProblem("ofd.zip", "a local header differs from the directory")
    local_name, local_extra = struct.unpack("<HH", head[26:30])
    start = local + 30 + local_name + local_extra
    if data[local + 30:local + 30 + local_name] != raw_name or struct.unpack("<H", head[8:10]) != (method,):
        raise PackageProblem("ofd.zip", "a local header names another entry")
    content = _unpack(data[start:start + packed], method, size)
    if len(content) != size or zlib.crc32(content) != crc:
        raise PackageProblem("ofd.zip", "an entry's size or CRC is wrong")
    return name, content, (local, start + packed), position + 46 + name_size + extra + comment


def _entry_name(raw: bytes) -> str:
    """A name without tricks."""
    try:
        name = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PackageProblem("ofd.zip", "a name is not UTF-8") from error
    if not name or name.startswith("/") or "\\" in name or ":" in name or "\0" in name or any(
            part in ("", ".", "..") for part in name.split("/")):
        raise PackageProblem("ofd.zip", "a name leaves the package, is a folder or has odd characters")
    return name


def _unpack(packed: bytes, method: int, size: int) -> bytes:
    if method == 0:
        return packed
    engine = zlib.decompressobj(-15)
    try:
        content = engine.decompress(packed, size + 1)
    except zlib.error as error:
        raise PackageProblem("ofd.zip", "an entry does not unpack") from error
    if not engine.eof or engine.unused_data:
        raise PackageProblem("ofd.zip", "an entry has more or less bytes than it says")
    return content


def _xml(entries: dict[str, bytes], path: str) -> ElementTree.Element:
    """A file of the package as XML without DTD."""
    content = entries.get(path)
    if content is None:
        raise PackageProblem("ofd.reference", f"{path} is named but not there")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or not content.isascii() and _not_utf8(content):
        raise PackageProblem("ofd.xml", f"{path} has a DTD or is not UTF-8")
    try:
        return ElementTree.fromstring(content)
    except ElementTree.ParseError as error:
        raise PackageProblem("ofd.xml", f"{path} is not well-formed") from error


def _not_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _resolve(base: str, location: str) -> str:
    """A location as entry name, relative to the file that holds it."""
    location = location.strip()
    path = location if location.startswith("/") else posixpath.join("/", posixpath.dirname(base), location)
    path = posixpath.normpath(path)
    return path.lstrip("/")


def _one(node: ElementTree.Element, name: str) -> ElementTree.Element:
    found = node.findall(f".//{SPACE}{name}")
    if len(found) != 1:
        raise PackageProblem("ofd.shape", f"{name} is there {len(found)} times instead of once")
    return found[0]


def _reachable(entries: dict[str, bytes], start: str) -> set[str]:
    """All files that the document leads to, its signatures left out."""
    seen, todo = set(), [start]
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        if not path.lower().endswith(".xml") or "/Attachs/" in path and not path.endswith("Attachments.xml"):
            if path not in entries:
                raise PackageProblem("ofd.reference", f"{path} is named but not there")
            continue
        root = _xml(entries, path)
        base = path
        if root.tag == f"{SPACE}Res" and root.get("BaseLoc"):
            base = posixpath.join(posixpath.dirname(path), root.get("BaseLoc", ""), "x")
        for node in root.iter():
            name = node.tag.removeprefix(SPACE)
            if name == "Signatures" and node is not root:
                continue
            if name in _LOCATIONS and node.text and node.text.strip():
                todo.append(_resolve(base, node.text))
            if name in ("Page", "TemplatePage") and node.get("BaseLoc"):
                todo.append(_resolve(path, node.get("BaseLoc", "")))
    return seen


@dataclass(frozen=True)
class Document:
    """What an unsealed document says: its metadata, and the text of each page from bottom to top."""

    metadata: dict[str, str]
    pages: list[str]


def read_document(data: bytes) -> Document:
    """A package without signatures, in which every entry belongs to the document and every ID is there once."""
    entries = read_package(data)
    top = _xml(entries, "OFD.xml")
    if top.findall(f".//{SPACE}Signatures"):
        raise PackageProblem("ofd.signatures", "the document names signatures")
    unreachable = set(entries) - _reachable(entries, "OFD.xml")
    if unreachable:
        raise PackageProblem("ofd.unreachable", f"{sorted(unreachable)[0]} belongs to no document")
    path = _resolve("OFD.xml", _one(top, "DocRoot").text or "")
    document = _xml(entries, path)
    _check_ids(entries, int(_one(document, "MaxUnitID").text or ""))
    pages = [_xml(entries, _resolve(path, page.get("BaseLoc", ""))) for page in document.iter(f"{SPACE}Page")]
    return Document({node.get("Name", ""): node.text or "" for node in top.iter(f"{SPACE}CustomData")},
                    ["\n".join(code.text or "" for code in page.iter(f"{SPACE}TextCode")) for page in pages])


def _check_ids(entries: dict[str, bytes], largest: int) -> None:
    """IDs of pages, layers, objects and resources: once each, and none above the largest."""
    seen: set[int] = set()
    for name in entries:
        if not name.endswith(".xml") or "/Tags/" in name or "/Attachs/" in name:
            continue
        for node in _xml(entries, name).iter():
            number = node.get("ID")
            if number is None:
                continue
            if int(number) in seen or not 0 < int(number) <= largest:
                raise PackageProblem("ofd.id", f"{name}: the ID {number} is there twice or out of range")
            seen.add(int(number))


def check_sealed(data: bytes, verifier: ses.SealVerifier) -> Sealed:
    """A sealed package that keeps every rule. Raises PackageProblem or SealProblem."""
    entries = read_package(data)
    top = _xml(entries, "OFD.xml")
    signatures = top.findall(f"{SPACE}DocBody/{SPACE}Signatures")
    if len(signatures) != 1:
        raise PackageProblem("ofd.unsealed", "the document names no signatures")
    list_path = _resolve("OFD.xml", signatures[0].text or "")
    entries_of_list = _xml(entries, list_path).findall(f"{SPACE}Signature")
    if len(entries_of_list) != 1:
        raise PackageProblem("ofd.signatures", f"{len(entries_of_list)} signatures instead of one")
    if entries_of_list[0].get("Type", "Seal") != "Seal":
        raise PackageProblem("ofd.signatures", "the signature is not a seal")
    path = _resolve(list_path, entries_of_list[0].get("BaseLoc", ""))
    seal = _check_signature(entries, path, list_path, verifier)
    metadata = {node.get("Name", ""): node.text or "" for node in top.iter(f"{SPACE}CustomData")}
    return Sealed(seal, metadata)


def _check_signature(entries: dict[str, bytes], path: str, list_path: str,
                     verifier: ses.SealVerifier) -> ses.Signature:
    """Signature.xml with its references, its seal and its signed value."""
    root = _xml(entries, path)
    method = _one(root, "SignatureMethod")
    if (method.text or "").strip() != ses.SM2_WITH_SM3:
        raise PackageProblem("ofd.method", "SignatureMethod is not SM2 with SM3")
    value_path = _resolve(path, _one(root, "SignedValue").text or "")
    protected = _check_references(entries, _one(root, "References"))
    seal_path = ""
    for node in root.findall(f".//{SPACE}Seal/{SPACE}BaseLoc"):
        seal_path = _resolve(path, node.text or "")
    allowed = {path, value_path, list_path}
    extra = set(entries) - protected - allowed
    if extra:
        raise PackageProblem("ofd.unprotected", f"{sorted(extra)[0]} is not protected by the signature")
    reachable = _reachable(entries, "OFD.xml")
    if not reachable <= protected:
        raise PackageProblem("ofd.unprotected", f"{sorted(reachable - protected)[0]} is not protected")
    unreachable = protected - reachable - {list_path, seal_path}
    if unreachable:
        raise PackageProblem("ofd.unreachable", f"{sorted(unreachable)[0]} belongs to no document")
    if path in protected or value_path in protected:
        raise PackageProblem("ofd.references", "Signature.xml or its value is among the references")
    if value_path not in entries:
        raise PackageProblem("ofd.reference", "SignedValue is not there")
    signature = verifier.check(entries[value_path], sm3.digest(entries[path]), "/" + path)
    if seal_path and entries.get(seal_path) != signature.seal.raw:
        raise PackageProblem("ofd.seal_file", "Seal.esl differs from the seal in the signed value")
    _check_stamps(entries, root)
    return signature


def _check_references(entries: dict[str, bytes], references: ElementTree.Element) -> set[str]:
    """The entries whose digests stand in the references and agree."""
    if references.get("CheckMethod") not in ("1.2.156.10197.1.401", "SM3"):
        raise PackageProblem("ofd.check_method", "CheckMethod is not SM3")
    protected: set[str] = set()
    for node in references.findall(f"{SPACE}Reference"):
        location = node.get("FileRef", "")
        path = _resolve("", location)
        if not location.startswith("/") or path in protected or path not in entries:
            raise PackageProblem("ofd.references", f"reference {location[:80]} is relative, repeated or to nothing")
        try:
            expected = base64.b64decode(_one(node, "CheckValue").text or "", validate=True)
        except (binascii.Error, ValueError) as error:
            raise PackageProblem("ofd.references", "a CheckValue is not Base64") from error
        if expected != sm3.digest(entries[path]):
            raise PackageProblem("ofd.digest", f"{path} was changed after sealing")
        protected.add(path)
    return protected


def _check_stamps(entries: dict[str, bytes], signature: ElementTree.Element) -> None:
    """Each stamp stands on a page of the document; there is at least one."""
    top = _xml(entries, "OFD.xml")
    document = _xml(entries, _resolve("OFD.xml", _one(top, "DocRoot").text or ""))
    pages = {node.get("ID") for node in document.iter(f"{SPACE}Page")}
    stamps = signature.findall(f".//{SPACE}StampAnnot")
    if not stamps:
        raise PackageProblem("ofd.stamp", "the seal stands on no page")
    for stamp in stamps:
        box = re.fullmatch(r"-?[\d.]+ -?[\d.]+ ([\d.]+) ([\d.]+)", stamp.get("Boundary", ""))
        if stamp.get("PageRef") not in pages or box is None or not float(box[1]) > 0 < float(box[2]):
            raise PackageProblem("ofd.stamp", "a stamp is on no page or has no size")
