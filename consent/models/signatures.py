"""Signatures: who signed what words, how, when, and what the signature meant. The weakest evidence, kept exactly."""

from django.db import models

from clinic.models import Account
from clinic.models.bases import HouseModel, choices, known_codes
from consent.models.consents import Consent
from consent.models.guarding import Guard
from consent.models.papers import PaperScan
from consent.vocabulary import SignatureMeaning, SignatureMethod, Via


class Signature(HouseModel):
    """One signature under one sheet version. Drawn: strokes with timing and an image. Mark: an independent witness."""

    guard = Guard.APPEND_ONLY

    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, related_name="signatures")
    meaning = models.CharField(max_length=30, choices=choices(SignatureMeaning))
    method = models.CharField(max_length=10, choices=choices(SignatureMethod))
    signed_by = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    signed_via = models.CharField(max_length=20, choices=choices(Via))
    signed_at = models.DateTimeField()
    sheet_digest = models.CharField(max_length=64)
    typed_name = models.CharField(max_length=200, blank=True)
    strokes = models.JSONField(null=True)  # {"width", "height", "strokes": [[{"x","y","t"}]]}, integers
    image = models.BinaryField(null=True)  # PNG
    image_hash = models.CharField(max_length=16, blank=True)  # how the picture looks, 64 bits as hex; drawn only
    is_reused = models.BooleanField(null=True)  # looks like another person's; None where nothing was drawn
    language = models.CharField(max_length=20, blank=True)  # of the interpreter's statement
    organisation = models.CharField(max_length=200, blank=True)  # of the interpreter
    witness_name = models.CharField(max_length=200, blank=True)
    witness_relation = models.CharField(max_length=200, blank=True)
    witness_is_independent = models.BooleanField(null=True)
    paper = models.OneToOneField(PaperScan, on_delete=models.PROTECT, null=True, related_name="signature")

    class Meta:
        constraints = (
            known_codes("meaning", SignatureMeaning, name="signature_meaning_known"),
            known_codes("method", SignatureMethod, name="signature_method_known"),
            known_codes("signed_via", Via, name="signature_via_known"),
            models.CheckConstraint(
                condition=(
                    models.Q(method=SignatureMethod.DRAWN, strokes__isnull=False, image__isnull=False)
                    | (models.Q(method=SignatureMethod.TYPED) & ~models.Q(typed_name=""))
                    | (models.Q(method=SignatureMethod.MARK) & ~models.Q(witness_name=""))
                    | models.Q(method=SignatureMethod.PAPER, paper__isnull=False)
                ),
                name="signature_has_what_its_method_needs",
            ),
            models.CheckConstraint(
                condition=models.Q(method=SignatureMethod.PAPER) | models.Q(paper__isnull=True),
                name="signature_only_on_paper_has_paper",
            ),
        )

    def __str__(self) -> str:
        return str(self.pk)
