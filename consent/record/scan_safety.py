"""What may not be in a PDF that is kept as it came: anything that acts, other files, a lock, more than a scan needs.

>>> check_pdf(b"%PDF-1.7")
Traceback (most recent call last):
    ...
consent.record.scan_safety.ScanError: damaged
"""

import io
from collections.abc import Iterator
from enum import StrEnum

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from consent.record.exceptions import RecordError
from consent.record.handed_in import FAULTS, OTHER_PACKING

MOST_PAGES = 20
MOST_DOTS = 60_000_000  # of one page
MOST_PARTS = 50_000  # of a PDF
# What a PDF may do by itself, or when somebody touches it; and where other files or programs stand in it.
ACTIONS = frozenset(
    {
        "/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/ResetForm", "/Rendition", "/RichMediaExecute",
        "/Movie", "/Sound", "/GoToR", "/GoToE", "/GoTo3DView",
    }
)  # fmt: skip
KEYS = frozenset({"/JS", "/AA", "/XFA", "/EF", "/EmbeddedFiles", "/RichMediaContent", "/RichMediaSettings"})
KINDS = frozenset({"/EmbeddedFile", "/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"})


class ScanFault(StrEnum):
    """Why a file is not taken as a scan."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    NOT_A_SCAN = "not-a-scan"
    DAMAGED = "damaged"
    ENCRYPTED = "encrypted"
    ACTIVE = "active"
    TOO_MANY_PAGES = "too-many-pages"
    TOO_MANY_PIXELS = "too-many-pixels"


class ScanError(RecordError):
    """A file that is not taken as a scan; `fault` says why."""

    def __init__(self, fault: ScanFault) -> None:
        super().__init__(fault.value, field="file")
        self.fault = fault


def check_pdf(content: bytes) -> None:
    """Look at every part of a PDF before anything draws it.

    **Raises** ScanError, whatever the bytes are.
    """
    if OTHER_PACKING.search(content):
        raise ScanError(ScanFault.DAMAGED)
    try:
        with pikepdf.open(io.BytesIO(content), attempt_recovery=False, suppress_warnings=True) as paper:
            fault = _fault_of(paper)
    except pikepdf.PasswordError as cause:
        raise ScanError(ScanFault.ENCRYPTED) from cause
    except FAULTS as cause:
        raise ScanError(ScanFault.DAMAGED) from cause
    if fault is not None:
        raise ScanError(fault)


def _fault_of(paper: Pdf) -> ScanFault | None:
    if paper.is_encrypted:
        return ScanFault.ENCRYPTED
    if len(paper.objects) > MOST_PARTS:
        return ScanFault.TOO_LARGE
    parts = list(_parts(paper))
    if any(map(_acts, parts)):
        return ScanFault.ACTIVE
    if len(paper.pages) > MOST_PAGES:
        return ScanFault.TOO_MANY_PAGES
    return ScanFault.TOO_MANY_PIXELS if any(map(_has_too_many_dots, parts)) else None


def _parts(paper: Pdf) -> Iterator[Object]:
    """Every dictionary of the file, also those that stand inside others."""
    waiting: list[object] = [*paper.objects, paper.Root]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Dictionary | Stream):
            yield part
            waiting += [value for _key, value in part.items() if _is_inside(value)]
        elif isinstance(part, Array):
            waiting += [value for value in part if _is_inside(value)]


def _is_inside(value: object) -> bool:
    return isinstance(value, Dictionary | Array) and not value.is_indirect


def _acts(part: Object) -> bool:
    """Whether a part of a PDF runs something, opens something or carries another file."""
    opened = part.get("/OpenAction")  # where the file opens may be said; that it does something then, may not
    named = {str(part.get(key)) for key in ("/Type", "/Subtype") if isinstance(part.get(key), Name)}
    return (
        not KEYS.isdisjoint(part.keys())
        or (isinstance(part.get("/S"), Name) and str(part["/S"]) in ACTIONS)
        or isinstance(opened, Dictionary)
        or not KINDS.isdisjoint(named)
    )


def _has_too_many_dots(part: Object) -> bool:
    is_picture = isinstance(part, Stream) and part.get("/Subtype") == Name.Image
    return is_picture and int(part.get("/Width", 0)) * int(part.get("/Height", 0)) > MOST_DOTS
