"""pdfium, which draws pages of files that others made: by one thread at a time, and one page after the other.

It shares memory between documents, so whoever opens a file with it holds `ONE_AT_A_TIME` until the file is closed.
"""

import threading

import pypdfium2
from PIL import Image

ONE_AT_A_TIME = threading.Lock()


def drawn(paper: pypdfium2.PdfDocument, place: int, *, scale: float) -> Image.Image:
    """One page in grey, `scale` pixels to the point. The caller holds the lock."""
    picture: Image.Image = paper[place].render(scale=scale, grayscale=True).to_pil()
    return picture
