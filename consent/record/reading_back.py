"""Reads a paper back from its bytes: what each page says, where, and with which glyphs. Knows nothing of the layout.

Text is read as other programs read it: what an ActualText says, else what the font's map says of each glyph; what is
called reversed is turned round. Marks that only help to find an order (turned.py) are no text.
"""

import re
import sys
import unicodedata
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Dictionary, Name, Object, Page, Pdf, Stream
from PIL import Image

_MAPPED = re.compile(rb"<([0-9A-F]{4})> <([0-9A-F]+)>")
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f"))
_REVERSED = "/ReversedChars"
_UNSEEN = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069•"))


def squeezed(text: str) -> str:
    """A text without what a line break or a list may change: white space, isolates, the sign of an item."""
    return "".join(unicodedata.normalize("NFC", text).translate(_UNSEEN).split())


@dataclass(slots=True)
class Piece:
    """One line of text or one picture, its place on the page, and its number there; None for an artifact."""

    number: int | None
    left: float
    bottom: float
    right: float = 0.0
    size: float = 0.0
    text: str = ""
    image: Image.Image | None = None
    has_missing_glyph: bool = False

    @property
    def top(self) -> float:
        """The upper edge of a picture, or about that of its small letters."""
        return self.bottom + (self.size if self.image is not None else 0.55 * self.size)


@dataclass(slots=True)
class _Font:
    texts: Mapping[int, str]
    widths: tuple[float, ...]
    missing: frozenset[int]  # codes for which the font draws an empty box


@dataclass(slots=True)
class _State:
    """Where the reader of one page stands."""

    parts: list[tuple[str, int | None, str | None]] = field(default_factory=list)
    x: float = 0.0
    y: float = 0.0
    size: float = 0.0
    font: _Font | None = None
    matrix: tuple[float, ...] = (1, 0, 0, 1, 0, 0)
    piece: Piece | None = None


class PageReader:
    """Reads the pages of one open file; fonts are read once."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._fonts: dict[tuple[int, int], _Font] = {}

    def pieces(self, page: Page) -> list[Piece]:
        """The lines and pictures of a page, in the order in which they are drawn."""
        return list(self._read(page))

    def _read(self, page: Page) -> Iterator[Piece]:
        state = _State()
        for instruction in pikepdf.parse_content_stream(page, _READ):
            operands, name = list(instruction.operands), str(instruction.operator)
            if name == "Do":
                yield from self._picture(page.obj.Resources.XObject[str(operands[0])], state)
            elif name == "ET" and state.piece is not None:
                yield state.piece
            elif name in _STEPS:
                _STEPS[name](state, operands)
            elif name == "Tf":
                state.font, state.size = self._font(page.obj.Resources.Font[str(operands[0])]), float(operands[1])

    def _picture(self, drawn: Object, state: _State) -> Iterator[Piece]:
        """A picture; squares of a code that is kept once for all pages are none, and are read as a scanner does."""
        if not isinstance(drawn, Stream) or drawn.get("/Subtype") != Name.Image:
            return
        width, _b, _c, height, left, bottom = state.matrix
        image = pikepdf.PdfImage(drawn).as_pil_image().convert("RGB")
        yield Piece(number=_number(state), left=left, bottom=bottom, right=left + width, size=height, image=image)

    def _font(self, font: Object) -> _Font:
        found = self._fonts.get(font.objgen)
        if found is None:
            inner = font.DescendantFonts[0]
            widths = (0.0, *(float(width) for width in inner.W[1]))
            glyphs = inner.CIDToGIDMap.read_bytes()
            mapped = _MAPPED.findall(font.ToUnicode.read_bytes())
            found = self._fonts[font.objgen] = _Font(
                texts={int(code, 16): _text_of(text) for code, text in mapped},
                widths=widths,
                missing=frozenset(code for code in range(len(widths)) if not any(glyphs[2 * code : 2 * code + 2])),
            )
        return found


def _text_of(written: bytes) -> str:
    return bytes.fromhex(written.decode()).decode("utf-16-be").translate(_MARKS)


def _number(state: _State) -> int | None:
    return next((number for _tag, number, _said in reversed(state.parts) if number is not None), None)


def _begin(state: _State, operands: list[Object]) -> None:
    facts = operands[1] if len(operands) > 1 and isinstance(operands[1], Dictionary) else Dictionary()
    said = str(facts["/ActualText"]).translate(_MARKS) if "/ActualText" in facts else None
    number = int(facts["/MCID"]) if "/MCID" in facts else None
    state.parts.append((str(operands[0]), number, said))
    if said is not None and state.piece is not None:
        state.piece.text += said


def _end(state: _State, _operands: list[Object]) -> None:
    state.parts.pop()


def _start_text(state: _State, _operands: list[Object]) -> None:
    state.x = state.y = 0.0
    state.piece = None


def _move(state: _State, operands: list[Object]) -> None:
    state.x, state.y = state.x + float(operands[0]), state.y + float(operands[1])
    _place(state)


def _set_place(state: _State, operands: list[Object]) -> None:
    state.x, state.y = float(operands[4]), float(operands[5])
    _place(state)


def _place(state: _State) -> None:
    if state.piece is None:
        state.piece = Piece(number=_number(state), left=state.x, bottom=state.y, right=state.x)


def _show(state: _State, operands: list[Object]) -> None:
    shown = list(operands[0]) if isinstance(operands[0], pikepdf.Array) else [operands[0]]
    piece, font = state.piece, state.font
    if piece is None or font is None:
        raise ValueError("Text is shown before its font and place are known.")
    piece.size = state.size
    told, width = "", 0.0
    for one in shown:
        if not isinstance(one, pikepdf.String):
            width -= float(one)
            continue
        codes = _codes(bytes(one))
        width += sum([font.widths[code] for code in codes])
        piece.has_missing_glyph |= not font.missing.isdisjoint(codes)
        told += "".join([font.texts.get(code, "\ufffd") for code in codes])
    piece.text += _read(state, told)
    piece.left = min(piece.left, state.x)
    piece.right = max(piece.right, state.x + width * state.size / 1000)


def _read(state: _State, told: str) -> str:
    """What glyphs tell, where they stand; nothing where something is said instead of them."""
    if any(said is not None for _tag, _number, said in state.parts):
        return ""
    return told[::-1] if any(tag == _REVERSED for tag, _number, _said in state.parts) else told


def _codes(raw: bytes) -> Sequence[int]:
    """The codes of a text, two bytes each, the higher one first. **Raises** ValueError for half a code."""
    codes = array("H", raw)
    if sys.byteorder == "little":
        codes.byteswap()
    return codes


def _transform(state: _State, operands: list[Object]) -> None:
    state.matrix = tuple(float(value) for value in operands)


_STEPS = {
    "BMC": _begin, "BDC": _begin, "EMC": _end, "BT": _start_text, "Td": _move, "Tm": _set_place, "Tj": _show,
    "TJ": _show, "cm": _transform,
}  # fmt: skip
_READ = " ".join(("Do", "ET", "Tf", *_STEPS))  # what draws neither text nor a picture is not even looked at


def texts_in_order(pdf: Pdf, pages: list[list[Piece]]) -> tuple[str, str]:
    """What the structure of the file says, from its beginning to its end, by its letters and to those who hear it.

    Heard is what an element says of itself (ActualText), in place of the letters that stand in it.
    **Raises** KeyError, AttributeError.
    """
    places = {page.obj.objgen: place for place, page in enumerate(pdf.pages)}
    said: dict[tuple[int, int], str] = {}
    for place, pieces in enumerate(pages):
        for piece in pieces:
            if piece.number is not None:
                said[place, piece.number] = said.get((place, piece.number), "") + piece.text
    shown: list[str] = []
    heard: list[str] = []
    waiting: list[tuple[Object, bool]] = [(pdf.Root.StructTreeRoot.K, False)]
    while waiting:
        part, is_told = waiting.pop()
        if part.get("/Type") == Name.MCR:
            text = said.pop((places[part.Pg.objgen], int(part.MCID)))
            shown.append(text)
            heard += [] if is_told else [text]
            continue
        own = None if is_told else part.get("/ActualText")
        if own is not None:
            heard.append(str(own))
        waiting.extend([(below, is_told or own is not None) for below in reversed(list(part.K))])
    if said:
        raise KeyError("Text stands on a page that the structure does not name.")
    return "".join(shown), "".join(heard)
