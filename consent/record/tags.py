"""The structure of a paper: headings, paragraphs, lists, tables and figures, for those who have it read to them.

Whatever is drawn for an element gets a number on its page; this room keeps which number belongs to which element and
writes the tree when the file is saved (ISO 32000-2, 14.7). What stands on every page is no part of it: an artifact.

>>> [Element("LI", "en").tag, Element("P", "en").alt]
['LI', '']
"""

from dataclasses import dataclass, field

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFDocument, PDFName, PDFPage, PDFString

GROUPS = {"LI": "L", "TR": "Table"}  # neighbours of the first kind, with nothing between them, make one of the second


@dataclass(eq=False, slots=True)
class Element:
    """One part of the text. Lines of one paragraph share one element, and so do its halves on two pages."""

    tag: str
    language: str
    above: "Element | None" = None
    alt: str = ""  # what a figure shows, in words
    parts: list["Element | tuple[int, int]"] = field(default_factory=list)  # further down, or page and number


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
        objects: dict[Element, PDFDictionary] = {element: PDFDictionary() for element in self._known}
        root = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        pages: list[PDFPage] = document.Pages.pages
        for element, found in objects.items():
            above = root if element.above is None else objects[element.above]
            found.dict.update(self._entries(element, document))
            found["P"] = document.Reference(above)
            found["K"] = PDFArray([self._kid(part, objects, document, pages) for part in element.parts])
        root["K"] = document.Reference(objects[self.document])
        root["ParentTree"] = PDFDictionary({"Nums": PDFArray(self._numbers(objects, document, pages))})
        root["ParentTreeNextKey"] = len(pages)
        document.Catalog.StructTreeRoot = root
        document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})

    def _entries(self, element: Element, document: PDFDocument) -> dict[str, object]:
        entries: dict[str, object] = {"Type": PDFName("StructElem"), "S": PDFName(element.tag)}
        if element.alt:
            entries["Alt"] = PDFString(element.alt)
        if element is not self.document and element.language != self.document.language:
            entries["Lang"] = PDFString(element.language)
        if element.tag == "TH":
            entries["A"] = PDFDictionary({"O": PDFName("Table"), "Scope": PDFName("Column")})
        return entries

    def _kid(
        self,
        part: Element | tuple[int, int],
        objects: dict[Element, PDFDictionary],
        document: PDFDocument,
        pages: list[PDFPage],
    ) -> object:
        if isinstance(part, Element):
            return document.Reference(objects[part])
        page, number = part
        return PDFDictionary({"Type": PDFName("MCR"), "Pg": document.Reference(pages[page]), "MCID": number})

    def _numbers(
        self, objects: dict[Element, PDFDictionary], document: PDFDocument, pages: list[PDFPage]
    ) -> list[object]:
        numbers: list[object] = []
        for place, (page, elements) in enumerate(zip(pages, self._pages, strict=False)):
            page.__Defaults__ = {**PDFPage.__Defaults__, "StructParents": place, "Tabs": PDFName("S")}
            numbers += [place, PDFArray([document.Reference(objects[element]) for element in elements])]
        return numbers
