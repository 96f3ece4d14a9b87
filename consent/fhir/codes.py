"""The code systems that are used: standard ones, and our own where no standard has a code. docs/fhir.md lists them."""

from consent.vocabulary import SignatureMeaning

TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"
SCOPE = TERMINOLOGY + "consentscope"
LOINC = "http://loinc.org"
CONSENT_DOCUMENT = "59284-0"
PARTICIPATION = TERMINOLOGY + "v3-ParticipationType"
DATA_OPERATION = TERMINOLOGY + "v3-DataOperation"
CONFIDENTIALITY = TERMINOLOGY + "v3-Confidentiality"
PROVENANCE_AGENT = TERMINOLOGY + "provenance-participant-type"
CONSENT_VERIFICATION = TERMINOLOGY + "consentverification"
AUDIT_TYPE = TERMINOLOGY + "audit-event-type"
AUDIT_ENTITY = TERMINOLOGY + "audit-entity-type"
OBJECT_ROLE = TERMINOLOGY + "object-role"
AUDIT_SOURCE = TERMINOLOGY + "security-source-type"
RESTFUL = "http://hl7.org/fhir/restful-interaction"
DICOM = "http://dicom.nema.org/resources/ontology/DCM"
LANGUAGES = "urn:ietf:bcp:47"
LATIN_WRITING = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation"
SIGNATURES = "urn:iso-astm:E1762-95:2013"
E1762 = "1.2.840.10065.1.12.1."

SIGNATURE_CODES: dict[SignatureMeaning, tuple[str, str]] = {
    SignatureMeaning.GIVES_CONSENT: ("7", "consent signature"),
    SignatureMeaning.CONFIRMS_TODAY: ("7", "consent signature"),
    SignatureMeaning.CERTIFIES_AS_OPERATOR: ("5", "verification signature"),
    SignatureMeaning.STATES_AS_INTERPRETER: ("12", "interpreter signature"),
    SignatureMeaning.STATES_AS_OBTAINER: ("1", "author's signature"),
}
WITNESS_CODE = ("8", "signature witness signature")  # beside a mark

OURS = "urn:freely-given:"
OWN_SYSTEMS: dict[str, str] = {
    OURS + "patient": "identifier of a patient: the id of her row",
    OURS + "appointment": "identifier of an appointment: the id of its row",
    OURS + "procedure": "identifier of a procedure: the id of its row",
    OURS + "consent": "identifier of a consent: the id of its row",
    OURS + "receipt": "identifier: the id of the ledger entry that holds the yes, the no or the taking back",
    OURS + "registration": "identifier of a clinician: the number of her registration, as the clinic wrote it down",
    OURS + "sha-256": "identifier of a document: the SHA-256 of its bytes, 64 hex characters",
    OURS
    + "procedure-types": "codes of procedures that come with the information sheets; a clinic may use another system",
    OURS
    + "procedure-category": "the kind of care by which rules are chosen: STER, LARC_IN, LARC_OUT, ABRT, MINOR, MAJOR, "
    "ANAES, VACC, TEST, IMG",
    OURS
    + "role": "what a member of staff is to the clinic: practitioner, receptionist, advocate, auditor, administrator",
    OURS + "stop-reason": "why a procedure that had begun was stopped",
    OURS + "laterality": "which side of the body: left, right, both",
    OURS + "without-word": "why a procedure was done without asking: unconscious, too-ill-to-understand, "
    "no-shared-language-in-time, save-life, prevent-serious-harm",
    OURS + "document-kind": "`information-sheet`: the words that a patient was shown",
    OURS
    + "sheet:": "start of the address in `policy.uri`: key, version, language and SHA-256 of the information sheet",
    OURS + "rules:": "start of the address in `policy.uri`: SHA-256 of the rule table that was in force",
}


def own(name: str) -> str:
    """The address of one of our own systems.

    >>> own("consent")
    'urn:freely-given:consent'
    """
    system = OURS + name
    if system not in OWN_SYSTEMS:
        raise KeyError(system)
    return system
