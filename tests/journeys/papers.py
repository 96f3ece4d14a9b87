"""Reads a printed record with the tools of another house (poppler), as anybody who receives it may."""

import re
import subprocess
from pathlib import Path


def text_of(paper: Path) -> str:
    """All words of a PDF without any space: a line may break anywhere, in Chinese within a word."""
    return without_spaces(_run("pdftotext", str(paper), "-"))


def without_spaces(text: str) -> str:
    return re.sub(r"\s+", "", text)


def fonts_of(paper: Path) -> dict[str, bool]:
    """Every font of a PDF and whether it is embedded. The columns of the table end where its dashes do."""
    _names, dashes, *rows = _run("pdffonts", str(paper)).splitlines()
    columns = [found.span() for found in re.finditer(r"-+", dashes)]
    (first, last), (emb_first, emb_last) = columns[0], columns[3]
    return {row[first:last].strip(): row[emb_first:emb_last].strip() == "yes" for row in rows}


def pages_of(paper: Path, folder: Path, name: str) -> list[Path]:
    """Every page as a picture."""
    _run("pdftoppm", "-r", "60", "-png", str(paper), str(folder / name))
    return sorted(folder.glob(f"{name}-*.png"))


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
