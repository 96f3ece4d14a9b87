"""Publish: the head of a clinic's ledger leaves the house, as a sheet for the wall or as a letter.

What hangs on a wall or lies in somebody's mailbox cannot be called back. That it was published stands in the ledger, so
that a head of which nobody has a copy is noticed.
"""

import smtplib
import uuid
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from clinic import clock
from clinic.actions.acting import one_act
from clinic.exceptions import WrongStateError
from clinic.models import Site
from consent.ledger_store import append
from consent.ledger_store.system import SOFTWARE
from consent.models import LedgerEntry
from consent.queries.wall_sheets import Publication, publication_of
from consent.record.wall_sheet import render_wall_sheet
from consent.vocabulary import EntryKind

PAPER, MAIL = "paper", "mail"


@dataclass(frozen=True, slots=True)
class Published:
    """One way in which a head left the house; without an entry it did not, and the sentence says why."""

    way: str
    sentence: str
    entry: LedgerEntry | None


def publish_checkpoint(*, site_id: uuid.UUID, folder: Path | None, language: str) -> list[Published]:
    """Print the sheet into a folder, and write to everybody in LEDGER_MAIL_TO.

    **Takes** the folder for the sheet, None for no sheet; the language of the sheet and the letter.
    **Raises** WrongStateError when nothing is signed yet; LedgerError when the entry cannot be written; RecordError
    when the sheet cannot be printed.
    **Writes** entry checkpoint.published for each way that succeeded.
    """
    site = Site.objects.get(pk=site_id)
    found = publication_of(site, language=language)
    if found is None:
        raise WrongStateError(_("This clinic has no signed ledger yet, so there is nothing to publish."))
    published = []
    if folder is not None:
        published.append(_on_paper(site, found, folder))
    if settings.LEDGER_MAIL_TO:
        published.append(_by_mail(site, found))
    return published


def _on_paper(site: Site, found: Publication, folder: Path) -> Published:
    path = folder / f"ledger-{site.pk.hex}-{found.size}.pdf"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(render_wall_sheet(found.sheet))
    except OSError as error:
        return Published(PAPER, f"the sheet {path} cannot be written ({error.strerror})", None)
    return Published(PAPER, f"the sheet for the wall is {path}", _record(site=site, found=found, way=PAPER))


def _by_mail(site: Site, found: Publication) -> Published:
    addresses = ", ".join(settings.LEDGER_MAIL_TO)
    letter = EmailMessage(
        subject=f"{site.name}: {found.size}, {found.root_hash[:16]}",
        body=found.letter(),
        to=settings.LEDGER_MAIL_TO,
    )
    letter.attach("checkpoint.txt", found.note, "text/plain")
    try:
        letter.send()
    except (OSError, smtplib.SMTPException) as error:
        return Published(MAIL, f"the letter to {addresses} was not sent ({error})", None)
    return Published(MAIL, f"a letter went to {addresses}", _record(site=site, found=found, way=MAIL))


@one_act
def _record(*, site: Site, found: Publication, way: str) -> LedgerEntry:
    return append(
        site=site,
        kind=EntryKind.CHECKPOINT_PUBLISHED,
        subject=None,
        actor=SOFTWARE,
        rows=[],
        occurred_at=clock.now(),
        detail={"size": found.size, "root": found.root_hash, "way": way},
    )
