"""A paper that a stranger hands in: the one record inside it, or why there is none. Nothing in it is trusted.

Nothing is repaired, nothing is decoded beyond a limit, nothing is written down. What the record says is not read here:
its digest alone is asked for.

>>> record_inside(b"%PDF-1.7")
Traceback (most recent call last):
    ...
consent.record.handed_in.HandedInError: damaged
"""

import io
import re
import zlib
from collections.abc import Iterator
from enum import StrEnum

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, Object, Pdf

from consent.record.attachments import RECORD_NAME
from consent.record.exceptions import RecordError

PDF_BEGINS = b"%PDF-"
LARGEST_RECORD = 4_000_000  # bytes; pictures of signatures are most of a record
MOST_MEMORY = 50_000_000  # bytes that one part of a PDF may unfold to
NAMES = ("/UF", "/F")
# A way to pack that no paper of ours uses, and for which qpdf knows no limit; a name may be written with # and digits.
OTHER_PACKING = re.compile(rb"/(?:L|#4[cC])(?:Z|#5[aA])(?:W|#57)")
FAULTS = (
    pikepdf.PdfError, pikepdf.DataDecodingError, zlib.error, ValueError, TypeError, LookupError, AttributeError,
    OSError, RuntimeError,
)  # fmt: skip

pikepdf.settings.set_qpdf_limits(
    max_stream_filters=2,
    flate_max_memory=MOST_MEMORY,
    png_max_memory=MOST_MEMORY,
    run_length_max_memory=MOST_MEMORY,
    tiff_max_memory=MOST_MEMORY,
)  # of the whole process, once, as qpdf asks for


class Fault(StrEnum):
    """Why no record could be taken out of a file."""

    DAMAGED = "damaged"  # or cut off, or no PDF at all
    ENCRYPTED = "encrypted"
    NO_RECORD = "no-record"
    TWO_RECORDS = "two-records"
    TOO_LARGE = "too-large"


class HandedInError(RecordError):
    """A file that gives no single record."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value, field="file")
        self.fault = fault


def record_inside(pdf: bytes) -> bytes:
    """The bytes of the one record that a PDF holds.

    **Raises** HandedInError, whatever the bytes are.
    """
    if OTHER_PACKING.search(pdf):
        raise HandedInError(Fault.DAMAGED)
    try:
        with pikepdf.open(io.BytesIO(pdf), attempt_recovery=False, suppress_warnings=True) as paper:
            if paper.is_encrypted:
                raise HandedInError(Fault.ENCRYPTED)
            return _content(_only_stream(paper))
    except pikepdf.PasswordError as cause:
        raise HandedInError(Fault.ENCRYPTED) from cause
    except FAULTS as cause:
        raise HandedInError(Fault.DAMAGED) from cause


def _only_stream(paper: Pdf) -> Object:
    """The stream of the file that is named as a record; by every name, and in every list of files."""
    named = [spec for key, spec in _specs(paper) if RECORD_NAME in {key, *_names(spec)}]
    streams = {stream.objgen: stream for spec in named for _name, stream in spec.EF.items()}
    if not streams:
        raise HandedInError(Fault.NO_RECORD)
    if len(streams) > 1:
        raise HandedInError(Fault.TWO_RECORDS)
    return next(iter(streams.values()))


def _specs(paper: Pdf) -> Iterator[tuple[str, Object]]:
    """Every file inside, with its name in the list of files; one that is only bound to the document has none."""
    files = paper.Root.get(Name.Names, Dictionary()).get(Name.EmbeddedFiles)
    if files is not None:
        yield from ((str(key).casefold(), spec) for key, spec in NameTree(files).items())
    yield from (("", spec) for spec in paper.Root.get(Name.AF, Array()))


def _names(spec: Object) -> set[str]:
    return {str(spec[name]).casefold() for name in NAMES if name in spec}


def _content(stream: Object) -> bytes:
    """What a stream holds: as it is, or folded once in the common way."""
    raw, filters = stream.read_raw_bytes(), stream.get(Name.Filter)
    if filters is None:
        content, is_whole = raw, True
    elif filters in (Name.FlateDecode, Array([Name.FlateDecode])) and Name.DecodeParms not in stream:
        unfolding = zlib.decompressobj()
        content = unfolding.decompress(raw, LARGEST_RECORD + 1)
        is_whole = unfolding.eof
    else:
        raise HandedInError(Fault.DAMAGED)
    if len(content) > LARGEST_RECORD:
        raise HandedInError(Fault.TOO_LARGE)
    if not is_whole:
        raise HandedInError(Fault.DAMAGED)
    return bytes(content)
