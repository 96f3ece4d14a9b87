"""Information sheets: what the patient is told. A published version is frozen and carries the digest of its words."""

from django.db import models

from clinic.models import ProcedureType, Site
from clinic.models.bases import HouseModel
from consent.models.guarding import Guard


class InformationSheet(HouseModel):
    """The sheet for one procedure type, whatever its versions and languages."""

    guard = Guard.APPEND_ONLY

    key = models.CharField(max_length=100, unique=True)
    procedure_type = models.ForeignKey(ProcedureType, on_delete=models.PROTECT, related_name="sheets")

    def __str__(self) -> str:
        return self.key


class InformationSheetVersion(HouseModel):
    """One text in one language, as published at one site. Never changes."""

    guard = Guard.APPEND_ONLY

    sheet = models.ForeignKey(InformationSheet, on_delete=models.PROTECT, related_name="versions")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="sheet_versions")
    language = models.CharField(max_length=20)  # BCP 47
    major = models.PositiveIntegerField()  # a higher major is a material change
    minor = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    content = models.JSONField()  # the parsed sheet, exactly what `digest` is computed over
    digest = models.CharField(max_length=64)
    reading_minutes = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["site", "sheet", "language", "major", "minor"], name="sheet_version_published_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.sheet.key} {self.version} {self.language}"

    @property
    def version(self) -> str:
        """The version as people write it: 1.0."""
        return f"{self.major}.{self.minor}"
