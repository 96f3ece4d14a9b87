"""The fonts of one paper: which glyphs it uses of each, and how they are written into the file.

reportlab's own TrueType support knows characters, not glyphs: an Arabic or Devanagari glyph that no single character
stands for would need a made-up character. So a font is embedded here as PDF knows it best: glyphs by number, each
with its width and with the text it stands for, and of the font file only the glyphs that are used.
"""

import hashlib
import struct
from collections.abc import Iterator, Mapping, Sequence

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFDocument, PDFName, PDFStream, PDFString, PDFZCompress

from consent.record.fonts import Face

SYMBOLIC = 4
STEM = 80  # asked for by the format, used by nobody who has the font itself
AT_ONCE = 100  # entries in one part of a character map (PDF 32000-1, 9.7.5.3)
MAP_START = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
"""
MAP_END = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"


class EmbeddedFont:
    """One font of one paper. Glyphs are numbered in the order in which they are first drawn."""

    def __init__(self, face: Face, name: str) -> None:
        self.face = face
        self.name = name
        self._codes: dict[tuple[int, str], str] = {}
        self._plain: dict[str, str] = {}
        self._drawings: dict[tuple[int, str], tuple[str, int]] = {}

    def code(self, glyph: int, text: str) -> str:
        """The four hex digits that draw a glyph; `text` is what it stands for here.

        One glyph that stands for two texts has two codes: whoever copies from the file gets what was written.
        """
        found = self._codes.get((glyph, text))
        if found is None:
            found = self._codes[glyph, text] = f"{len(self._codes) + 1:04X}"
        return found

    def drawing(self, glyph: int, text: str) -> tuple[str, int]:
        """The digits that draw a glyph, and how far it moves the pen."""
        found = self._drawings.get((glyph, text))
        if found is None:
            found = self._drawings[glyph, text] = (self.code(glyph, text), self.face.advance(glyph))
        return found

    def codes(self, text: str) -> str:
        """The hex digits that draw every character of a text by its own glyph."""
        known = self._plain
        return "".join([known.get(character) or self._new(character) for character in text])

    def marked_codes(self, text: str, letters: Sequence[str]) -> str:
        """The same, where the first and the last character may say more than themselves."""
        if len(text) == 1:
            return self.code(self.face.glyph(text), letters[0])
        first, last = self.face.glyph(text[0]), self.face.glyph(text[-1])
        return self.code(first, letters[0]) + self.codes(text[1:-1]) + self.code(last, letters[-1])

    def _new(self, character: str) -> str:
        found = self._plain[character] = self.code(self.face.glyph(character), character)
        return found

    def addObjects(self, document: PDFDocument) -> None:
        """Write the font into the file: reportlab calls it by this name when it saves."""
        program, places = self.face.part(glyph for glyph, _text in self._codes)
        name = PDFName(f"{self._mark()}+{self.face.measures.postscript_name}")
        font = PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/Type0",
                "BaseFont": name,
                "Encoding": "/Identity-H",
                "DescendantFonts": PDFArray([self._descendant(document, name, program, places)]),
                "ToUnicode": self._stream(document, "texts", self._character_map().encode("ascii")),
            }
        )
        document.idToObject["BasicFonts"].dict[self.name] = document.Reference(font, f"font:{self.name}")

    def _descendant(self, document: PDFDocument, name: PDFName, program: bytes, places: Mapping[int, int]) -> object:
        """The glyphs: how wide each is and where it stands in the font file."""
        found = [0, *(places[glyph] for glyph, _text in self._codes)]
        system = {"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}
        descendant = PDFDictionary(
            {
                "Type": "/Font",
                "Subtype": "/CIDFontType2",
                "BaseFont": name,
                "CIDSystemInfo": PDFDictionary(system),
                "FontDescriptor": self._descriptor(document, name, program),
                "W": PDFArray([1, PDFArray([self.face.advance(glyph) for glyph, _text in self._codes])]),
                "CIDToGIDMap": self._stream(document, "places", struct.pack(f">{len(found)}H", *found)),
            }
        )
        return document.Reference(descendant, f"descendant:{self.name}")

    def _descriptor(self, document: PDFDocument, name: PDFName, program: bytes) -> object:
        """The font as a whole."""
        measures = self.face.measures
        descriptor = PDFDictionary(
            {
                "Type": "/FontDescriptor",
                "FontName": name,
                "Flags": SYMBOLIC,
                "FontBBox": PDFArray(measures.box),
                "ItalicAngle": 0,
                "Ascent": measures.ascent,
                "Descent": measures.descent,
                "CapHeight": measures.cap_height,
                "StemV": STEM,
                "FontFile2": self._stream(document, "file", program, {"Length1": len(program)}),
            }
        )
        return document.Reference(descriptor, f"descriptor:{self.name}")

    def _mark(self) -> str:
        """Six capital letters that tell two parts of one font apart."""
        number = int.from_bytes(hashlib.sha256(repr(sorted(self._codes)).encode()).digest()[:8])
        return "".join(chr(ord("A") + number // 26**place % 26) for place in range(6))

    def _stream(
        self, document: PDFDocument, part: str, content: bytes, entries: dict[str, int] | None = None
    ) -> object:
        stream = PDFStream(PDFDictionary(entries or {}), content, [PDFZCompress])
        return document.Reference(stream, f"{part}:{self.name}")

    def _character_map(self) -> str:
        lines = [f"<{code}> <{in_utf16(text)}>" for (_glyph, text), code in self._codes.items() if text]
        parts = [f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar\n" for part in _parts(lines)]
        return MAP_START + "".join(parts) + MAP_END


def _parts(lines: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(lines), AT_ONCE):
        yield lines[start : start + AT_ONCE]


def in_utf16(text: str) -> str:
    """A text in the hex digits of UTF-16, the higher byte first."""
    return text.encode("utf-16-be").hex().upper()
