"""In which language a record is printed: the languages we have its words in, and their names on paper."""

import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext as _

from clinic.languages import LANGUAGE_NAMES, RECORD_LANGUAGES

FALLBACK = "en"
# First words of the Unicode names of the scripts that our fonts can print. A test prints every name that is left.
PRINTED = frozenset({"LATIN", "GREEK", "CYRILLIC", "CJK", "ARABIC", "DEVANAGARI", "LEFT", "RIGHT", "FULLWIDTH"})


def record_languages() -> dict[str, str]:
    """The languages a record can be printed in, each under its own name; keys are BCP 47."""
    return {code: LANGUAGE_NAMES[code] for code in RECORD_LANGUAGES}


def printed_language(code: str) -> str:
    """The language of the printed words for somebody who reads `code`; English where we do not have them.

    >>> printed_language("zh-hans")
    'zh-Hans'
    """
    known = {one.casefold(): one for one in record_languages()}
    wanted = code.casefold()
    return known.get(wanted) or known.get(wanted.partition("-")[0], FALLBACK)


def language_for(patient_languages: Iterable[str], *, page: str) -> str:
    """The language of a paper for which none was chosen: the first of the patient's that we have, else the page's."""
    known = record_languages()
    return next((code for code in patient_languages if code in known), printed_language(page))


def language_on_paper(code: str) -> str:
    """A language under its own name; under its code where our fonts cannot print the name."""
    name = LANGUAGE_NAMES.get(code, code)
    scripts = {unicodedata.name(sign, "").partition(" ")[0] for sign in name if not sign.isspace()}
    return name if scripts <= PRINTED else code


def language_note(printed: str, *, shown: str) -> str:
    """A sentence for a paper whose own words are not in the language of the sheet; empty where they are.

    **Takes** the language of the printed words, and that of the words the patient was shown.
    """
    if printed.casefold() == shown.casefold():
        return ""
    said = {"shown": language_on_paper(shown), "printed": language_on_paper(printed)}
    words = _("You were shown the information in %(shown)s. The other words of this paper are in %(printed)s.") % said
    if printed_language(shown).partition("-")[0] == shown.partition("-")[0]:
        return words
    return words + " " + _("We do not have them in %(shown)s.") % said
