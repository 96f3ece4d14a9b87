"""The information sheets as data: a folder a sheet, a TOML file a language. Read here, judged by `consent.rules`."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent


class UnreadableSheetError(ValueError):
    """A sheet file is not TOML; the message names the file and the place in it."""


def read_sheets(folder: Path | None = None) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every sheet of a catalogue folder, in a fixed order, as (`key/language.toml`, parsed content)."""
    root = folder or FOLDER
    for path in sorted(root.glob("*/*.toml")):
        name = f"{path.parent.name}/{path.name}"
        try:
            yield name, tomllib.loads(path.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise UnreadableSheetError(f"{name}: {error}") from error
