"""Ask: every witness of the policy file is shown the newest head of each log, and its signature is kept.

A witness that cannot be asked holds up nothing: the next run asks again, and every page says how long ago somebody
outside signed last. A witness that knows more of a log than the database does proves that the database was put back.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db import transaction

from clinic import clock
from clinic.models import Site
from consent.actions.outside import Answer, OutsideError, check_private, post
from consent.actions.seal_ledger import newest_ledger
from consent.ledger.checkpoints import read_checkpoint, with_lines
from consent.ledger.cosignatures import is_signature_right, signed_at_seconds
from consent.ledger.merkle import consistency_path
from consent.ledger.notes import CheckedSignature, verify_note
from consent.ledger.policy import Witness
from consent.ledger.refusals import NoteError, RefusalError
from consent.ledger.strict_text import number_from_text
from consent.ledger.witnessing import Submission
from consent.models import Ledger, LedgerCheckpoint, LedgerCosignature
from consent.queries.behind import behind_of, close
from consent.queries.known_logs import policy_file
from consent.queries.tree_nodes import nodes_of
from consent.queries.witness_lines import signed_name

HEARTBEAT = datetime.timedelta(hours=23)  # a little less than a day: the run that asks comes at the same time each day
PAUSE = datetime.timedelta(minutes=9)  # a little less than ten minutes, likewise
CLOCKS_DIFFER = datetime.timedelta(minutes=5)
SUBMIT = "add-checkpoint"
TRIES = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """How asking one witness about one log ended. `is_alarm`: it contradicts what the database says."""

    origin: str
    witness: str
    is_signed: bool
    is_alarm: bool
    sentence: str


def ask_witnesses(*, only_if_due: bool = False) -> list[Asked]:
    """Show every witness with an address the newest head of the log that each clinic writes to.

    **Takes** whether to leave out those that need not be asked now: nothing is new, and they signed today.
    **Raises** KeyStoreError when a log that is behind cannot be closed.
    **Writes** LedgerCosignature, each only once its signature was checked.
    """
    return [
        _ask(ledger, head, url, witnesses)
        for ledger, head in _newest_heads()
        for url, witnesses in _addresses()
        if not (only_if_due and _is_recent(ledger, head, witnesses))
    ]


def _newest_heads() -> Iterator[tuple[Ledger, LedgerCheckpoint]]:
    for site in Site.objects.order_by("name"):
        ledger = newest_ledger(site)
        head = LedgerCheckpoint.objects.filter(ledger=ledger).order_by("-size").first()
        if ledger is not None and head is not None:
            yield ledger, head


def _addresses() -> list[tuple[str, list[Witness]]]:
    """Who answers at each address: a witness with two keys signs with both at once."""
    with_address = sorted((one for one in policy_file().witnesses if one.url), key=lambda one: one.url or "")
    return [(url or "", list(found)) for url, found in groupby(with_address, key=lambda one: one.url)]


def _signed_by(ledger: Ledger, witnesses: list[Witness]) -> LedgerCosignature | None:
    """The last that these have signed of a log."""
    names = [signed_name(witness.key) for witness in witnesses]
    signed = LedgerCosignature.objects.filter(ledger=ledger, key_name__in=names)
    return signed.order_by("-size", "-received_at").first()


def _is_recent(ledger: Ledger, head: LedgerCheckpoint, witnesses: list[Witness]) -> bool:
    last = _signed_by(ledger, witnesses)
    if last is None:
        return False
    return clock.now() - last.received_at < (HEARTBEAT if last.size == head.size else PAUSE)


def _ask(ledger: Ledger, head: LedgerCheckpoint, url: str, witnesses: list[Witness]) -> Asked:
    last = _signed_by(ledger, witnesses)
    name = ", ".join(witness.name for witness in witnesses)
    try:
        check_private(url)
        old_size, answer = _answered(ledger, head, url, old_size=last.size if last else 0)
        if answer.status == 200:
            return _signed(ledger, head, answer, name, witnesses)
        is_alarm, sentence = _refused(ledger, head, answer, old_size=old_size)
        return Asked(ledger.origin, name, is_signed=False, is_alarm=is_alarm, sentence=sentence)
    except (OutsideError, RefusalError) as error:
        return Asked(ledger.origin, name, is_signed=False, is_alarm=False, sentence=f"not asked: {error}")


def _answered(ledger: Ledger, head: LedgerCheckpoint, url: str, *, old_size: int) -> tuple[int, Answer]:
    """The answer of a witness, and the size it was asked from; it may remember another than we do."""
    answer = _submit(ledger, head, url, old_size=old_size)
    for _try in range(TRIES):
        if answer.status != 409 or (held := _held_size(answer)) > head.size or held == old_size:
            break
        old_size = held
        answer = _submit(ledger, head, url, old_size=old_size)
    return old_size, answer


def _submit(ledger: Ledger, head: LedgerCheckpoint, url: str, *, old_size: int) -> Answer:
    path = consistency_path(old_size, head.size, nodes_of(ledger.pk)) if old_size else []
    submission = Submission(old_size=old_size, path=tuple(path), note=head.note)
    return post(f"{url.rstrip('/')}/{SUBMIT}", submission.to_bytes(), kind="text/plain; charset=utf-8")


def _held_size(answer: Answer) -> int:
    """The size that a witness signed last. **Raises** NoteError when it does not say."""
    text = answer.body.decode("ascii", "replace")
    if answer.kind != "text/x.tlog.size" or not text.endswith("\n"):
        raise NoteError("The witness does not say which size it signed last.")
    return number_from_text(text.removesuffix("\n"), NoteError, "The size that the witness signed last")


def _signed(ledger: Ledger, head: LedgerCheckpoint, answer: Answer, name: str, witnesses: list[Witness]) -> Asked:
    kept = _keep(ledger, head, answer.body, witnesses)
    sentence = f"signed {head.size} entries" if kept else "answered without a signature of its own"
    return Asked(ledger.origin, name, is_signed=kept, is_alarm=False, sentence=sentence)


def _refused(ledger: Ledger, head: LedgerCheckpoint, answer: Answer, *, old_size: int) -> tuple[bool, str]:
    """Whether a refusal is an alarm, and what it says."""
    if answer.status == 422:
        return True, f"holds another history of this log; what it signed does not lead to our {head.size} entries"
    if answer.status != 409:
        return False, f"not signed: the witness answered {answer.status}"
    held = _held_size(answer)
    if held > head.size:
        return _behind(ledger, held)
    if held == old_size == head.size:
        return True, f"holds another history of this log at {held} entries"
    return False, "not signed: somebody else is asking this witness just now"


def _behind(ledger: Ledger, held: int) -> tuple[bool, str]:
    """A witness knows more of a log than the head we showed.

    What it signed was committed here before, so it is read anew: another process may have sealed and asked meanwhile.
    """
    behind = behind_of(ledger, known_size=held, known_root="")
    if behind is None or held <= behind.held_size:
        return False, "not signed: a newer head was signed just now"
    close(ledger, behind)
    return True, (
        f"has signed {held} entries, the database holds {behind.held_size}: it was put back to an older state. Check on"
        " paper first, then run manage.py ledger_continue."
    )


def _keep(ledger: Ledger, head: LedgerCheckpoint, body: bytes, witnesses: list[Witness]) -> bool:
    """Keep the lines that are right. **Raises** RefusalError when a known key's line is wrong, or none is there."""
    lines = body.decode("utf-8", "replace").splitlines()
    note, _checkpoint = read_checkpoint(with_lines(head.note, lines))
    checked = verify_note(note, [witness.key for witness in witnesses], is_signature_right)
    rows = [row for signature in checked if (row := _row(ledger, head, signature)) is not None]
    with transaction.atomic(durable=True):
        for row in rows:
            if not _is_kept(row):
                row.save(force_insert=True)
    return bool(rows)


def _row(ledger: Ledger, head: LedgerCheckpoint, checked: CheckedSignature) -> LedgerCosignature | None:
    """The row of a line; None when the line states no time, or one that is still to come."""
    seconds = signed_at_seconds(checked.key, checked.signature.signature)
    now = clock.now()
    if seconds is None or seconds > (now + CLOCKS_DIFFER).timestamp():
        return None
    row = LedgerCosignature(
        ledger=ledger,
        size=head.size,
        root_hash=head.root_hash,
        key_name=signed_name(checked.key),
        line=checked.signature.to_line(),
        cosigned_at=datetime.datetime.fromtimestamp(seconds, tz=datetime.UTC),
        received_at=now,
    )
    row.id = row.computed_id()
    return row


def _is_kept(row: LedgerCosignature) -> bool:
    same = LedgerCosignature.objects.filter(ledger=row.ledger_id, size=row.size, key_name=row.key_name)
    return same.filter(cosigned_at=row.cosigned_at).exists()
