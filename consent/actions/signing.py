"""What a signature needs, whatever it signs. A drawn one keeps its strokes and its picture; a mark needs a witness."""

import datetime
import unicodedata
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clinic.actions.saving import check_lengths
from clinic.exceptions import InvalidInputError
from clinic.models import Account
from clinic.printable import check_printable
from consent.images import image_hash, is_alike
from consent.models import Consent, Conversation, PaperScan, Signature
from consent.vocabulary import SignatureMeaning, SignatureMethod, Via


@dataclass(frozen=True, kw_only=True, slots=True)
class SignatureInput:
    """A signature as it came from the screen, already checked for shape."""

    method: SignatureMethod
    typed_name: str = ""
    strokes: dict[str, Any] | None = None
    image: bytes | None = None
    language: str = ""  # of an interpreter's statement
    organisation: str = ""  # of an interpreter
    witness_name: str = ""
    witness_relation: str = ""
    paper: PaperScan | None = None


WORDS = ("typed_name", "witness_name", "witness_relation")


def check_signature(signature: SignatureInput) -> None:
    """Raises InvalidInputError naming the field that the method needs and that is empty, or that no paper can show."""
    if signature.method == SignatureMethod.DRAWN and not (signature.strokes and signature.image):
        raise InvalidInputError(_("Draw your signature in the box, or choose another way to sign."), field="strokes")
    if signature.method == SignatureMethod.TYPED and not signature.typed_name.strip():
        raise InvalidInputError(_("Type your name."), field="typed_name")
    if signature.method == SignatureMethod.MARK and not signature.witness_name.strip():
        raise InvalidInputError(_("Write the name of the witness."), field="witness_name")
    if (signature.method == SignatureMethod.PAPER) != (signature.paper is not None):
        raise InvalidInputError(_("Choose how you want to sign."), field="method")
    for name in WORDS:
        check_printable(getattr(signature, name), field=name)


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def witness_is_independent(consent: Consent, signature: SignatureInput) -> bool | None:
    """Whether the witness is neither a consent-taker, nor the operator, nor an interpreter. None without a mark."""
    if signature.method != SignatureMethod.MARK:
        return None
    talks = Conversation.objects.select_related("held_by").filter(consent=consent)
    involved = {_plain(consent.proposed_by.display_name), _plain(consent.operator.account.display_name)}
    for talk in talks:
        involved |= {_plain(talk.held_by.display_name), _plain(talk.interpreter_name)}
    involved |= {_plain(consent.patient.name), _plain(consent.patient.latin_name)}
    return _plain(signature.witness_name) not in involved


def is_reused(consent: Consent, signature: SignatureInput) -> bool | None:
    """Whether a drawn signature looks like one of another patient of the site. None where nothing was drawn.

    **Source** CR-072: the same bytes, or at most four of 64 bits apart.
    """
    if signature.method != SignatureMethod.DRAWN or not signature.image:
        return None
    own = image_hash(signature.image)
    of_others = (
        Signature.objects.filter(consent__site_id=consent.site_id, method=SignatureMethod.DRAWN)
        .exclude(consent__patient_id=consent.patient_id)
        .values_list("image_hash", flat=True)
        .distinct()
    )
    return any(is_alike(own, other) for other in of_others)


def save_signature(
    consent: Consent,
    signature: SignatureInput,
    *,
    meaning: SignatureMeaning,
    by: Account,
    via: Via,
    at: datetime.datetime,
) -> Signature:
    """Save a checked signature under the consent's sheet. The caller holds the lock and records the entry."""
    row = Signature(
        consent=consent,
        meaning=meaning,
        method=signature.method,
        signed_by=by,
        signed_via=via,
        signed_at=at,
        sheet_digest=consent.sheet_version.digest,
        typed_name=signature.typed_name.strip(),
        strokes=signature.strokes,
        image=signature.image,
        image_hash=image_hash(signature.image) if signature.image else "",
        is_reused=is_reused(consent, signature),
        language=signature.language,
        organisation=signature.organisation,
        witness_name=signature.witness_name.strip(),
        witness_relation=signature.witness_relation.strip(),
        witness_is_independent=witness_is_independent(consent, signature),
        paper=signature.paper,
    )
    check_lengths(row)
    row.save(force_insert=True)
    return row
