"""Why a record cannot be printed. Each names the field: nobody gets a paper with a hole or a box in it."""

import unicodedata

from clinic.exceptions import ClinicError


class RecordError(ClinicError):
    """The record cannot be printed as it is; `field` names the part of it."""


class MissingGlyphError(RecordError):
    """A character that none of our fonts can draw."""

    def __init__(self, character: str, *, field: str) -> None:
        name = unicodedata.name(character, "no name")
        message = f"{field}: no font of the printed record has U+{ord(character):04X} ({name})."
        super().__init__(message, field=field)
        self.character = character


class UnsupportedScriptError(RecordError):
    """Writing that has to be shaped or set from right to left, which this printer does not do yet."""

    def __init__(self, script: str, *, field: str) -> None:
        super().__init__(f"{field}: the printed record cannot set {script} writing yet.", field=field)
        self.script = script


class InvalidTextError(RecordError):
    """Text with invisible characters, a line break where one line is meant, or too many characters."""


class InvalidTimeError(RecordError):
    """A time without a zone, or a zone that is not in the IANA list."""


class InvalidImageError(RecordError):
    """A signature picture that is not a sound PNG of reasonable size."""


class MissingLabelError(RecordError):
    """A printed word of the layout was not handed over in the record's language."""


class FontsMissingError(RecordError):
    """The font files are not there: build the front end first."""
