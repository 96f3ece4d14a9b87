"""Why a record cannot be printed. Each names the field: nobody gets a paper with a hole or a box in it."""

import unicodedata

from clinic.exceptions import ClinicError

PICTURES = frozenset({"So", "Sk"})


class RecordError(ClinicError):
    """The record cannot be printed as it is; `field` names the part of it."""


class MissingGlyphError(RecordError):
    """A character that none of our fonts can draw."""

    def __init__(self, character: str, *, field: str, reason: str = "") -> None:
        name = unicodedata.name(character, "no name")
        kind = "picture" if unicodedata.category(character) in PICTURES else "character"
        message = f"{field}: {reason}no font of the printed record has the {kind} U+{ord(character):04X} ({name})."
        super().__init__(message, field=field)
        self.character = character


class UnsupportedScriptError(MissingGlyphError):
    """A letter of a writing for which we have no font at all."""

    def __init__(self, character: str, script: str, *, field: str) -> None:
        super().__init__(character, field=field, reason=f"it cannot be printed in {script} writing: ")
        self.script = script


class InvalidTextError(RecordError):
    """Text with invisible characters, a line break where one line is meant, or too many characters."""


class InvalidTimeError(RecordError):
    """A time without a zone, or a zone that is not in the IANA list."""


class InvalidImageError(RecordError):
    """A signature picture that is not a sound PNG of reasonable size."""


class DocumentError(RecordError):
    """The stored document of a record is not one, or not as it was written; `field` names the place in it."""


class MissingLabelError(RecordError):
    """A printed word of the layout was not handed over in the record's language."""


class FontsMissingError(RecordError):
    """The font files are not there: build the front end first."""


class LibraryMissingError(RecordError):
    """A library of the operating system that sets writing from right to left is not installed."""


class BundleError(RecordError):
    """The archive of her records is not as it was written; `field` names the member."""
