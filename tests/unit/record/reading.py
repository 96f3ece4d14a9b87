"""Reads a PDF back as an outsider would: with the tools of poppler, which know nothing of how it was made."""

import shutil
import subprocess

import pytest

needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None,
    reason="poppler-utils is not installed: nothing to read the PDF back with",
)
DIRECTION_MARKS = dict.fromkeys([0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
BODY = ("-r", "72", "-x", "0", "-y", "96", "-W", "596", "-H", "680")  # a page without its edges


def run(tool: str, pdf: bytes, *options: str, after: tuple[str, ...] = ()) -> str:
    done = subprocess.run([tool, *options, "-", *after], input=pdf, capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def copied(pdf: bytes) -> list[str]:
    """The lines that plain pdftotext finds, without the direction marks that are no text: its own, and ours."""
    return run("pdftotext", pdf, after=("-",)).translate(DIRECTION_MARKS).splitlines()


def pages(pdf: bytes) -> list[str]:
    """The text of each page, as it stands on the page."""
    return run("pdftotext", pdf, "-layout", after=("-",)).split("\f")[:-1]


def body(pdf: bytes) -> str:
    """The text between the edges of all pages, without any white space."""
    return squeezed(run("pdftotext", pdf, *BODY, after=("-",)).translate(DIRECTION_MARKS))


def squeezed(text: str) -> str:
    """A text without white space and without the sign of a list item."""
    return "".join(text.replace("•", "").split())
