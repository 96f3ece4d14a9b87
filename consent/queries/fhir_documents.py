"""A patient's frozen records as her FHIR files name them: by digest and size. Their bytes stay where they are."""

from collections.abc import Mapping

from django.db.models.functions import Length

from clinic.models import Patient
from consent.fhir_facts import DocumentFacts
from consent.models import FrozenRecord

JSON_FILE = "application/json"


def frozen_documents(patient: Patient, *, addresses: Mapping[str, str] | None = None) -> tuple[DocumentFacts, ...]:
    """Every frozen record of a patient, oldest first; of an erased one nothing is left to name.

    **Takes** where the files lie beside the FHIR files, by digest; a record without an address is named by its digest.
    """
    rows = FrozenRecord.objects.filter(consent__patient=patient).annotate(size=Length("document")).defer("document")
    return tuple(
        DocumentFacts(
            id=row.pk,
            consent_id=row.consent_id,
            content_type=JSON_FILE,
            language=row.language,
            digest=row.document_digest,
            made_at=row.made_at,
            size=row.size,
            url=(addresses or {}).get(row.document_digest, ""),
        )
        for row in rows.filter(size__gt=0).order_by("made_at", "pk")
    )
