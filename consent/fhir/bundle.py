"""The two files: everything in R4, and her consents in R5."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from consent.fhir import care, consents, documents, looks, people, provenance
from consent.fhir.choosing import only_these, resolvable
from consent.fhir.consents import Around
from consent.fhir.documents import Kept, current_documents, kept_documents
from consent.fhir.releases import Release
from consent.fhir.values import Json, address, instant, made_id
from consent.fhir_facts import ConsentFacts, PatientFacts, SiteFacts
from consent.ledger.canonical import canonical_as_stored

Row = TypeVar("Row")


class FhirError(ValueError):
    """The facts speak of somebody or something that is not among them."""


def bundle_r4(facts: PatientFacts) -> Json:
    """Everything about one patient as an R4 Bundle of type collection.

    **Raises** FhirError where the facts name somebody who is not among them.
    """
    return _Writer(resolvable(facts), Release.R4).bundle()


def consents_r5(facts: PatientFacts) -> Json:
    """Her consents as an R5 Bundle of type collection, with what they point to.

    **Raises** FhirError where the facts name somebody who is not among them.
    """
    hers = only_these(facts, consent_ids={one.id for one in facts.consents}, has_looks=False)
    return _Writer(hers, Release.R5).bundle()


def to_bytes(resource: Json) -> bytes:
    """The bytes of a resource, always the same for the same facts."""
    return canonical_as_stored(resource)


class _Writer:
    """One file in the making: what it is about comes first, then whoever and whatever that names."""

    def __init__(self, facts: PatientFacts, release: Release) -> None:
        self.facts = facts
        self.release = release
        self.sites = {site.id: site for site in facts.sites}
        self.staff = {one.id: one for one in facts.staff}
        self.procedures = {one.id: one for one in sorted(facts.procedures, key=lambda one: one.id)}
        self.consents = {one.id: one for one in sorted(facts.consents, key=lambda one: (one.proposed_at, one.id))}
        self.kept = kept_documents(facts.documents)
        self.holding = current_documents(self.kept)
        self.planned = _grouped(self.procedures.values(), lambda one: one.appointment_id)
        self.asked = _grouped(self.consents.values(), lambda one: one.procedure_id)
        self.written = {one.id: self._consent(one) for one in self.consents.values()}

    def bundle(self) -> Json:
        about = list(self._about_her_care())
        found = [people.patient(self.facts.patient), *about]
        named = _named(found, self._people_and_places())
        subject = self.facts.patient
        entries = [found[0], *named, *found[1:]]
        _check_closed(entries)
        return {
            "resourceType": "Bundle",
            "id": str(made_id(subject.id, f"bundle-{self.release}")),
            "type": "collection",
            "timestamp": instant(self.facts.made_at, self._zone(subject.site_id)),
            "entry": [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in entries],
        }

    def _about_her_care(self) -> Iterator[Json]:
        if self.release is Release.R4:
            yield from self._appointments()
        yield from self._procedures()
        for one in self.consents.values():
            yield from self.written[one.id]
        yield from self._documents()
        for one in self.consents.values():
            yield from provenance.provenances_of(one, self._around(one), release=self.release)
        if self.release is Release.R4:
            yield from self._without_word()
            yield from self._looks()

    def _appointments(self) -> Iterator[Json]:
        for one in sorted(self.facts.appointments, key=lambda each: (each.starts_at, each.id)):
            yield care.appointment(
                one,
                patient_id=self.facts.patient.id,
                zone=self._zone(one.site_id),
                about=self._about_appointment(one.id),
            )

    def _about_appointment(self, appointment_id: uuid.UUID) -> Iterator[uuid.UUID]:
        """The procedures of an appointment and the consents that were asked for them."""
        for one in self.planned[appointment_id]:
            yield one.id
            for asked in self.asked[one.id]:
                yield from (uuid.UUID(each["id"]) for each in self.written[asked.id])

    def _procedures(self) -> Iterator[Json]:
        for one in self.procedures.values():
            yield care.procedure(
                one, patient_id=self.facts.patient.id, zone=self._zone(one.site_id), release=self.release
            )

    def _consent(self, one: ConsentFacts) -> list[Json]:
        write = consents.consents_as_r4 if self.release is Release.R4 else consents.consents_as_r5
        return write(one, self._around(one))

    def _around(self, one: ConsentFacts) -> Around:
        if one.procedure_id not in self.procedures:
            raise FhirError(f"The procedure {one.procedure_id} is not among the facts.")
        return Around(
            patient_id=self.facts.patient.id,
            zone=self._zone(one.site_id),
            made_at=self.facts.made_at,
            procedure=self.procedures[one.procedure_id],
            documents=self.holding.get(one.id, ()),
        )

    def _documents(self) -> Iterator[Json]:
        if self.release is Release.R5:
            shown = {one.sheet.id: one for one in self.consents.values()}
            for _key, one in sorted(shown.items()):
                yield documents.sheet(one.sheet, zone=self._zone(one.site_id))
        for kept in self.kept:
            yield self._document(kept)

    def _document(self, kept: Kept) -> Json:
        consent = self.consents[kept.facts.consent_id]
        return documents.document(
            kept,
            consent=consent,
            patient_id=self.facts.patient.id,
            zone=self._zone(consent.site_id),
            release=self.release,
        )

    def _without_word(self) -> Iterator[Json]:
        for one in self.procedures.values():
            found = provenance.without_word(one, zone=self._zone(one.site_id))
            if found is not None:
                yield found

    def _looks(self) -> Iterator[Json]:
        for one in sorted(self.facts.looks, key=lambda each: (each.looked_at, each.id)):
            if one.looked_by not in self.staff:
                raise FhirError(f"Whoever looked, {one.looked_by}, is not among the facts.")
            by = self.staff[one.looked_by]
            yield looks.look(
                one,
                by=by,
                at_site=self._site(by.site_id),
                patient=self.facts.patient,
                patient_site=self._site(self.facts.patient.site_id),
            )

    def _people_and_places(self) -> Iterator[Json]:
        for site in sorted(self.facts.sites, key=lambda one: one.id):
            yield people.organization(site)
            yield people.location(site)
            yield people.software(site)
        for person in sorted(self.facts.staff, key=lambda one: one.id):
            yield people.practitioner(person)

    def _site(self, site_id: uuid.UUID) -> SiteFacts:
        if site_id not in self.sites:
            raise FhirError(f"The clinic {site_id} is not among the facts.")
        return self.sites[site_id]

    def _zone(self, site_id: uuid.UUID) -> str:
        return self._site(site_id).time_zone


def _grouped(rows: Iterable[Row], key: Callable[[Row], uuid.UUID | None]) -> defaultdict[uuid.UUID | None, list[Row]]:
    """Rows by what they belong to, in their order."""
    found: defaultdict[uuid.UUID | None, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def references_in(value: Any) -> Iterator[str]:
    """Every reference inside a resource."""
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for part in value.values():
            yield from references_in(part)
    elif isinstance(value, list):
        for part in value:
            yield from references_in(part)


def _named(found: Iterable[Json], pool: Iterable[Json]) -> list[Json]:
    """Of the people and places those that are named, straight or by one who is; in the order of the pool."""
    by_address = {f"urn:uuid:{one['id']}": one for one in pool}
    wanted = [one for resource in found for one in references_in(resource)]
    needed: set[str] = set()
    while wanted:
        one = wanted.pop()
        if one in by_address and one not in needed:
            needed.add(one)
            wanted += references_in(by_address[one])
    return [resource for one, resource in by_address.items() if one in needed]


def _check_closed(resources: Iterable[Json]) -> None:
    """Raises FhirError where a reference leads out of the file, or two resources have one id."""
    everything = list(resources)
    known = {address(uuid.UUID(one["id"])) for one in everything}
    if len(known) != len(everything):
        raise FhirError("Two resources have the same id.")
    for one in everything:
        for leads_to in references_in(one):
            if leads_to not in known:
                raise FhirError(f"{one['resourceType']} {one['id']} names {leads_to}, which is not among the facts.")
