"""What a slip, a proof file or a promise proves: for anybody who hands one in, of this clinic or of another.

Nothing is shown of what an entry is about, only whether it stands. The answer names what is proven and what is not;
there is no plain "ok", because without an outside holder a ledger proves less than it seems to.
"""

import datetime
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

from consent.ledger.checkpoints import Checkpoint
from consent.ledger.merkle import consistency_path, inclusion_path, verify_consistency, verify_inclusion
from consent.ledger.notes import Note, signed_note
from consent.ledger.promises import FAMILY as PROMISE_FAMILY
from consent.ledger.promises import Promise, verify_promise
from consent.ledger.refusals import (
    ForeignOriginError,
    ProofError,
    RefusalError,
    SlipError,
    TileError,
    UnreadableError,
)
from consent.ledger.slip_text import PromiseSlipText, SlipText, parse_slip, tidy, verify_promise_slip, verify_slip
from consent.ledger.tlog_proof import FAMILY as FILE_FAMILY
from consent.ledger.tlog_proof import parse_proof_file, verify_receipt
from consent.models import KnownCheckpoint, Ledger, LedgerCheckpoint, LedgerEntry
from consent.queries.anchoring import anchoring_of
from consent.queries.known_logs import known_logs, own_ledger
from consent.queries.receipts import proof_of
from consent.queries.tree_nodes import nodes_of


class Verdict(StrEnum):
    """How a check ended."""

    PROVEN = "proven"  # everything the lines say was proven
    CONTRADICTED = "contradicted"  # two statements that cannot both be true
    NOT_PROVEN = "not-proven"  # it can be read, but the proof does not hold
    UNREADABLE = "unreadable"
    UNKNOWN_LOG = "unknown-log"  # nobody here knows the keys of that log


@dataclass(slots=True)
class Judgement:
    """What was found: sentences for people, the signed notes that contradict, the statement worth keeping."""

    verdict: Verdict
    sentences: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    anchoring: str = ""
    exchanged: str = ""  # the proof slip for a promise that was kept
    statement: KnownCheckpoint | None = None  # not stored yet


def judge(data: bytes, *, at: datetime.datetime) -> Judgement:
    """Judge whatever was handed in.

    **Takes** the bytes of a file, or of what was typed or scanned.
    **Gives** a judgement; it never raises for anything that is handed in.
    """
    try:
        return _judge(data, at=at)
    except UnreadableError as refusal:
        return Judgement(Verdict.UNREADABLE, [refusal.reason])
    except ForeignOriginError as refusal:
        unknown = _("This page knows no key of that list, so it can neither confirm nor deny anything about it.")
        return Judgement(Verdict.UNKNOWN_LOG, [unknown, refusal.reason])
    except RefusalError as refusal:
        return Judgement(Verdict.NOT_PROVEN, [refusal.reason])


def _judge(data: bytes, *, at: datetime.datetime) -> Judgement:
    text = _text(data)
    if text.startswith(FILE_FAMILY):
        return _judge_file(text)
    if text.startswith(PROMISE_FAMILY):
        return _judge_promise(verify_promise(text, known_logs()), at=at)
    slip = parse_slip(tidy(text))
    if isinstance(slip, PromiseSlipText):
        return _judge_promise(verify_promise_slip(slip, known_logs()), at=at)
    return _judge_slip(slip)


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise SlipError("This is neither the text of a slip nor one of its files.") from error


def _judge_slip(slip: SlipText) -> Judgement:
    checkpoint = verify_slip(slip, known_logs())
    said = _("The list “%(origin)s” signed that it had %(size)s entries when this slip was made.")
    sentences = [said % {"origin": slip.origin, "size": slip.size}]
    judgement = Judgement(Verdict.PROVEN, sentences, statement=_statement(checkpoint, slip.note()))
    ledger = own_ledger(slip.origin)
    if ledger is None:
        alone = _(
            "The slip alone does not prove that the entry stands in that list: its proof file, or its clinic, does."
        )
        sentences.append(alone)
        return _among_others(judgement, checkpoint)
    return _against_today(judgement, ledger, checkpoint, slip.note().to_text(), place=(slip.index, slip.leaf))


def _judge_file(text: str) -> Judgement:
    file, policy = parse_proof_file(text), known_logs()
    if file.extra is None:
        raise SlipError("This file holds no entry; hand in the slip that belongs to it.")
    verified = verify_receipt(text, policy).checkpoint
    checkpoint = verified.checkpoint
    said = _("Entry number %(index)s stands in the list “%(origin)s”, which signed that it had %(size)s entries.")
    values = {"index": file.index, "origin": checkpoint.origin, "size": checkpoint.size}
    judgement = Judgement(Verdict.PROVEN, [said % values], statement=_statement(checkpoint, verified.note))
    ledger = own_ledger(checkpoint.origin)
    if ledger is None:
        return _among_others(judgement, checkpoint)
    return _against_today(judgement, ledger, checkpoint, file.note, place=None)


def _statement(checkpoint: Checkpoint, note: Note) -> KnownCheckpoint:
    """What the signers stated, with the signatures of known keys only, so that one statement is kept once."""
    keys = known_logs().keys()
    lines = [line.to_line() for line in note.signatures if any(line.is_named_for(key) for key in keys)]
    return KnownCheckpoint(
        origin=checkpoint.origin,
        size=checkpoint.size,
        root_hash=checkpoint.root.hex(),
        note=signed_note(note.text, lines),
        source="slip",
    )


def _among_others(judgement: Judgement, checkpoint: Checkpoint) -> Judgement:
    """A statement of another clinic's log, beside what others have shown us of the same log."""
    judgement.anchoring = _("This page does not know whether anybody outside that clinic has confirmed its list.")
    known = KnownCheckpoint.objects.filter(origin=checkpoint.origin, size=checkpoint.size)
    other = known.exclude(root_hash=checkpoint.root.hex()).first()
    if other is not None and judgement.statement is not None:
        split = _("The same list signed another code for the same number of entries. People are shown different lists.")
        _contradict(judgement, split, judgement.statement.note, other.note)
    return judgement


def _against_today(
    judgement: Judgement, ledger: Ledger, checkpoint: Checkpoint, note: str, *, place: tuple[int, bytes] | None
) -> Judgement:
    """A statement of one of our own logs, beside what that log says now."""
    judgement.anchoring = anchoring_of(ledger).sentence
    head = LedgerCheckpoint.objects.filter(ledger=ledger).order_by("-size").first()
    if head is None or head.size < checkpoint.size:
        shorter = _("The list had %(then)s entries and has only %(now)s now. Entries are missing.")
        size = head.size if head else 0
        _contradict(judgement, shorter % {"then": checkpoint.size, "now": size}, note, head.note if head else "")
        return judgement
    try:
        _prove(ledger, head, checkpoint, place)
    except (ProofError, TileError) as refusal:
        changed = _("This does not agree with what the list of this clinic says now. The list was changed.")
        _contradict(judgement, changed, note, head.note)
        judgement.sentences.append(refusal.reason)
        return judgement
    if place is not None:
        stands = _("Entry number %(index)s with this code stands in that list.")
        judgement.sentences.append(stands % {"index": place[0]})
    grown = _("The list now has %(size)s entries, and everything it held then is still in it, in the same order.")
    judgement.sentences.append(grown % {"size": head.size})
    return judgement


def _prove(ledger: Ledger, head: LedgerCheckpoint, then: Checkpoint, place: tuple[int, bytes] | None) -> None:
    """Raises ProofError unless the entry stood in the list then, and that list is the beginning of today's."""
    nodes, root = nodes_of(ledger.pk), bytes.fromhex(head.root_hash)
    if place is not None:
        index, leaf = place
        verify_inclusion(index, then.size, leaf, inclusion_path(index, then.size, nodes), then.root)
    path = [] if then.size == head.size else consistency_path(then.size, head.size, nodes)
    verify_consistency(then.size, head.size, then.root, root, path)


def _contradict(judgement: Judgement, sentence: str, *notes: str) -> None:
    judgement.verdict = Verdict.CONTRADICTED
    judgement.sentences.append(sentence)
    judgement.notes += [note for note in notes if note]


def _judge_promise(promise: Promise, *, at: datetime.datetime) -> Judgement:
    said = _("The list “%(origin)s” promised to hold an entry with this code in time.") % {"origin": promise.origin}
    judgement = Judgement(Verdict.PROVEN, [said])
    ledger = own_ledger(promise.origin)
    if ledger is None:
        judgement.anchoring = _("This page does not know whether anybody outside that clinic has confirmed its list.")
        judgement.sentences.append(_("Only its own clinic can tell whether the promise was kept."))
        return judgement
    judgement.anchoring = anchoring_of(ledger).sentence
    entry = LedgerEntry.objects.select_related("ledger", "leaf").filter(ledger=ledger, leaf_hash=promise.leaf.hex())
    proof = proof_of(found) if (found := entry.first()) is not None else None
    if proof is not None:
        judgement.sentences.append(_("The promise was kept. This is the proof; keep it in place of the promise."))
        judgement.exchanged = proof.slip().to_text()
    elif at > promise.deadline_at:
        judgement.verdict = Verdict.CONTRADICTED
        judgement.sentences.append(
            _("The time has passed and the entry has no place in the list. The promise was broken.")
        )
    else:
        judgement.sentences.append(_("The time has not passed yet. Hand it in again later."))
    return judgement
