"""The page docs/fhir.md, printed from the tables of this room.

>>> fhir_page().splitlines()[0]
'# FHIR'
"""

from consent.fhir.codes import E1762, OWN_SYSTEMS, SIGNATURE_CODES, SIGNATURES, WITNESS_CODE
from consent.fhir.states import STATE_TABLE, Says, StateRow
from consent.rules.markdown import page, table

ELEMENTS: tuple[tuple[str, str, str], ...] = (
    ("Patient", "R4, R5", "Name in her writing and in Latin letters, day of birth, languages. No way to reach her."),
    (
        "Practitioner",
        "R4, R5",
        "Whoever of the staff is named in the file, and nobody else. Role and place of a person stand where they "
        "matter, in AuditEvent, so there is no PractitionerRole.",
    ),
    ("Organization, Location", "R4, R5", "The clinic, as the body that keeps the record and as a place."),
    (
        "Appointment",
        "R4",
        "Status, times, who comes. No `description`, no `comment`, no reason; `supportingInformation` points to "
        "procedures and consents of the same file.",
    ),
    (
        "Procedure",
        "R4, R5",
        "Status, code, side, operator, when it began and ended, why it was stopped. Done without asking her, it has a "
        "`note` of one neutral sentence, a code for the reason, in R4 a Provenance with both clinicians, and no "
        "Consent. What the staff wrote about it is left out.",
    ),
    (
        "Consent",
        "R4",
        "`scope` treatment, therefore `patient`; `category` LOINC 59284-0 and the kind of care; `dateTime` the moment "
        "of the decision, absent before one; `policy` the sheet that was shown and the rules in force; "
        "`sourceReference` the frozen record; `verification` her saying it again on the day; `provision` with type, "
        "the one day, operator, code and procedure. The standard asks not to set `type` on the root provision; the "
        "guides of IHE set it there all the same, and so does this, because a yes and a no must not look alike.",
    ),
    (
        "Consent",
        "R5",
        "`category` also carries the treatment scope; `date` is the day only and the moment stands in Provenance; "
        "`grantor` the patient, `grantee` the operator, `manager` and `controller` the clinic; `policyText` the sheet, "
        "`policyBasis` the rules; `decision` at the root.",
    ),
    (
        "Provenance",
        "R4, R5",
        "One for each signature with its code and, where it was drawn, the PNG; for a no, a taking back (it names the "
        "old Consent as `revision`) and a mistake; for a consent that took the place of another. Staff who wrote down "
        "a spoken no, or brought in a paper, are `enterer`, the patient stays `author`; who found a paper right is "
        "`verifier`. `occurredDateTime` of a paper is when it was written, as stated; `recorded` is when it counted. "
        "Witnesses and interpreters have a name and no resource.",
    ),
    (
        "DocumentReference",
        "R4, R5",
        "The frozen record, known by the SHA-256 of its bytes in `identifier`, because `Attachment.hash` is SHA-1 by "
        "definition. R5 also has the information sheet that `policyText` points to.",
    ),
    (
        "AuditEvent, Device",
        "R4",
        "Every look of the staff at her record, in the shape of IHE's Basic Audit Log Patterns: who, role, place, "
        "when, which kind of page. Those patterns also ask for network addresses; none is kept, so no profile is "
        "claimed.",
    ),
)
LEFT_OUT: tuple[str, ...] = (
    "**Holds**, refused offers and refused starts: with one or without, the file has the same bytes.",
    "What was said in a talk, who was in the room, notes of the staff, her words when she said no or took it back.",
    "Ways to reach her, her card, drafts of talks.",
    "What guardians said: their word never takes the place of hers. `performer` is always the patient.",
    "Wishes for a removal and assessments of being able to decide: they stand in her record, not here.",
    "Who and what the patient leaves out: nothing in the file points to it.",
)


def fhir_page() -> str:
    """The page about the FHIR files."""
    return page(
        "FHIR",
        "A patient can take her record to any health system as two files: `fhir-r4.json`, a Bundle of everything, and "
        "`fhir-r5.json`, a Bundle of her consents. They are made by `consent/fhir`, which knows no database; the same "
        "facts give the same bytes.",
        "## What each state becomes",
        "Nothing is `active` before the patient's confirmation on the day, except a no.",
        table(
            ("Standing", "Stored state", "R4 `status` / `provision.type`", "R5 `status` / `decision`", "Why"),
            map(_state_line, STATE_TABLE),
        ),
        "The second Consent of a withdrawal is `active` and `deny` in both releases. Its `sourceReference` is the one "
        "that was taken back; it names no operator, so that it holds against everybody. A hold is in no file.",
        "## What stands where",
        table(("Resource", "File", "What is in it"), ELEMENTS),
        "## Signatures",
        f"`Signature.type` is from `{SIGNATURES}`.",
        table(("Signed", "Code", "Standard's name"), _signature_lines()),
        "## What is left out",
        "\n".join(f"- {line}" for line in LEFT_OUT),
        "## Form",
        "The Bundles are of type `collection`, not `document`: a FHIR document needs a Composition, a second readable "
        "record beside the frozen one, and two records can disagree. Every resource has the id of its row, or one made "
        "from it (UUID version 5); references are `urn:uuid:` addresses of the same file and all of them resolve, "
        "otherwise nothing is written. A reference of that kind cannot name a version, so Provenance names the "
        "Consent, whose `meta.lastUpdated` is its last act. Times are the clinic's, with their offset. Keys are "
        "sorted, without blanks, in UTF-8.",
        "## Code systems of our own",
        "Where no standard has a code. Each resolves to this page.",
        table(("System", "Means"), ((f"`{system}`", means) for system, means in OWN_SYSTEMS.items())),
        "## How it is checked",
        "Golden files of every state (`tests/vectors/fhir`) are read by two validators in `tests/unit/fhir`: the "
        "models of `fhir.resources` (R4B and R5) and the `fhir` package from npm, which knows R4 only. The models "
        "take any code; the test asks them for the codes they list and compares, in both releases.",
    )


def _state_line(row: StateRow) -> tuple[str, ...]:
    stored = ", ".join(f"`{state}`" for state in row.stored)
    says = _said(row)
    deny = "; then a second Consent: `active` / `deny`" if row.then_deny else ""
    day = "; period: that day" if row.has_day else ""
    r4, r5 = f"`{row.r4_status}` / {says}", f"`{row.r5_status}` / {says}"
    return row.standing, stored, r4 + day + deny, r5 + day + deny, row.why


def _said(row: StateRow) -> str:
    if row.says is Says.NOTHING:
        return "–"
    return row.says.value if row.says is Says.AS_STORED else f"`{row.says}`"


def _signature_lines() -> list[tuple[str, str, str]]:
    rows = [(meaning.value, *code) for meaning, code in SIGNATURE_CODES.items()]
    rows.append(("witness beside a mark", *WITNESS_CODE))
    return [(signed, f"`{E1762}{number}`", name) for signed, number, name in rows]
