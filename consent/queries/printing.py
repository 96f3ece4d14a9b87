"""Why typed words could not be printed: asked where they are typed, so that nobody signs what no paper can show."""

import datetime
from itertools import takewhile

from django.utils.translation import gettext as _

from consent.models import Consent
from consent.queries.record import consent_record
from consent.queries.record_language import printed_language
from consent.record.check import check_text, texts_of
from consent.record.exceptions import FontsMissingError, InvalidTextError, LibraryMissingError, MissingGlyphError
from consent.record.own_words import printable
from consent.record_facts import ActOnRecord
from consent.vocabulary import EntryKind

LONGEST_QUOTED = 80
NEVER_REFUSED = "ended_words"  # the patient's own: printed whatever they are
ABOUT_TO_SIGN = ActOnRecord(entry_id="", kind=EntryKind.CONSENT_GIVEN, number=None, previous_leaf="")


def why_not_printable(text: str, *, several_lines: bool) -> str | None:
    """A sentence that says which sign cannot be printed; None where every sign can.

    **Takes** whether line breaks and tabs are meant in the place where it is printed.

    Where our fonts themselves are missing nothing is refused here: the printer will say so, and no act waits for it.
    """
    try:
        check_text(text, field="text", several_lines=several_lines)
    except (FontsMissingError, LibraryMissingError):
        return None
    except MissingGlyphError as refusal:
        said = {"sign": refusal.character, "code": f"U+{ord(refusal.character):04X}"}
        return _("“%(sign)s” (%(code)s) cannot be printed on the patient's paper. Write it in another way.") % said
    except InvalidTextError:
        return _("There are signs in this that nobody could see or read on paper. Type it again without them.")
    return None


def why_no_paper(consent: Consent, *, at: datetime.datetime) -> str | None:
    """Why the paper of a consent could not be printed, asked before it is signed; None where it can.

    What was typed into our pages was looked at then. Here every text is looked at that would stand on the paper,
    however it came into the tables. The sentence quotes what is at fault; signs that cannot be shown by their number.
    """
    language = printed_language(consent.sheet_version.language)
    record = consent_record(consent.pk, language=language, act=ABOUT_TO_SIGN, ledger_origin="", made_at=at)
    for name, text, several_lines in texts_of(record):
        sentence = None if name == NEVER_REFUSED else why_not_printable(text, several_lines=several_lines)
        if sentence is not None:
            return f"“{_quoted(text)}”: {sentence}"
    return None


def _quoted(text: str) -> str:
    """The part of a text in which its first fault stands."""
    shown = printable(text)
    fault = sum(1 for _same in takewhile(lambda pair: pair[0] == pair[1], zip(text, shown, strict=False)))
    return shown[max(fault - LONGEST_QUOTED // 2, 0) :][:LONGEST_QUOTED]
