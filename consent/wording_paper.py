"""Words for answers on paper: what a paper says, why it is not right, and why a file was not taken."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consent.record.scan_safety import ScanFault
from consent.rules.papers import PaperStanding
from consent.vocabulary import PaperAnswer, PaperFault

PAPER_ANSWER_WORDS = {
    PaperAnswer.YES: _("The patient says yes"),
    PaperAnswer.NO: _("The patient says no"),
    PaperAnswer.TAKE_BACK: _("The patient takes the yes back"),
}

PAPER_FAULT_WORDS = {
    PaperFault.ANOTHER_PATIENT: _("It is another patient’s paper"),
    PaperFault.UNREADABLE: _("It cannot be read"),
    PaperFault.NOT_SIGNED: _("It is not signed, and there is no mark with a witness"),
    PaperFault.OTHER_ANSWER: _("The answer on it is another one"),
    PaperFault.OTHER_WORDS: _("It has the words of another sheet, or pages are missing"),
    PaperFault.OTHER: pgettext_lazy("paper", "Something else is not right"),
}

PAPER_STANDING_WORDS = {
    PaperStanding.WAITING: _("Two people have to look at it"),
    PaperStanding.RIGHT: _("Two people have found it right"),
    PaperStanding.REJECTED: _("Somebody has found that it is not right"),
}

NO_NEEDS_NO_PAPER = _("A no needs no paper: if the patient says no or takes the yes back, write it down now.")

SCAN_FAULT_WORDS = {
    ScanFault.EMPTY: _("The file is empty."),
    ScanFault.TOO_LARGE: _("The file is too large. Ten megabytes are enough for twenty pages in grey."),
    ScanFault.NOT_A_SCAN: _("This is no scan. Bring a PDF, or a picture as PNG, JPEG or TIFF."),
    ScanFault.DAMAGED: _("The file cannot be read. Scan the paper again, or take a picture of it."),
    ScanFault.ENCRYPTED: _("The file is locked. Save it without a password."),
    ScanFault.ACTIVE: _("There is more in this file than pages: it could run something, or it carries other files."),
    ScanFault.TOO_MANY_PAGES: _("There are more than twenty pages in this file."),
    ScanFault.TOO_MANY_PIXELS: _("A page is too fine to be opened safely. Scan it again with 300 dots to the inch."),
}
