"""Documents without a seal: what they say, and what a strict reader refuses."""

import unittest

from certsandbox import ofd

from . import maker

PAGE, DOCUMENT = "Doc_0/Pages/Page_0/Content.xml", "Doc_0/Document.xml"


def files(page: str = '<ofd:Layer ID="4"/>') -> dict[str, bytes]:
    """A document whose page has this content."""
    made = maker.documents({"ZZBH": "N1"})
    made["OFD.xml"] = made["OFD.xml"].replace(b"<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures>", b"")
    made[DOCUMENT] = made[DOCUMENT].replace(b"<ofd:CommonData>", b"<ofd:CommonData><ofd:MaxUnitID>4</ofd:MaxUnitID>")
    made[PAGE] = f"<ofd:Page {maker.OFD}><ofd:Content>{page}</ofd:Content></ofd:Page>".encode()
    return made


def rule(made: dict[str, bytes]) -> str:
    """The rule that it breaks."""
    try:
        ofd.read_document(maker.pack(made))
        return "good"
    except ofd.PackageProblem as problem:
        return problem.rule


class DocumentTest(unittest.TestCase):
    """What read_document takes."""

    def test_it_says_what_stands_there(self) -> None:
        text = '<ofd:Layer ID="4"><ofd:TextObject><ofd:TextCode>words</ofd:TextCode></ofd:TextObject></ofd:Layer>'
        said = ofd.read_document(maker.pack(files(text)))
        self.assertEqual(({"ZZBH": "N1"}, ["words"]), (said.metadata, said.pages))

    def test_what_does_not_hold_together_is_refused(self) -> None:
        self.assertEqual("good", rule(files()))
        self.assertEqual("ofd.unreachable", rule(files() | {"more.xml": b"<a/>"}))
        self.assertEqual("ofd.id", rule(files('<ofd:Layer ID="3"/>')), "it is there twice")
        self.assertEqual("ofd.id", rule(files('<ofd:Layer ID="5"/>')), "it is above the largest")
        self.assertEqual("ofd.signatures", rule(files() | {"OFD.xml": maker.documents({})["OFD.xml"]}))
