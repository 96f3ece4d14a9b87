"""The auditor's page: what a state auditor would look for at the own clinic, as entries of the ledger. No names."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from clinic.accounts.doors import staff_only
from clinic.vocabulary import Permission
from consent.queries.self_audit import Answer, self_audit
from consent.views.showing import who
from consent.vocabulary import QUIET_KINDS, EntryKind
from consent.wording import ENTRY_WORDS

SHOWN = 50  # entries of one question; the command gives all


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One question on the page."""

    question: str
    limit: str
    rules: tuple[str, ...]
    count: int
    more: int  # entries that are counted and not shown
    places: tuple[tuple[str, str | Promise], ...]  # index, what kind of entry


@staff_only(Permission.CHECK_LEDGER)
@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """Every question of the self-audit about the own clinic, those first to which the answer was not a plain yes."""
    found = next(iter(self_audit([who(request).site])), None)
    lines = [_line(answer) for answer in found.answers] if found else []
    context = {
        "audit": found,
        "lines": [line for line in lines if line.count],
        "plain": [line for line in lines if not line.count],
    }
    return render(request, "consent/audit.html", context)


def _line(answer: Answer) -> Line:
    check, findings = answer.check, answer.findings
    return Line(
        question=_(check.question),
        limit=_(check.limit) if check.limit else "",
        rules=check.rules,
        count=len(findings),
        more=max(0, len(findings) - SHOWN),
        places=tuple((_("waiting") if one.index is None else one.where, _kind(one.kind)) for one in findings[:SHOWN]),
    )


def _kind(kind: str) -> str | Promise:
    """What kind of entry it is; of some the clinic may not know that they exist."""
    return _("An entry about a patient") if kind in QUIET_KINDS else ENTRY_WORDS[EntryKind(kind)]
