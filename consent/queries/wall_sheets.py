"""What the clinic makes public of its ledger each day: the newest head, as a sheet for the wall and as a letter."""

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from clinic.models import Site
from consent.ledger.notes import parse_note, signed_note
from consent.models import LedgerCheckpoint
from consent.queries.anchoring import anchoring_of, key_level_sentence, newest_log
from consent.record.wall_sheet import WALL_LABELS, WallSheet


@dataclass(frozen=True, kw_only=True, slots=True)
class Publication:
    """The newest head of a clinic's ledger: whole for a letter, with the short signature for the wall."""

    size: int
    root_hash: str
    note: str
    sheet: WallSheet

    def letter(self) -> str:
        """The words of the letter; the signed head itself stands at its end."""
        return "\n\n".join([self.sheet.site_name, self.sheet.anchoring, self.sheet.key_level, self.note])


def publication_of(site: Site, *, language: str) -> Publication | None:
    """What there is to publish of a clinic; None when its ledger has no signed head yet."""
    ledger = newest_log(site)
    head = LedgerCheckpoint.objects.filter(ledger=ledger).order_by("-size").first()
    if ledger is None or head is None:
        return None
    note = parse_note(head.note)
    with translation.override(language):
        sheet = WallSheet(
            language=language,
            site_name=site.name,
            time_zone=site.time_zone,
            made_at=head.made_at,
            origin=ledger.origin,
            size=head.size,
            root_hash=head.root_hash,
            note=signed_note(note.text, [note.signatures[0].to_line()]),
            anchoring=anchoring_of(ledger).sentence,
            key_level=key_level_sentence(),
            labels={key: _(words) for key, words in WALL_LABELS.items()},
        )
    return Publication(size=head.size, root_hash=head.root_hash, note=head.note, sheet=sheet)
