"""The parts of a patient's bundle, made one after the other while it is being sent.

One patient at most and one record in memory at a time. What she leaves out leaves no gap: records are numbered as they
are put in, and nothing else in the archive speaks of what is not there. What cannot be printed or proven now is said in
the read-me; it never breaks the file.
"""

import datetime
import logging
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.utils import translation

from clinic.models import Patient
from consent.fhir import bundle_r4, consents_r5, only_these, to_bytes
from consent.fhir.bundle import FhirError
from consent.fhir_facts import PatientFacts
from consent.models import Consent, FrozenRecord, Ledger
from consent.queries.fhir_documents import frozen_documents
from consent.queries.fhir_facts import fhir_facts_of
from consent.queries.frozen import Shown, newest_frozen
from consent.queries.known_logs import policy_of
from consent.queries.own_bundle_pages import appointments_html, looks_html, read_me_html, voice_html
from consent.queries.own_bundle_proofs import OwnProofs
from consent.queries.papers import scans_brought
from consent.queries.record import printed_labels
from consent.queries.record_language import printed_language
from consent.record.bundle import (
    DATA,
    FHIR_R4,
    FHIR_R5,
    PAPER,
    PLAIN,
    POLICY,
    PROOF,
    READ_ME,
    VERIFIERS,
    Part,
    folder_of,
)
from consent.record.document import record_of
from consent.record.exceptions import DocumentError, RecordError
from consent.record.plain_html import html_of
from consent.vocabulary import BundlePart

VERIFIER_FOLDER = Path(__file__).resolve().parents[1] / "verifier"
Printer = Callable[[Consent, Shown], bytes]
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleChoice:
    """What a patient puts into her archive."""

    consent_ids: frozenset[uuid.UUID]
    parts: frozenset[BundlePart]
    language: str  # a Django language code


def own_parts(patient: Patient, choice: BundleChoice, *, at: datetime.datetime, printed: Printer) -> Iterator[Part]:
    """Name and content of each part, in order.

    **Takes** what prints a record as a finished file; where it raises RecordError the archive comes without that paper.
    """
    yield from _Making(patient=patient, choice=choice, at=at, printed=printed).parts()


def log_of(patient: Patient) -> Ledger | None:
    """The log that signs the archive: the one her clinic writes now."""
    return Ledger.objects.filter(site=patient.site_id).order_by("-incarnation").first()


def newest_shown(consent: Consent, *, language: str) -> Shown | None:
    """The newest frozen record of a consent, in her language where it is frozen in that; None where none is left.

    **Raises** DocumentError where the stored document is not as it was written.
    """
    newest = newest_frozen(consent)
    if newest is None:
        return None
    shown, hers = _as_shown(newest), newest_frozen(consent, language=language)
    if hers is None or hers.pk == newest.pk:
        return shown
    translated = _as_shown(hers)
    return translated if translated.record.act.entry_id == shown.record.act.entry_id else shown


def _as_shown(frozen: FrozenRecord) -> Shown:
    document = bytes(frozen.document)
    return Shown(record=record_of(document), document=document, frozen=frozen)


@dataclass(slots=True, kw_only=True)
class _Making:
    """One archive in the making. `names` grows with it; no content is kept."""

    patient: Patient
    choice: BundleChoice
    at: datetime.datetime
    printed: Printer
    names: list[str] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)  # of each record, by its digest
    unprinted: list[str] = field(default_factory=list)
    unproven: list[str] = field(default_factory=list)

    def parts(self) -> Iterator[Part]:
        for name, data in self._everything():
            self.names.append(name)
            yield name, data
        yield READ_ME, self._read_me()

    @property
    def language(self) -> str:
        """Of the words around her records, as a BCP 47 tag."""
        return printed_language(self.choice.language)

    def _everything(self) -> Iterator[Part]:
        proofs = OwnProofs(self.patient, self.choice.consent_ids)
        yield from self._records(proofs)
        yield from self._fhir()
        yield from self._pages()
        yield from self._other_proofs(proofs)
        yield POLICY, self._policy()
        for name in VERIFIERS:
            yield name, (VERIFIER_FOLDER / name).read_bytes()

    def _records(self, proofs: OwnProofs) -> Iterator[Part]:
        chosen = Consent.objects.select_related("patient", "site", "procedure").filter(
            patient=self.patient, pk__in=self.choice.consent_ids
        )
        number = 0
        for consent in chosen.order_by("proposed_at", "pk"):
            shown = self._shown(consent)
            if shown is not None:
                number += 1
                yield from self._record(folder_of(number), consent, shown, proofs)

    def _shown(self, consent: Consent) -> Shown | None:
        try:
            return newest_shown(consent, language=self.language)
        except DocumentError:
            logger.error("A stored record is damaged and is in no bundle; run verify_ledger.")
            return None

    def _record(self, folder: str, consent: Consent, shown: Shown, proofs: OwnProofs) -> Iterator[Part]:
        self.addresses[shown.digest] = f"{folder}/{DATA}"
        paper = self._paper(folder, consent, shown)
        if paper is not None:
            yield f"{folder}/{PAPER}", paper
        yield f"{folder}/{PLAIN}", self._plain(shown)
        yield f"{folder}/{DATA}", shown.document
        for number, (ending, content) in enumerate(scans_brought(consent), start=1):
            yield f"{folder}/paper-{number}.{ending}", content
        proof = proofs.of_record(shown.frozen) if shown.frozen else None
        if proof is None:
            self.unproven.append(folder)
        else:
            yield f"{folder}/{PROOF}", proof
        for number, receipt in enumerate(proofs.others_about(consent.pk), start=1):
            yield f"{folder}/receipt-{number}.tlog-proof", receipt

    def _paper(self, folder: str, consent: Consent, shown: Shown) -> bytes | None:
        try:
            return self.printed(consent, shown)
        except RecordError:
            self.unprinted.append(folder)
            return None

    def _plain(self, shown: Shown) -> bytes:
        record = shown.record
        with translation.override(record.language.lower()):
            labels = {**printed_labels(), **record.labels}
        return html_of(replace(record, labels=labels), digest=shown.digest)

    def _fhir(self) -> Iterator[Part]:
        if BundlePart.OTHER_SYSTEMS not in self.choice.parts:
            return
        try:
            facts = self._facts()
            yield FHIR_R4, to_bytes(bundle_r4(facts))
            yield FHIR_R5, to_bytes(consents_r5(facts))
        except FhirError:
            logger.error("The files for other systems could not be made; the archive comes without them.")

    def _facts(self) -> PatientFacts:
        documents = frozen_documents(self.patient, addresses=self.addresses)
        everything = fhir_facts_of(self.patient, at=self.at, language=self.choice.language, documents=documents)
        is_whole = {one.id for one in everything.consents} <= self.choice.consent_ids
        return only_these(
            everything,
            consent_ids=self.choice.consent_ids,
            has_other_procedures=is_whole,
            has_appointments=BundlePart.APPOINTMENTS in self.choice.parts,
            has_looks=BundlePart.LOOKS in self.choice.parts,
        )

    def _pages(self) -> Iterator[Part]:
        chosen = self.choice.consent_ids
        made: dict[BundlePart, tuple[str, Callable[[], bytes]]] = {
            BundlePart.APPOINTMENTS: (
                "appointments.html",
                lambda: appointments_html(self.patient, language=self.language),
            ),
            BundlePart.LOOKS: ("looks.html", lambda: looks_html(self.patient, language=self.language)),
            BundlePart.VOICE: (
                "voice.html",
                lambda: voice_html(self.patient, chosen=chosen, language=self.language),
            ),
        }
        for part, (name, make) in made.items():
            if part in self.choice.parts:
                with translation.override(self.choice.language):
                    content = make()
                yield name, content

    def _other_proofs(self, proofs: OwnProofs) -> Iterator[Part]:
        parts = self.choice.parts
        is_whole = not Consent.objects.filter(patient=self.patient).exclude(pk__in=self.choice.consent_ids).exists()
        found = proofs.apart_from_records(
            has_voice=is_whole and BundlePart.VOICE in parts, has_others=BundlePart.OTHER_PROOFS in parts
        )
        for number, receipt in enumerate(found, start=1):
            yield f"receipts/receipt-{number}.tlog-proof", receipt

    def _policy(self) -> bytes:
        """Whose signatures count for every log in which an entry of hers stands, and for the one that signs."""
        rows = Ledger.objects.filter(site=self.patient.site_id).order_by("-incarnation")
        newest, *older = [policy_of(ledger) for ledger in rows]
        logs = tuple(dict.fromkeys(log for policy in (newest, *older) for log in policy.logs))
        return replace(newest, logs=logs).to_text().encode()

    def _read_me(self) -> bytes:
        with translation.override(self.choice.language):
            return read_me_html(
                language=self.language,
                names=[*self.names, READ_ME],
                unprinted=self.unprinted,
                unproven=self.unproven,
            )
