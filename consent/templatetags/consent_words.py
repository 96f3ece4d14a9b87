"""Filters that turn codes of the tables into words on the pages of this floor; the ground floor's are in `house`."""

from typing import Any

from django import template
from django.utils.functional import Promise

from clinic.wording import SAFE_CONTACT_WORDS, words_for
from consent.record.bidi import is_rtl_language
from consent.wording_voice import CORRECTION_OUTCOME_WORDS

register = template.Library()


@register.filter
def name_in(procedure_type: Any, language: str) -> str:
    """The plain name of a kind of procedure in the reader's language."""
    return str(procedure_type.name_in(language))


@register.filter
def direction(language: str) -> str:
    """Which way a language is written, for the attribute `dir`."""
    return "rtl" if is_rtl_language(language) else "ltr"


@register.filter
def contact_words(code: str) -> str | Promise:
    """How someone may be reached without danger."""
    return words_for(SAFE_CONTACT_WORDS, code)


@register.filter
def correction_words(code: str) -> str | Promise:
    """How the clinic answered a wish for a correction."""
    return words_for(CORRECTION_OUTCOME_WORDS, code)
