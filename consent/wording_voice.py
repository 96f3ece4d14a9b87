"""Words for what patients say about the clinic and about their record, and for how each was answered."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consent.vocabulary import BundlePart, ComplaintCategory, CorrectionOutcome, ExtractPart

# In the patient's own mouth: she taps one of these. Staff other than the advocate never see them.
COMPLAINT_CATEGORY_WORDS = {
    ComplaintCategory.CARE_REFUSED: _("I was refused care"),
    ComplaintCategory.PAPERS_WITHHELD: _("Papers or certificates were kept from me"),
    ComplaintCategory.MONEY_ASKED: _("I was asked for money"),
    ComplaintCategory.SENT_HOME: _("I was sent away, or sent home"),
    ComplaintCategory.PUSHED_TO_DECIDE: _("I was pushed to decide"),
    ComplaintCategory.OTHER: pgettext_lazy("complaint", "Something else"),
}

CORRECTION_OUTCOME_WORDS = {
    CorrectionOutcome.CORRECTED: _("Corrected"),
    CorrectionOutcome.NOT_CORRECTED: _("Not corrected"),
}

BUNDLE_PART_WORDS = {
    BundlePart.OTHER_SYSTEMS: _("Files for another clinic’s computer (FHIR)"),
    BundlePart.APPOINTMENTS: _("My appointments"),
    BundlePart.LOOKS: _("Who looked at my record"),
    BundlePart.VOICE: _("My complaints and corrections, with the answers"),
    BundlePart.OTHER_PROOFS: _("Proofs of what else I asked for, such as taking out a device"),
}

EXTRACT_PART_WORDS = {
    ExtractPart.NEEDS: _("What helps me to read, hear and understand"),
    ExtractPart.APPOINTMENTS: _("My appointments: when and at which clinic, not what for"),
}
