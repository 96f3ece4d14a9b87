"""The two releases of FHIR that are written."""

from enum import StrEnum


class Release(StrEnum):
    """R4 is what most systems read; R5 says a no and a withdrawal more plainly."""

    R4 = "R4"
    R5 = "R5"
