"""From reportlab's pages to the finished file: language, title, metadata, colours, and the files bound to it.

The same pages and files give the same bytes. The file is built to PDF/A-3 (level B) and says so in its metadata only;
nothing printed on it claims that somebody has judged it. It holds no script and no action of any kind.

>>> finish(pages, language="en", attachments=[record_json(document)])[:8]  # doctest: +SKIP
b'%PDF-1.7'
"""

import datetime
import io
import re
from collections.abc import Sequence
from functools import lru_cache

from pikepdf import Array, Dictionary, Name, ObjectStreamMode, Pdf, Stream, String
from PIL import ImageCms

from consent.record.attachments import Attachment, attach
from consent.record.exceptions import RecordError

VERSION = "1.7"
CREATOR = "Freely Given"
PDFA_PART, PDFA_LEVEL = "3", "B"
_DATE = re.compile(r"D:(\d{14})Z")


def finish(pdf: bytes, *, language: str, attachments: Sequence[Attachment] = ()) -> bytes:
    """Make the finished, still unsealed file.

    **Takes** what `render_record` gave, and the language of its words as a BCP 47 tag.
    **Raises** RecordError when the pages carry no title or no date.
    """
    with Pdf.open(io.BytesIO(pdf)) as paper:
        made_at = _made_at(paper)
        root = paper.Root
        root.Lang = String(language)
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        _describe(paper, language=language, made_at=made_at)
        _drop_transitions(paper)
        root.OutputIntents = Array([paper.make_indirect(_output_intent(paper))])
        attach(paper, attachments, made_at=made_at)
        out = io.BytesIO()
        paper.save(
            out,
            deterministic_id=True,
            force_version=VERSION,
            object_stream_mode=ObjectStreamMode.generate,
            fix_metadata_version=False,
        )
    return out.getvalue()


def _made_at(paper: Pdf) -> datetime.datetime:
    found = _DATE.fullmatch(str(paper.docinfo.get("/CreationDate", "")))
    if found is None:
        raise RecordError("The pages do not say when they were made.", field="issued_at")
    return datetime.datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=datetime.UTC)


def _describe(paper: Pdf, *, language: str, made_at: datetime.datetime) -> None:
    """The metadata that a reader shows, and beside it the older kind that says the same (ISO 19005-3, 6.6.2)."""
    title, author = str(paper.docinfo.get("/Title", "")), str(paper.docinfo.get("/Author", ""))
    if not title:
        raise RecordError("The pages have no title.", field="labels.title")
    producer = str(paper.docinfo.get("/Producer", ""))
    for key in ("/Keywords", "/Trapped", "/Subject"):
        if key in paper.docinfo:
            del paper.docinfo[key]
    with paper.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as about:
        about["dc:title"] = title
        about["dc:creator"] = [author]
        about["dc:language"] = {language}
        about["dc:format"] = "application/pdf"
        about["xmp:CreatorTool"] = CREATOR
        about["xmp:CreateDate"] = about["xmp:ModifyDate"] = f"{made_at:%Y-%m-%dT%H:%M:%S}Z"
        about["pdf:Producer"] = producer
        about["pdfaid:part"] = PDFA_PART
        about["pdfaid:conformance"] = PDFA_LEVEL


def _drop_transitions(paper: Pdf) -> None:
    """Take away the empty description of a slide show that reportlab puts on every page."""
    for page in paper.pages:
        if "/Trans" in page.obj:
            del page.obj["/Trans"]


def _output_intent(paper: Pdf) -> Dictionary:
    profile = Stream(paper, _srgb(), N=3, Alternate=Name.DeviceRGB)
    return Dictionary(
        Type=Name.OutputIntent,
        S=Name("/GTS_PDFA1"),
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB IEC61966-2.1"),
        DestOutputProfile=paper.make_indirect(profile),
    )


@lru_cache(maxsize=1)
def _srgb() -> bytes:
    """The profile of the colours, with the date of its making set to one that does not change."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes.fromhex("07ea00010001000000000000")
    profile[84:100] = bytes(16)  # its own digest of itself: not known is allowed (ICC.1, 7.2.18)
    return bytes(profile)
