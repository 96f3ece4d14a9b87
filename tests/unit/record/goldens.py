"""Pictures of pages as they were when somebody who reads the writing last looked at them.

After a change that is meant, draw them anew with `python -m tests.unit.record.goldens`, and look at each one.
"""

import io
from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageStat

from consent.record.pdf import render_record
from consent.record_facts import ConsentRecord
from tests.unit.record.languages import RECORDS
from tests.unit.record.samples import DIGEST, ISSUED

FOLDER = Path(__file__).parent / "golden"
SCALE = 1.0  # 72 dots an inch
GREYS = 32
BLOCK = 6  # dots
MOST_DIFFERENCE, MOST_IN_A_BLOCK = 0.5, 7.0  # mean grey levels of 255: over the page, in its worst block
PAGES = [*((language, 1) for language in RECORDS), ("ar", 2), ("ar", 3), ("hi", 2), ("zh-Hans", 2)]


def printed(record: ConsentRecord) -> bytes:
    """The finished pages of a record, with everything on them."""
    code = f"https://clinic.example.org/check/{DIGEST}/"
    return render_record(record, issued=ISSUED, digest=DIGEST, check_code=code)


def picture(pdf: bytes, page: int) -> Image.Image:
    """One page in grey, drawn by a renderer that knows nothing of how it was made."""
    with pypdfium2.PdfDocument(pdf) as document:
        return document[page - 1].render(scale=SCALE, grayscale=True).to_pil().convert("L")


def golden(language: str, page: int) -> Path:
    """Where the picture of a page is kept."""
    return FOLDER / f"{language}-{page}.png"


def differences(shown: Image.Image, kept: Image.Image) -> tuple[float, float]:
    """How far two pictures are apart: mean grey levels over the page, and in the block where it is most."""
    apart = ImageChops.difference(shown, kept)
    blocks = apart.resize((-(-apart.width // BLOCK), -(-apart.height // BLOCK)), Image.Resampling.BOX)
    return ImageStat.Stat(apart).mean[0], float(max(blocks.tobytes()))


def _draw_anew() -> None:
    for language, page in PAGES:
        out = io.BytesIO()
        picture(printed(RECORDS[language]()), page).quantize(GREYS).save(out, "PNG", optimize=True)
        golden(language, page).write_bytes(out.getvalue())


if __name__ == "__main__":
    _draw_anew()
