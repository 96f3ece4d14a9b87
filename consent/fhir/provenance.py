"""Who signed, who said it, who wrote it down: Provenance in both releases."""

import base64
import datetime
import uuid
from collections.abc import Sequence

from consent.fhir.codes import (
    DATA_OPERATION,
    E1762,
    PARTICIPATION,
    PROVENANCE_AGENT,
    SIGNATURE_CODES,
    SIGNATURES,
    WITNESS_CODE,
    own,
)
from consent.fhir.consents import Around, deny_id
from consent.fhir.releases import Release
from consent.fhir.values import Json, coding, concept, filled, instant, made_id, reference, words
from consent.fhir_facts import ConsentFacts, PaperFacts, ProcedureFacts, SignatureFacts
from consent.vocabulary import ConsentState, SignatureMeaning, SignatureMethod, Via

PNG = b"\x89PNG\r\n\x1a\n"
WRITTEN_DOWN = frozenset({Via.SPOKEN_TO_STAFF, Via.PAPER})  # by staff; the word is hers
ENDINGS = {ConsentState.REFUSED: "CREATE", ConsentState.WITHDRAWN: "CREATE", ConsentState.ENTERED_IN_ERROR: "UPDATE"}


def provenances_of(facts: ConsentFacts, around: Around, *, release: Release) -> list[Json]:
    """Where a consent came from: its signatures, how it ended, what it took the place of."""
    found = [_signed(signature, facts, around) for signature in facts.signatures]
    if facts.state in ENDINGS and facts.ended_at is not None:
        found.append(_ended(facts, around, at=facts.ended_at))
    if facts.supersedes_id is not None:
        found.append(_superseding(facts, around, old=facts.supersedes_id))
    if release is Release.R5:
        found = [one | {"patient": reference(around.patient_id)} for one in found]
    return found


def without_word(facts: ProcedureFacts, *, zone: str) -> Json | None:
    """Which two people decided about care without her word (R4); None where she was asked."""
    ground = facts.without_word
    if ground is None:
        return None
    return filled(
        {
            **_head(made_id(facts.id, "without-word"), [facts.id], ground.declared_at, ground.agreed_at, zone=zone),
            "location": reference(facts.site_id),
            "reason": [concept(coding(own("without-word"), ground.why.value))],
            "agent": [
                _agent("author", reference(ground.declared_by)),
                _agent("verifier", reference(ground.agreed_by)),
            ],
        }
    )


def _head(
    key: uuid.UUID,
    about: Sequence[uuid.UUID],
    happened_at: datetime.datetime,
    recorded_at: datetime.datetime,
    *,
    zone: str,
) -> Json:
    return {
        "resourceType": "Provenance",
        "id": str(key),
        "target": [reference(one) for one in about],
        "occurredDateTime": instant(happened_at, zone),
        "recorded": instant(recorded_at, zone),
    }


def _agent(part: str, who: Json) -> Json:
    return {"type": concept(coding(PROVENANCE_AGENT, part)), "who": who}


def _operation(code: str) -> Json:
    return concept(coding(DATA_OPERATION, code))


def _signed(signature: SignatureFacts, facts: ConsentFacts, around: Around) -> Json:
    at, paper = signature.signed_at, signature.paper
    who = _signer(signature, around)
    agents = [_agent("author", who), *_agents_of(paper)]
    if "reference" not in who and signature.signed_by is not None:
        agents.append(_agent("enterer", reference(signature.signed_by)))
    if words(signature.witness_name):
        witness = concept(coding(PARTICIPATION, "WIT"))
        agents.append({"type": witness, "who": {"display": words(signature.witness_name)}})
    is_yes = signature.meaning is SignatureMeaning.GIVES_CONSENT
    return filled(
        {
            **_head(signature.id, [facts.id], paper.written_at if paper else at, at, zone=around.zone),
            "location": reference(facts.site_id),
            "activity": _operation("CREATE" if is_yes else "UPDATE"),
            "agent": agents,
            "signature": _signatures(signature, who, zone=around.zone),
        }
    )


def _agents_of(paper: PaperFacts | None) -> list[Json]:
    """Who brought a paper in, and who looked at it and found it right."""
    if paper is None:
        return []
    verifiers = [_agent("verifier", reference(one)) for one in paper.found_right_by]
    return [_agent("enterer", reference(paper.brought_by)), *verifiers]


def _signer(signature: SignatureFacts, around: Around) -> Json:
    """The patient; the clinician; or an interpreter, who has a name and no account."""
    if signature.meaning is SignatureMeaning.STATES_AS_INTERPRETER:
        return {"display": words(signature.typed_name) or "-"}
    return reference(signature.signed_by or around.patient_id, signature.typed_name)


def _signatures(signature: SignatureFacts, who: Json, *, zone: str) -> list[Json]:
    """The signature, with its picture where one was drawn; beside a mark, that of the witness."""
    at = instant(signature.paper.written_at if signature.paper else signature.signed_at, zone)
    own_part = {"type": [_kind(SIGNATURE_CODES[signature.meaning])], "when": at, "who": who}
    picture = signature.image_png or b""
    if picture.startswith(PNG):
        own_part |= {"sigFormat": "image/png", "data": base64.b64encode(picture).decode("ascii")}
    witness = words(signature.witness_name)
    if signature.method is not SignatureMethod.MARK or not witness:
        return [own_part]
    return [own_part, {"type": [_kind(WITNESS_CODE)], "when": at, "who": {"display": witness}}]


def _kind(code: tuple[str, str]) -> Json:
    number, display = code
    return coding(SIGNATURES, E1762 + number) | {"display": display}


def _ended(facts: ConsentFacts, around: Around, *, at: datetime.datetime) -> Json:
    """A no, a taking back, a mistake. Staff who wrote down what she said are named as those who wrote."""
    is_withdrawn = facts.state is ConsentState.WITHDRAWN
    is_hers = facts.state is not ConsentState.ENTERED_IN_ERROR
    about = [deny_id(facts.id), facts.id] if is_withdrawn else [facts.id]
    agents = [_agent("author", reference(around.patient_id))] if is_hers else []
    if facts.ended_paper is not None:
        agents += _agents_of(facts.ended_paper)
    elif facts.ended_by is not None:
        part = "enterer" if is_hers and facts.ended_via in WRITTEN_DOWN else "author"
        agents.append(_agent(part, reference(facts.ended_by)))
    said_at = facts.ended_paper.written_at if facts.ended_paper else at
    return filled(
        {
            **_head(made_id(facts.id, "ended"), about, said_at, at, zone=around.zone),
            "location": reference(facts.site_id),
            "activity": _operation(ENDINGS[facts.state]),
            "agent": agents,
            "entity": [{"role": "revision", "what": reference(facts.id)}] if is_withdrawn else [],
        }
    )


def _superseding(facts: ConsentFacts, around: Around, *, old: uuid.UUID) -> Json:
    at = facts.proposed_at
    return filled(
        {
            **_head(made_id(facts.id, "supersedes"), [facts.id], at, at, zone=around.zone),
            "location": reference(facts.site_id),
            "activity": _operation("CREATE"),
            "agent": [_agent("author", reference(facts.proposed_by))],
            "entity": [{"role": "revision", "what": reference(old)}],
        }
    )
