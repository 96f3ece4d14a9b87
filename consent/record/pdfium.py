"""pdfium, which draws pages of files that others made: by one thread at a time, and one page after the other.

It shares memory between documents, so whoever opens a file with it holds `ONE_AT_A_TIME` until the file is closed.
"""

import threading

import pypdfium2
from PIL import Image

ONE_AT_A_TIME = threading.Lock()


def drawn(page: pypdfium2.PdfPage, *, scale: float, below: float = 0.0) -> Image.Image:
    """A page in grey, `scale` pixels to the point, without its lower part. The caller holds the lock."""
    picture: Image.Image = page.render(scale=scale, grayscale=True, crop=(0, below, 0, 0)).to_pil()
    return picture


def drawn_in_colour(page: pypdfium2.PdfPage, *, scale: float) -> Image.Image:
    """A page in its colours. The caller holds the lock."""
    picture: Image.Image = page.render(scale=scale).to_pil()
    return picture
