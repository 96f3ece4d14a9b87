"""An information sheet as a page shows it: one published version, cut into headings, paragraphs and lists.

>>> [block.lines for block in blocks("Two things:\\n- rest\\n- water\\n\\nThat is all.")]
[('Two things:',), ('rest', 'water'), ('That is all.',)]
"""

from dataclasses import dataclass

from consent.models import InformationSheetVersion

LIST_MARK = "- "
ALTERNATIVES_AT = "DE-05"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (`text`) or a list (`list`)."""

    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another choice with its good and bad sides."""

    key: str
    name: str
    good: str
    bad: str


@dataclass(frozen=True, slots=True)
class Element:
    """One heading of the sheet; the other choices stand under the heading that introduces them."""

    heading: str
    blocks: tuple[Block, ...]
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownSheet:
    """Everything of one version that a reader sees, and the digest that names exactly these words."""

    title: str
    version: str
    language: str
    digest: str
    reading_minutes: int
    elements: tuple[Element, ...]
    sources: tuple[str, ...]


def blocks(text: str) -> tuple[Block, ...]:
    """Plain text as blocks: an empty line parts paragraphs, a line that begins with "- " is a list item."""
    found: list[Block] = []
    for paragraph in text.strip().split("\n\n"):
        for line in filter(None, (line.strip() for line in paragraph.split("\n"))):
            is_item = line.startswith(LIST_MARK)
            kind, words = ("list", line.removeprefix(LIST_MARK)) if is_item else ("text", line)
            if is_item and found and found[-1].kind == kind:
                found[-1] = Block(kind, (*found[-1].lines, words))
            else:
                found.append(Block(kind, (words,)))
    return tuple(found)


def shown_sheet(version: InformationSheetVersion) -> ShownSheet:
    """One published version as its readers see it."""
    content = version.content
    alternatives = tuple(
        Alternative(key=row["key"], name=row["name"], good=row["good"].strip(), bad=row["bad"].strip())
        for row in content.get("alternative", ())
    )
    return ShownSheet(
        title=version.title,
        version=version.version,
        language=version.language,
        digest=version.digest,
        reading_minutes=version.reading_minutes,
        elements=tuple(
            Element(
                heading=element["heading"],
                blocks=blocks(element["text"]),
                alternatives=alternatives if element["id"] == ALTERNATIVES_AT else (),
            )
            for element in content["element"]
        ),
        sources=tuple(content["sheet"]["sources"]),
    )
