"""Answers on paper, in the words of her record: what the paper says, both its times, and who looked at it."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consent.models import Consent, PaperCheck, PaperScan
from consent.queries.record_talks import Lines, spoken
from consent.record.times import known_zone, shown_time
from consent.vocabulary import PaperAnswer
from consent.wording_paper import PAPER_FAULT_WORDS

OWN_ANSWER_WORDS = {
    PaperAnswer.YES: gettext_lazy("You said yes on paper"),
    PaperAnswer.NO: gettext_lazy("You said no on paper"),
    PaperAnswer.TAKE_BACK: gettext_lazy("You took your yes back on paper"),
}


def paper_lines(consent: Consent, labels: Mapping[str, str]) -> Lines:
    """Label and value of each paper that came back, the oldest first.

    **Takes** the printed words of the layout, in the language that is being written.
    """
    rows = PaperScan.objects.filter(consent=consent).select_related("received_by").defer("content")
    found = rows.prefetch_related("checks__checked_by").order_by("received_at", "pk")
    return tuple((spoken(OWN_ANSWER_WORDS, row.answer), _about(row, consent, labels)) for row in found)


def _about(row: PaperScan, consent: Consent, labels: Mapping[str, str]) -> str:
    zone = known_zone(consent.site.time_zone)
    times = {
        "written": shown_time(row.happened_at, zone=zone, labels=labels, field="happened_at"),
        "entered": shown_time(row.received_at, zone=zone, labels=labels, field="received_at"),
        "name": row.received_by.display_name,
    }
    came = _("Written on %(written)s, as stated. Brought in on %(entered)s by %(name)s.") % times
    file = _("Check code of the file: %(digest)s") % {"digest": row.content_digest}
    checks = sorted(row.checks.all(), key=lambda one: (one.checked_at, one.pk))
    return " ".join((came, *_found(checks), file))


def _found(checks: list[PaperCheck]) -> Iterator[str]:
    for check in checks:
        said = {"name": check.checked_by.display_name, "fault": spoken(PAPER_FAULT_WORDS, check.fault)}
        if check.is_right:
            yield _("%(name)s looked at it: it is right.") % said
        else:
            yield _("%(name)s looked at it: it is not right. %(fault)s.") % said
