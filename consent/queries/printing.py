"""Why typed words could not be printed: asked where they are typed, so that nobody signs what no paper can show."""

from functools import lru_cache

from django.utils.translation import gettext as _

from consent.models import Consent
from consent.record.check import check_text
from consent.record.exceptions import FontsMissingError, InvalidTextError, LibraryMissingError, MissingGlyphError
from consent.rules.sheet_text import words_of


def why_not_printable(text: str) -> str | None:
    """A sentence that says which sign cannot be printed; None where every sign can.

    Where our fonts themselves are missing nothing is refused here: the printer will say so, and no act waits for it.
    """
    try:
        check_text(text, field="text", several_lines=True)
    except (FontsMissingError, LibraryMissingError):
        return None
    except MissingGlyphError as refusal:
        said = {"sign": refusal.character, "code": f"U+{ord(refusal.character):04X}"}
        return _("“%(sign)s” (%(code)s) cannot be printed on the patient's paper. Write it in another way.") % said
    except InvalidTextError:
        return _("There are signs in this that nobody could see or read on paper. Type it again without them.")
    return None


def why_no_paper(consent: Consent) -> str | None:
    """Why the paper of a consent could not be printed, asked before it is signed; None where it can.

    What was typed into our pages was looked at then. Here stands what can come in another way: the names, which another
    program may have brought, and the sheet.
    """
    shown = consent.patient.name, consent.patient.latin_name, consent.site.name
    return next(filter(None, map(why_not_printable, shown)), None) or _why_no_sheet(consent)


def _why_no_sheet(consent: Consent) -> str | None:
    version = consent.sheet_version
    words = (version.title, *words_of(version.content))
    return why_not_printable("\n".join(words)) if _holds_such_a_sign(version.digest, words) else None


@lru_cache(maxsize=256)  # published words never change
def _holds_such_a_sign(_digest: str, words: tuple[str, ...]) -> bool:
    return why_not_printable("\n".join(words)) is not None
