"""The structure of a paper: headings, paragraphs, lists, tables and figures, for those who have it read to them.

Whatever is drawn for an element gets a number on its page; this room keeps which number belongs to which element and
writes the tree when the file is saved (ISO 32000-2, 14.7). What stands on every page is no part of it: an artifact.

>>> [Element("LI", "en").tag, Element("P", "en").alt]
['LI', '']
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFDocument, PDFName, PDFObject, PDFPage

from consent.record.embedded import in_utf16

GROUPS = {"LI": "L", "TR": "Table"}  # neighbours of the first kind, with nothing between them, make one of the second


@dataclass(eq=False, slots=True)
class Element:
    """One part of the text. Lines of one paragraph share one element, and so do its halves on two pages.

    `said` is what its lines say, each as it is read; it is written into the file (ActualText) where letters are turned.
    """

    tag: str
    language: str
    above: "Element | None" = None
    alt: str = ""  # what a figure shows, in words
    parts: list["Element | tuple[int, int]"] = field(default_factory=list)  # further down, or page and number
    said: list[str] = field(default_factory=list)
    is_turned: bool = False


class Tags:
    """The elements of one paper, in the order in which they were first drawn."""

    def __init__(self, language: str) -> None:
        self.document = Element("Document", language)
        self._known: dict[Element, None] = {self.document: None}  # in order: the same paper gives the same bytes
        self._pages: list[list[Element]] = []

    def place(self, element: Element, *, page: int) -> int:
        """The number under which the next thing that is drawn on a page belongs to an element."""
        self._join(element)
        while len(self._pages) <= page:
            self._pages.append([])
        number = len(self._pages[page])
        self._pages[page].append(element)
        element.parts.append((page, number))
        return number

    def _join(self, element: Element) -> None:
        if element in self._known:
            return
        self._known[element] = None
        if element.above is None:
            element.above = self._group(element)
        self._join(element.above)
        element.above.parts.append(element)

    def _group(self, element: Element) -> Element:
        group = GROUPS.get(element.tag)
        if group is None:
            return self.document
        last = self.document.parts[-1] if self.document.parts else None
        if isinstance(last, Element) and last.tag == group and last.language == element.language:
            return last
        return Element(group, element.language, self.document)

    def write(self, document: PDFDocument) -> None:
        """Write the tree into the file. Nothing is written for a paper without elements."""
        if not self._pages:
            return
        root = _Written()
        objects = {element: _Written() for element in self._known}
        references = {
            element: document.Reference(found).format(document).decode() for element, found in objects.items()
        }
        pages: list[PDFPage] = document.Pages.pages
        places = [document.Reference(page).format(document).decode() for page in pages]
        above = document.Reference(root).format(document).decode()
        for element, found in objects.items():
            kids = " ".join(
                references[part] if isinstance(part, Element) else f"<</Type/MCR/Pg {places[part[0]]}/MCID {part[1]}>>"
                for part in element.parts
            )
            parent = references[element.above] if element.above else above
            found.text = f"<</Type/StructElem/S/{element.tag}{self._entries(element)}/P {parent}/K[{kids}]>>"
        numbers = "".join(self._numbers(references, pages))
        root.text = (
            f"<</Type/StructTreeRoot/K {references[self.document]}"
            f"/ParentTree<</Nums[{numbers}]>>/ParentTreeNextKey {len(pages)}>>"
        )
        document.Catalog.StructTreeRoot = root
        document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})

    def _entries(self, element: Element) -> str:
        alt = f"/Alt<FEFF{in_utf16(element.alt)}>" if element.alt else ""
        if element.is_turned:
            alt += f"/ActualText<FEFF{in_utf16(' '.join(element.said))}>"
        is_other = element is not self.document and element.language != self.document.language
        language = f"/Lang<FEFF{in_utf16(element.language)}>" if is_other else ""
        return alt + language + ("/A<</O/Table/Scope/Column>>" if element.tag == "TH" else "")

    def _numbers(self, references: dict[Element, str], pages: list[PDFPage]) -> Iterator[str]:
        for place, (page, elements) in enumerate(zip(pages, self._pages, strict=False)):
            page.__Defaults__ = {**PDFPage.__Defaults__, "StructParents": place, "Tabs": PDFName("S")}
            yield f"{place}[{' '.join(references[element] for element in elements)}]"


class _Written(PDFObject):  # type: ignore[misc]  # reportlab has no types
    """An object that is written out already: in reportlab’s own way thousands of small ones outlast the text."""

    __RefOnly__ = 1

    def __init__(self) -> None:
        self.text = ""

    def format(self, _document: PDFDocument) -> bytes:
        """What stands in the file."""
        return self.text.encode("ascii")
